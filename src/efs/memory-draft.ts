import type { DirectoryDraft } from "./directory-draft.ts";
import { EfsError } from "./efs-error.ts";
import { type MemoryFile, MemoryReader, type MemoryWriter } from "./memory-file.ts";
import { isEfsName } from "./path.ts";
import type { EfsReader, EfsWriter } from "./store.ts";

/** What the volume does for a draft. */
export interface MemoryDraftVolume {
  /** Equal for names that the volume treats as one. */
  key(name: string): string;
  /** Begins a file that counts in the volume; `keep` makes it appear. */
  begin(keep: (pieces: readonly Uint8Array[], size: number) => void): MemoryWriter;
  now(): number;
  /** Makes a directory of these files appear. */
  publish(name: string, files: Map<string, MemoryFile>): void;
  /** Returns what completed files took, bytes and entries, and the entry of the directory. */
  giveBack(bytes: number, entries: number): void;
}

/** A directory in memory that is not in the volume yet. */
export class MemoryDraft implements DirectoryDraft {
  readonly #volume: MemoryDraftVolume;
  readonly #open = new Set<EfsWriter>();
  readonly #files = new Map<string, MemoryFile>();
  #done = false;

  constructor(volume: MemoryDraftVolume) {
    this.#volume = volume;
  }

  async openWriter(name: string): Promise<EfsWriter> {
    this.#checkOpen();
    this.#checkName(name);
    const writer = this.#volume.begin((pieces, size) => {
      this.#checkOpen();
      this.#files.set(this.#volume.key(name), { kind: "file", name, modified: this.#volume.now(), size, pieces });
      this.#open.delete(writer);
    });
    this.#open.add(writer);
    return writer;
  }

  async openReader(name: string): Promise<EfsReader> {
    return new MemoryReader(this.#file(name));
  }

  async remove(name: string): Promise<void> {
    const { size } = this.#file(name);
    this.#files.delete(this.#volume.key(name));
    this.#volume.giveBack(size, 1);
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.#file(from);
    this.#checkName(to);
    this.#files.delete(this.#volume.key(from));
    file.name = to;
    this.#files.set(this.#volume.key(to), file);
  }

  async commit(name: string): Promise<void> {
    this.#checkOpen();
    this.#volume.publish(name, this.#files);
    this.#done = true;
  }

  async discard(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    for (const writer of this.#open) await writer.abandon();
    const bytes = [...this.#files.values()].reduce((sum, { size }) => sum + size, 0);
    this.#volume.giveBack(bytes, this.#files.size + 1);
  }

  #file(name: string): MemoryFile {
    this.#checkOpen();
    const file = this.#files.get(this.#volume.key(name));
    if (file === undefined) throw new EfsError("NOT_FOUND", `there is no ${name}`);
    return file;
  }

  #checkName(name: string): void {
    if (!isEfsName(name)) throw new EfsError("BAD_NAME", "not a name of the EFS");
    if (this.#files.has(this.#volume.key(name))) throw new EfsError("EXISTS", `${name} is there already`);
  }

  #checkOpen(): void {
    if (this.#done) throw new EfsError("IO", "the directory is finished or discarded");
  }
}
