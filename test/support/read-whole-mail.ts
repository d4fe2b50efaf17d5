import { type MailEvent, MailParser } from "../../src/mime/read/mail.ts";

export interface WholeMail {
  header: string;
  text: string;
  readonly files: { name: string; type: string; data: string }[];
}

/** Collects what our reader finds in a message given in chunks; bytes are one character each. Fails on events out of order. */
export function readWholeMail(chunks: readonly Buffer[], parser = new MailParser()): WholeMail {
  const mail: WholeMail = { header: "", text: "", files: [] };
  let open = false;
  const take = (event: MailEvent) => {
    const isInside = event.type === "data" || event.type === "file-end";
    if (isInside !== open) throw new Error(`${event.type} ${open ? "inside" : "outside"} a file`);
    switch (event.type) {
      case "header":
      case "text":
        mail[event.type] += event.bytes.toString("latin1");
        break;
      case "file":
        open = true;
        mail.files.push({ name: event.name, type: event.mediaType, data: "" });
        break;
      case "data":
        (mail.files.at(-1) ?? { data: "" }).data += event.bytes.toString("latin1");
        break;
      case "file-end":
        open = false;
        break;
      case "body":
        if (mail.text !== "") throw new Error("a second body");
        mail.text = mail.files.splice(event.file, 1)[0]?.data ?? "";
        break;
    }
  };
  for (const chunk of chunks) parser.push(chunk).forEach(take);
  parser.end().forEach(take);
  if (open) throw new Error("a file without an end");
  return mail;
}
