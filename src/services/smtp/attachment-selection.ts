import type { Efs } from "../../efs/efs.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { baseName, decodeName, type EfsPath } from "../../efs/path.ts";
import type { EfsReader } from "../../efs/store.ts";
import type { Attachment } from "../../mime/compose/message.ts";

/** Bytes of all attachments of a mail together (manual 3.7: 10 MB). */
const TOTAL_SIZE = 10 * 1024 * 1024;

/** The attachments of a mail are larger than they may be. */
export class Oversize extends Error {
  override readonly name = "Oversize";
}

/** A selected file. */
export interface SelectedFile {
  readonly index: number;
  readonly path: EfsPath;
  /** At the time of the selection. */
  readonly size: number;
}

/** The attachments of the next mail, in the order of their indices. @spec manual 3.7, decisions 3 */
export class AttachmentSelection {
  readonly #efs: Efs;
  readonly #files = new Map<number, SelectedFile>();

  constructor(efs: Efs) {
    this.#efs = efs;
  }

  get all(): readonly SelectedFile[] {
    return [...this.#files.values()].sort((a, b) => a.index - b.index);
  }

  /**
   * Selects a file by its path as a host writes it, relative to the current directory. `REFUSED`: there is no such file, or
   * one of the same file name is selected at another index, be it from another directory. Only `OK` changes the selection.
   */
  async select(index: number, name: string): Promise<"OK" | "REFUSED" | "OVERSIZE"> {
    const file = await this.#find(name);
    if (file === undefined) return "REFUSED";
    const others = this.all.filter((other) => other.index !== index);
    // In the mail an attachment has a name, but no directory.
    if (others.some(({ path }) => baseName(path) === baseName(file.path))) return "REFUSED";
    if (totalSize([...others, file]) > TOTAL_SIZE) return "OVERSIZE";
    this.#files.set(index, { ...file, index });
    return "OK";
  }

  remove(index: number): void {
    this.#files.delete(index);
  }

  clear(): void {
    this.#files.clear();
  }

  /**
   * Opens all files, so that no later change of them changes the mail. Throws `Oversize` where they have grown beyond the
   * limit since they were selected.
   */
  async open(): Promise<OpenAttachments> {
    const opened = new OpenAttachments();
    try {
      for (const { path } of this.all) opened.add(path, await this.#efs.openReader(path));
      if (opened.size > TOTAL_SIZE) throw new Oversize(`${opened.size} bytes of attachments`);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async #find(name: string): Promise<Pick<SelectedFile, "path" | "size"> | undefined> {
    const path = this.#efs.resolve(decodeName(Buffer.from(name, "latin1")));
    if (path === undefined) return undefined;
    try {
      const found = await this.#efs.stat(path);
      return found.kind === "file" ? found : undefined;
    } catch (error) {
      if (error instanceof EfsError) return undefined;
      throw error;
    }
  }
}

/** The files of one mail while it is sent. The owner closes them in the end. */
export class OpenAttachments {
  readonly #files: { readonly path: EfsPath; readonly reader: EfsReader }[] = [];

  /** Takes over the reader. */
  add(path: EfsPath, reader: EfsReader): void {
    this.#files.push({ path, reader });
  }

  /** The bytes of all files. */
  get size(): number {
    return totalSize(this.#files.map(({ reader }) => reader));
  }

  get attachments(): readonly Attachment[] {
    return this.#files.map(({ path, reader }) => ({
      name: baseName(path),
      size: reader.size,
      open: async (signal) => ({
        read: async () => {
          const bytes = await reader.read(signal);
          return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        },
        close: () => reader.close(),
      }),
    }));
  }

  async close(): Promise<void> {
    // The files were only read: a failure to close one loses nothing.
    await Promise.allSettled(this.#files.map(({ reader }) => reader.close()));
  }
}

function totalSize(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
