import type { Efs } from "../../efs/efs.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { baseName, childPath, type EfsPath, type VolumeName } from "../../efs/path.ts";
import { type EfsWriter, nameKey } from "../../efs/store.ts";
import { formatStamp, type LocalTime } from "../../module/rtc.ts";
import { mailRoot } from "./mail-root.ts";

/** A file of a mail that is being written. */
export interface MailFile {
  readonly path: EfsPath;
  readonly writer: EfsWriter;
}

/** No attachment can be called so: names of attachments do not begin with a blank. */
const DRAFT = " DRAFT.TMP";

/** The directory of one mail, made for it, with all that has been written into it so far. */
export class MailFolder {
  readonly #efs: Efs;
  readonly #path: EfsPath;
  /** What its name says: the second in which it was made, or the next that was free. */
  readonly stamp: string;
  readonly #taken = new Set<string>();
  readonly #open = new Set<MailFile>();
  readonly #kept: EfsPath[] = [];

  private constructor(efs: Efs, path: EfsPath) {
    this.#efs = efs;
    this.#path = path;
    this.stamp = baseName(path);
  }

  /** Makes `Email/YYMMDDHHMMSS`, and `Email` where it is not there yet. @spec manual 4.6, decisions 4 */
  static async make(efs: Efs, volume: VolumeName, now: LocalTime, signal: AbortSignal): Promise<MailFolder> {
    const root = mailRoot(volume);
    await efs.ensureDirectory(root);
    for (let time = now; ; time = { ...time, epoch: time.epoch + 1000 }) {
      signal.throwIfAborted();
      const path: EfsPath = { volume, segments: [...root.segments, formatStamp(time)] };
      try {
        await efs.makeDirectory(path);
        return new MailFolder(efs, path);
      } catch (error) {
        if (!isTaken(error)) throw error;
      }
    }
  }

  /** Begins a file. Two of one name are told apart by a suffix: `a.txt`, `a_1.txt`. */
  begin(name: string): Promise<MailFile> {
    const dot = name.lastIndexOf(".");
    const end = dot > 0 ? dot : name.length;
    let free = name;
    for (let number = 1; this.#isTaken(free); number++) free = `${name.slice(0, end)}_${number}${name.slice(end)}`;
    this.#take(free);
    return this.#begin(free);
  }

  /** Begins a file whose name is given only when it is kept: see {@link keepAs}. */
  beginDraft(): Promise<MailFile> {
    return this.#begin(DRAFT);
  }

  /** Ends a file. */
  async keep(file: MailFile): Promise<EfsPath> {
    await file.writer.commit();
    this.#open.delete(file);
    this.#kept.push(file.path);
    return file.path;
  }

  /** Ends the draft under the first of the names that is free: no attachment's, and none that a host made meanwhile. */
  async keepAs(draft: MailFile, name: (number: number) => string): Promise<EfsPath> {
    await this.keep(draft);
    for (let number = 0; ; number++) {
      if (this.#isTaken(name(number))) continue;
      const path = this.#child(name(number));
      try {
        await this.#efs.rename(draft.path, path);
        this.#kept.push(path);
        return path;
      } catch (error) {
        if (!isTaken(error)) throw error;
      }
    }
  }

  /** Takes away all that was written, and the directory, as far as that can still be done. */
  async discard(): Promise<void> {
    for (const { writer } of this.#open) await writer.abandon().catch(isGone);
    for (const path of this.#kept) await this.#efs.remove(path).catch(isGone);
    await this.#efs.removeDirectory(this.#path).catch(isGone);
  }

  async #begin(name: string): Promise<MailFile> {
    const path = this.#child(name);
    const file = { path, writer: await this.#efs.openWriter(path) };
    this.#open.add(file);
    return file;
  }

  #child(name: string): EfsPath {
    const path = childPath(this.#path, name);
    if (path === undefined) throw new EfsError("BAD_NAME", "a name in a mail that the EFS cannot hold");
    return path;
  }

  #isTaken(name: string): boolean {
    return this.#taken.has(nameKey(this.#path.volume, name));
  }

  #take(name: string): void {
    this.#taken.add(nameKey(this.#path.volume, name));
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof EfsError && error.code === "EXISTS";
}

/** What a host removed or put there meanwhile, or took away with the card, is no failure of the tidying. */
function isGone(error: unknown): void {
  if (!(error instanceof EfsError)) throw error;
}
