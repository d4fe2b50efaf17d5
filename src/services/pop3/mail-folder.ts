import type { DirectoryDraft } from "../../efs/directory-draft.ts";
import type { Efs } from "../../efs/efs.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { childPath, type EfsPath, type VolumeName } from "../../efs/path.ts";
import { type EfsWriter, nameKey } from "../../efs/store.ts";
import { formatStamp, type LocalTime } from "../../module/rtc.ts";
import { mailRoot } from "./mail-root.ts";

/** A file of a mail that is being written. */
export interface MailFile {
  readonly name: string;
  readonly writer: EfsWriter;
}

/** No attachment has this name: names of attachments do not begin with a blank. */
const DRAFT = " DRAFT.TMP";

/** The directory of one mail. It is built out of sight, and appears with all its files at once. */
export class MailFolder {
  readonly #efs: Efs;
  readonly #root: EfsPath;
  readonly #time: LocalTime;
  readonly #draft: DirectoryDraft;
  readonly #taken = new Set<string>();

  private constructor(efs: Efs, root: EfsPath, time: LocalTime, draft: DirectoryDraft) {
    this.#efs = efs;
    this.#root = root;
    this.#time = time;
    this.#draft = draft;
  }

  /** Begins `Email/YYMMDDHHMMSS` of the next free second, and makes `Email` if it is missing. @spec manual 4.6, decisions 4 */
  static async begin(efs: Efs, volume: VolumeName, now: LocalTime, signal: AbortSignal): Promise<MailFolder> {
    const root = mailRoot(volume);
    await efs.ensureDirectory(root);
    let time = now;
    while (await exists(efs, directoryAt(root, time))) {
      signal.throwIfAborted();
      time = nextSecond(time);
    }
    return new MailFolder(efs, root, time, await efs.draftDirectory(root));
  }

  /** The name of the directory, unless a host takes that name before {@link commit}. */
  get stamp(): string {
    return formatStamp(this.#time);
  }

  /** Begins a file. A second one of the same name gets a suffix: `a.txt`, `a_1.txt`. */
  begin(name: string): Promise<MailFile> {
    const dot = name.lastIndexOf(".");
    const end = dot > 0 ? dot : name.length;
    let free = name;
    for (let number = 1; this.#isTaken(free); number++) free = `${name.slice(0, end)}_${number}${name.slice(end)}`;
    this.#taken.add(this.#key(free));
    return this.#begin(free);
  }

  /** Begins a file that gets its name when it is complete: see {@link keepAs}. */
  beginDraft(): Promise<MailFile> {
    return this.#begin(DRAFT);
  }

  /** Completes a file; returns its name. */
  async keep({ name, writer }: MailFile): Promise<string> {
    await writer.commit();
    return name;
  }

  /** Appends a completed file to one that is being written, and removes it. */
  async moveInto(writer: EfsWriter, name: string, signal: AbortSignal): Promise<void> {
    const reader = await this.#draft.openReader(name);
    try {
      for (let bytes = await reader.read(signal); bytes !== undefined; bytes = await reader.read(signal)) {
        await writer.write(bytes, signal);
      }
    } finally {
      await reader.close();
    }
    await this.#draft.remove(name);
  }

  /** Completes the draft under the first of the names that no attachment has; returns it. */
  async keepAs(draft: MailFile, name: (number: number) => string): Promise<string> {
    await this.keep(draft);
    let number = 0;
    while (this.#isTaken(name(number))) number++;
    await this.#draft.rename(draft.name, name(number));
    return name(number);
  }

  /** Makes the directory appear; returns its path. If a host has taken its name meanwhile, it gets the next free second. */
  async commit(signal: AbortSignal): Promise<EfsPath> {
    await this.#efs.ensureDirectory(this.#root);
    for (let time = this.#time; ; time = nextSecond(time)) {
      signal.throwIfAborted();
      try {
        await this.#draft.commit(formatStamp(time));
        return directoryAt(this.#root, time);
      } catch (error) {
        if (!(error instanceof EfsError) || error.code !== "EXISTS") throw error;
      }
    }
  }

  /** Removes everything that was written, as far as that is still possible. Does nothing after {@link commit}. */
  async discard(): Promise<void> {
    await this.#draft.discard();
  }

  async #begin(name: string): Promise<MailFile> {
    if (childPath(directoryAt(this.#root, this.#time), name) === undefined) {
      throw new EfsError("BAD_NAME", "a name in a mail that the EFS cannot hold");
    }
    return { name, writer: await this.#draft.openWriter(name) };
  }

  #isTaken(name: string): boolean {
    return this.#taken.has(this.#key(name));
  }

  #key(name: string): string {
    return nameKey(this.#root.volume, name);
  }
}

function directoryAt(root: EfsPath, time: LocalTime): EfsPath {
  return { ...root, segments: [...root.segments, formatStamp(time)] };
}

function nextSecond(time: LocalTime): LocalTime {
  return { ...time, epoch: time.epoch + 1000 };
}

async function exists(efs: Efs, path: EfsPath): Promise<boolean> {
  try {
    await efs.stat(path);
    return true;
  } catch (error) {
    if (error instanceof EfsError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}
