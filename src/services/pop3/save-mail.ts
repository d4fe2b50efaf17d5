import type { Efs } from "../../efs/efs.ts";
import { childPath, type EfsPath, type VolumeName } from "../../efs/path.ts";
import type { Dialect } from "../../module/dialect.ts";
import type { Rtc } from "../../module/rtc.ts";
import { type MailFile, MailFolder } from "./mail-folder.ts";
import { ParsedMail } from "./parsed-mail.ts";

/** How a mail is saved: as text and attachments, as the message as it came (`.eml`), or as both. */
export type MailForm = "parsed" | "raw" | "both";

export interface SaveMailParts {
  readonly efs: Efs;
  readonly rtc: Rtc;
  readonly dialect: Dialect;
}

/**
 * Saves a mail while it arrives, in a directory of its own, and returns the path of its text file, or of the message where
 * that is all. The directory appears when the mail is whole; after a failure nothing of it is left.
 */
export async function saveMail(
  { efs, rtc, dialect }: SaveMailParts,
  volume: VolumeName,
  form: MailForm,
  source: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<EfsPath> {
  let folder: MailFolder | undefined;
  let forms: readonly (RawMail | ParsedMail)[] = [];
  const begin = async () => {
    folder = await MailFolder.begin(efs, volume, rtc.now(), signal);
    // The raw message comes first, so that no attachment takes its name; the parsed one last, because its path is returned.
    const raw = form === "parsed" ? [] : [new RawMail(folder, signal)];
    forms = form === "raw" ? raw : [...raw, new ParsedMail(folder, dialect, signal)];
  };
  try {
    for await (const chunk of source) {
      if (folder === undefined) await begin();
      for (const each of forms) await each.write(chunk);
    }
    if (folder === undefined) await begin();
    return await finish(folder, forms, signal);
  } finally {
    await folder?.discard();
  }
}

async function finish(
  folder: MailFolder | undefined,
  forms: readonly (RawMail | ParsedMail)[],
  signal: AbortSignal,
): Promise<EfsPath> {
  let name = "";
  for (const each of forms) name = await each.finish();
  const path = folder && childPath(await folder.commit(signal), name);
  if (path === undefined) throw new Error("a mail is saved in one form at least");
  return path;
}

/** Writes a mail byte for byte. */
class RawMail {
  readonly #folder: MailFolder;
  readonly #signal: AbortSignal;
  #file: MailFile | undefined;

  constructor(folder: MailFolder, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
  }

  async write(chunk: Buffer): Promise<void> {
    const { writer } = await this.#begun();
    await writer.write(chunk, this.#signal);
  }

  async finish(): Promise<string> {
    return this.#folder.keep(await this.#begun());
  }

  async #begun(): Promise<MailFile> {
    this.#file ??= await this.#folder.begin(`${this.#folder.stamp}.eml`);
    return this.#file;
  }
}
