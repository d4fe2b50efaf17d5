import type { DiskFolder } from "../platform/disk/disk.ts";
import { DirectoryReader, DirectoryWriter } from "./directory-file.ts";
import { EfsError, fromDisk } from "./efs-error.ts";
import { isEfsName } from "./path.ts";
import type { EfsReader, EfsWriter } from "./store.ts";

/**
 * A directory of files that is being written. It is invisible before {@link commit}, which makes it appear whole in one
 * step, whatever kills the program. A draft that a killed program leaves behind is removed when the volume is next opened.
 */
export interface DirectoryDraft {
  /** Begins a file. Its commit completes the file in the draft. The caller gives each file a name of its own. */
  openWriter(name: string): Promise<EfsWriter>;
  /** Opens a completed file. */
  openReader(name: string): Promise<EfsReader>;
  /** Removes a completed file. */
  remove(name: string): Promise<void>;
  /** Gives a completed file another name that is free. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Makes the directory appear under this name in the directory that it was begun for. All files must be complete. A name
   * that is taken is `EXISTS`; the draft is then kept, so that the caller can try another one.
   */
  commit(name: string): Promise<void>;
  /** Removes everything that was written. Does nothing after {@link commit}, so it suits a `finally`. */
  discard(): Promise<void>;
}

/** What the volume does for a draft that is a hidden directory of the host. */
export interface FolderDraftVolume {
  /** Takes bytes of the volume's space; returns whether there was room. */
  take(bytes: number): Promise<boolean>;
  /** Returns bytes that {@link take} took. */
  giveBack(bytes: number): void;
  /** The date of the files. */
  now(): number;
  /** Gives the hidden directory its name; from then on its bytes count as those of so many files. */
  publish(name: string, bytes: number, files: number): Promise<void>;
  /** Removes the hidden directory, which is empty. */
  remove(): Promise<void>;
}

/** A draft in a hidden directory of the host's disk. */
export class FolderDraft implements DirectoryDraft {
  readonly #folder: DiskFolder;
  readonly #volume: FolderDraftVolume;
  readonly #open = new Set<EfsWriter>();
  /** The completed files, with their sizes. */
  readonly #files = new Map<string, number>();
  /** Bytes taken for open and completed files. */
  #bytes = 0;
  #done = false;
  #commit: Promise<void> = Promise.resolve();

  /** The draft owns the folder. */
  constructor(folder: DiskFolder, volume: FolderDraftVolume) {
    this.#folder = folder;
    this.#volume = volume;
  }

  async openWriter(name: string): Promise<EfsWriter> {
    this.#checkOpen();
    if (!isEfsName(name)) throw new EfsError("BAD_NAME", "not a name of the EFS");
    const file = await fromDisk(this.#folder.createFile(name));
    const writer = new DirectoryWriter(file, {
      take: (bytes) => this.#take(bytes),
      giveBack: (bytes) => this.#giveBack(bytes),
      now: () => this.#volume.now(),
      // The bytes of a completed file are held until the whole draft is published.
      keep: async (size) => {
        this.#checkOpen();
        this.#files.set(name, size);
        this.#open.delete(writer);
      },
      drop: () => this.#folder.removeFile(name),
    });
    this.#open.add(writer);
    // The draft may have been discarded meanwhile.
    if (this.#done) await writer.abandon();
    this.#checkOpen();
    return writer;
  }

  async openReader(name: string): Promise<EfsReader> {
    this.#sizeOf(name);
    return new DirectoryReader(await fromDisk(this.#folder.openFile(name)));
  }

  async remove(name: string): Promise<void> {
    const size = this.#sizeOf(name);
    await fromDisk(this.#folder.removeFile(name));
    this.#files.delete(name);
    this.#giveBack(size);
  }

  async rename(from: string, to: string): Promise<void> {
    const size = this.#sizeOf(from);
    if (!isEfsName(to)) throw new EfsError("BAD_NAME", "not a name of the EFS");
    if ((await fromDisk(this.#folder.stat(to))) !== undefined) throw new EfsError("EXISTS", `${to} exists already`);
    await fromDisk(this.#folder.rename(from, this.#folder, to));
    this.#files.delete(from);
    this.#files.set(to, size);
  }

  async commit(name: string): Promise<void> {
    this.#checkOpen();
    const commit = this.#publish(name);
    this.#commit = commit.catch(() => undefined);
    await commit;
  }

  async discard(): Promise<void> {
    await this.#commit;
    if (this.#done) return;
    this.#done = true;
    for (const writer of this.#open) await writer.abandon();
    // What cannot be removed now is removed when the volume is next opened.
    for (const name of this.#files.keys()) await this.#folder.removeFile(name).catch(() => undefined);
    await this.#folder.close().catch(() => undefined);
    await this.#volume.remove().catch(() => undefined);
    this.#giveBack(this.#bytes);
  }

  async #publish(name: string): Promise<void> {
    await fromDisk(this.#folder.sync());
    await this.#volume.publish(name, this.#bytes, this.#files.size);
    this.#done = true;
    await this.#folder.close().catch(() => undefined);
  }

  async #take(bytes: number): Promise<boolean> {
    if (!(await this.#volume.take(bytes))) return false;
    this.#bytes += bytes;
    return true;
  }

  #giveBack(bytes: number): void {
    this.#bytes -= bytes;
    this.#volume.giveBack(bytes);
  }

  #sizeOf(name: string): number {
    this.#checkOpen();
    const size = this.#files.get(name);
    if (size === undefined) throw new EfsError("NOT_FOUND", `there is no ${name}`);
    return size;
  }

  #checkOpen(): void {
    if (this.#done) throw new EfsError("IO", "the directory is finished or discarded");
  }
}
