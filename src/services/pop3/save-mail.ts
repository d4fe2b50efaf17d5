import type { Efs } from "../../efs/efs.ts";
import type { EfsPath, VolumeName } from "../../efs/path.ts";
import type { Dialect } from "../../module/dialect.ts";
import type { Rtc } from "../../module/rtc.ts";
import { type MailFile, MailFolder } from "./mail-folder.ts";
import { ParsedMail } from "./parsed-mail.ts";

/** What a mail is kept as: text and attachments, the message as it came (`.eml`), or both. */
export type MailForm = "parsed" | "raw" | "both";

export interface SaveMailParts {
  readonly efs: Efs;
  readonly rtc: Rtc;
  readonly dialect: Dialect;
}

/**
 * Saves a mail while it comes, in a directory of its own, and gives the path of its text file, or of the message where
 * that is all. If it cannot be done, nothing of it is left. Nothing is made before the first byte has come.
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
    folder = await MailFolder.make(efs, volume, rtc.now(), signal);
    // The raw message comes first, so that no attachment takes its name; the parsed one last, for its path is given.
    const raw = form === "parsed" ? [] : [new RawMail(folder, signal)];
    forms = form === "raw" ? raw : [...raw, new ParsedMail(folder, dialect, signal)];
  };
  try {
    for await (const chunk of source) {
      if (folder === undefined) await begin();
      for (const each of forms) await each.write(chunk);
    }
    if (folder === undefined) await begin();
    return await finish(forms, signal);
  } catch (error) {
    await folder?.discard();
    throw error;
  }
}

async function finish(forms: readonly (RawMail | ParsedMail)[], signal: AbortSignal): Promise<EfsPath> {
  let path: EfsPath | undefined;
  for (const each of forms) path = await each.finish();
  signal.throwIfAborted();
  if (path === undefined) throw new Error("a mail is kept in one form at least");
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

  async finish(): Promise<EfsPath> {
    return this.#folder.keep(await this.#begun());
  }

  async #begun(): Promise<MailFile> {
    this.#file ??= await this.#folder.begin(`${this.#folder.stamp}.eml`);
    return this.#file;
  }
}
