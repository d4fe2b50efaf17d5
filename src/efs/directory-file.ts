import type { DiskFile } from "../platform/disk/disk.ts";
import { EfsError, fromDisk } from "./efs-error.ts";
import { EFS_LIMITS } from "./limits.ts";
import type { EfsReader, EfsWriter } from "./store.ts";

/** Reads an open file of the host piece by piece, so that its size costs no memory. */
export class DirectoryReader implements EfsReader {
  readonly size: number;
  readonly #file: DiskFile;
  #position = 0;
  #closed = false;

  /** The reader owns the file. */
  constructor(file: DiskFile) {
    this.size = file.size;
    this.#file = file;
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    const left = this.size - this.#position;
    if (left === 0) return undefined;
    const bytes = new Uint8Array(Math.min(EFS_LIMITS.chunk, left));
    const read = await fromDisk(this.#file.read(bytes, this.#position));
    signal.throwIfAborted();
    // Another program has truncated the file. The size was announced already, so this cannot pass for its end.
    if (read < bytes.length) throw new EfsError("IO", "the file ended early");
    this.#position += read;
    return bytes;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await fromDisk(this.#file.close());
  }
}

/** What the volume does for a file that is being written under another name. */
export interface Draft {
  /** Takes bytes of the volume's space; returns whether there was room. */
  take(bytes: number): Promise<boolean>;
  /** Returns bytes that {@link take} took. */
  giveBack(bytes: number): void;
  /** The date of the file. */
  now(): number;
  /** Gives the draft the name of the file; from then on its `size` bytes count as those of a file. */
  keep(size: number): Promise<void>;
  /** Removes the draft. */
  drop(): Promise<void>;
}

/** Writes a draft on the host's disk, piece by piece. */
export class DirectoryWriter implements EfsWriter {
  readonly #file: DiskFile;
  readonly #draft: Draft;
  #size = 0;
  #closed = false;
  #failure: unknown;

  /** The writer owns the file. */
  constructor(file: DiskFile, draft: Draft) {
    this.#file = file;
    this.#draft = draft;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#checkOpen();
    try {
      if (!(await this.#draft.take(bytes.length))) throw new EfsError("NO_SPACE", "the volume is full");
      if (this.#closed) {
        this.#draft.giveBack(bytes.length);
        throw new EfsError("IO", "the file was abandoned during the write");
      }
      const position = this.#size;
      this.#size += bytes.length;
      await fromDisk(this.#file.write(bytes, position));
    } catch (error) {
      await this.#fail(error);
    }
  }

  async commit(): Promise<void> {
    this.#checkOpen();
    this.#closed = true;
    try {
      await fromDisk(this.#file.setModified(this.#draft.now()));
      await fromDisk(this.#file.sync());
      await this.#draft.keep(this.#size);
    } catch (error) {
      this.#closed = false;
      await this.#fail(error);
    }
    await fromDisk(this.#file.close());
  }

  async abandon(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#draft.giveBack(this.#size);
    await this.#file.close().catch(() => undefined);
    // A draft that cannot be removed now is removed when the volume is opened the next time.
    await this.#draft.drop().catch(() => undefined);
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw new Error("the file is written and closed");
  }

  async #fail(error: unknown): Promise<never> {
    this.#failure ??= error;
    await this.abandon();
    throw error;
  }
}
