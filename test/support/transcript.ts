import { readEscapes } from "./show-bytes.ts";

/*
 * Golden transcripts: plain text, one event a line, in order. A raw text ends with its line and may hold the C escapes
 * \r \n \t \0 \" \\ \xHH; everything else about it is literal.
 *
 *   # note                 for the reader; `# spec:` and `# origin: manual | field | constructed` open every file
 *   @ option value         before the first event: `dialect manual|field`, `identity name|{json}`, `sim state`,
 *                          `operator {json}`, `packet-gap ms`
 *   > AT+CSQ               a line from the host, CR implied; while echo is on (ATE0, ATE1 alone on a line switch it) the
 *                          module's echo of it is implied, too
 *   >| 48 03 1A            bytes from the host           <| 0D 0A      bytes from the module
 *   >" text\r\n            raw text from the host        <" text\r\n   raw text from the module
 *                                                        <* 1460 text  the text so many times
 *   < +CSQ: 22,0           a response from the module, framed as ATV1 has it
 *   <+ line                a further line of the response above it
 *   ~ 200                  so many milliseconds pass; what comes next comes at their end
 *   ! answer               the next connection is accepted; `! refuse` `! unresolved` `! unanswered`: it is not
 *   ! refuse smtp          the same for the next connection of that service
 *   !" text                ...what the server then sends in one TCP read; `!* 1460 text` so many times
 *   !+ text                ...more of the same read
 *   !? text                ...but before it sends more, it waits until it has received this
 *   ! silence              ...and then nothing any more, with the connection open; without it the server closes
 *   ! call 10011           a voice call comes in; `! call taken` `! call ended`: what the far end of the call does
 *   =" text                the server has received this, after all that earlier `="` lines have seen
 *   ? ...                  a line of the literal session that is not played; the skip list has its reason
 */

export type TranscriptEvent =
  | { readonly kind: "send"; readonly bytes: string; readonly echoed: boolean }
  | { readonly kind: "receive"; readonly bytes: string }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "server"; readonly act: string }
  | { readonly kind: "serverSends"; readonly bytes: string; readonly continues: boolean }
  | { readonly kind: "serverHears"; readonly bytes: string }
  | { readonly kind: "serverReceived"; readonly bytes: string };

export interface Transcript {
  readonly options: Readonly<Record<string, string>>;
  readonly events: readonly TranscriptEvent[];
  readonly skipped: readonly string[];
}

/** Reads one file. Throws, with the line's number, at what is not in the format. */
export function parseTranscript(text: string): Transcript {
  const options: Record<string, string> = {};
  const skipped: string[] = [];
  const events: TranscriptEvent[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, mark = "", rest = ""] = /^([@?~]|>[|"]?|<[|"*+]?|!["*+?]?|=") ?(.*)$/.exec(line) ?? [];
    if (mark === "@") options[rest.split(" ", 1)[0] ?? ""] = rest.slice(rest.indexOf(" ") + 1);
    else if (mark === "?") skipped.push(rest);
    else if (mark === "<+") extendResponse(events, rest);
    else {
      const event = readEvent(mark, rest);
      if (event === undefined) throw new Error(`line ${index + 1} is no event: ${line}`);
      events.push(event);
    }
  }
  return { options, events, skipped };
}

function readEvent(mark: string, rest: string): TranscriptEvent | undefined {
  switch (mark) {
    case ">":
      return { kind: "send", bytes: `${rest}\r`, echoed: true };
    case ">|":
      return { kind: "send", bytes: readHex(rest), echoed: false };
    case '>"':
      return { kind: "send", bytes: readEscapes(rest), echoed: false };
    case "<":
      return { kind: "receive", bytes: `\r\n${rest}\r\n` };
    case "<|":
      return { kind: "receive", bytes: readHex(rest) };
    case '<"':
      return { kind: "receive", bytes: readEscapes(rest) };
    case "<*":
      return { kind: "receive", bytes: readRepeated(rest) };
    case "~":
      return { kind: "pass", ms: Number(rest) };
    case "!":
      return { kind: "server", act: rest };
    case '!"':
      return { kind: "serverSends", bytes: readEscapes(rest), continues: false };
    case "!*":
      return { kind: "serverSends", bytes: readRepeated(rest), continues: false };
    case "!+":
      return { kind: "serverSends", bytes: readEscapes(rest), continues: true };
    case "!?":
      return { kind: "serverHears", bytes: readEscapes(rest) };
    case '="':
      return { kind: "serverReceived", bytes: readEscapes(rest) };
    default:
      return undefined;
  }
}

function extendResponse(events: TranscriptEvent[], line: string): void {
  const last = events.pop();
  if (last?.kind !== "receive") throw new Error(`<+ ${line} follows no response`);
  events.push({ kind: "receive", bytes: `${last.bytes}${line}\r\n` });
}

function readHex(text: string): string {
  return Buffer.from(text.replaceAll(" ", ""), "hex").toString("latin1");
}

/** `1460 text` */
function readRepeated(text: string): string {
  const at = text.indexOf(" ");
  return readEscapes(text.slice(at + 1)).repeat(Number(text.slice(0, at)));
}
