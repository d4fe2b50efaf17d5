import { constants } from "node:fs";
import { access, type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SystemRandom } from "../crypto.ts";
import { WaitingBytes } from "./waiting-bytes.ts";

/** How long text waits for more before it is written, in milliseconds: what a killed process loses at most. */
const FLUSH_INTERVAL = 100;
/** How much may wait for a slow disk, in bytes. */
const WAITING = 16 * 1024 * 1024;
/** So much is written without waiting for more. */
const ENOUGH = 1024 * 1024;

/**
 * A file that is written as text comes, without anybody waiting for the disk: in whole pieces, each 100 ms or as soon as 1 MiB
 * waits. What is given while 16 MiB wait is refused.
 */
export class TextFile {
  readonly #handle: FileHandle;
  /** Where the file stands until it is complete, and where it goes then. */
  readonly #draft: { readonly path: string; readonly target: string } | undefined;
  readonly #waiting = new WaitingBytes();
  /** What waits and what is being written. */
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  /** Those who wait for room. */
  #waiters: (() => void)[] = [];

  private constructor(handle: FileHandle, draft?: { readonly path: string; readonly target: string }) {
    this.#handle = handle;
    this.#draft = draft;
  }

  /** Opens a file to be read while it grows. */
  static async growing(path: string): Promise<TextFile> {
    return new TextFile(await open(path, "w"));
  }

  /** Opens a file that appears at its path, in the place of an old one, when it is complete. */
  static async whole(path: string): Promise<TextFile> {
    const target = await realpath(path).catch(() => path);
    const found = await stat(target).catch(() => undefined);
    // A device or a pipe has no old content, and must not be replaced by a file.
    if (found !== undefined && !found.isFile()) return TextFile.growing(target);
    if (found !== undefined) await access(target, constants.W_OK);
    const draft = join(dirname(target), `.${basename(target).slice(0, 200)}.${new SystemRandom().hex(32)}`);
    return new TextFile(await open(draft, "wx"), { path: draft, target });
  }

  /** Gives whether the text will be written: not while too much waits, or after the disk has failed. */
  write(text: string): boolean {
    const length = Buffer.byteLength(text);
    if (!this.takes(length)) return false;
    this.commit(this.reserve(length).write(text));
    return true;
  }

  /** Whether so many bytes will be written. */
  takes(length: number): boolean {
    return this.#failure === undefined && this.#size + length <= WAITING;
  }

  /** Memory for so many bytes or more, which spares a copy of what is made in it; {@link commit} writes the first ones. */
  reserve(length: number): Buffer {
    return this.#waiting.reserve(length);
  }

  /** Writes so many bytes, which stand in the memory that was reserved last. */
  commit(length: number): void {
    this.#waiting.commit(length);
    this.#size += length;
    if (this.#waiting.length >= ENOUGH) this.#flush();
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_INTERVAL);
  }

  /** A promise while a quarter of what may wait does, which resolves when the disk has taken some of it, or fails. */
  room(): Promise<void> | undefined {
    if (this.#size < WAITING / 4 || this.#failure !== undefined) return undefined;
    this.#flush();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** Writes what waits and ends the file. Rejects with the first failure of the disk; a draft is removed then. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      while (this.#failure === undefined && (this.#writing !== undefined || this.#size > 0)) {
        this.#flush();
        await this.#writing;
      }
    } finally {
      await this.#handle.close();
    }
    if (this.#failure === undefined && this.#draft !== undefined) {
      const { path, target } = this.#draft;
      await rename(path, target).catch((error: unknown) => this.#fail(error));
    }
    if (this.#failure === undefined) return;
    await this.#removeDraft();
    throw this.#failure;
  }

  /** Ends the file without completing it: a draft is removed. */
  async abandon(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#handle.close();
    await this.#removeDraft();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing !== undefined || this.#size === 0) return;
    const { length } = this.#waiting;
    this.#writing = this.#waiting
      .pour((bytes) => this.#handle.writeFile(bytes))
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        this.#writing = undefined;
        this.#size -= length;
        for (const resolve of this.#waiters.splice(0)) resolve();
        if (this.#size > 0 && this.#failure === undefined)
          this.#timer ??= setTimeout(() => this.#flush(), FLUSH_INTERVAL);
      });
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
  }

  async #removeDraft(): Promise<void> {
    if (this.#draft !== undefined) await unlink(this.#draft.path).catch(() => undefined);
  }
}
