import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rename, rmdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type DiskAccess, type DiskEntry, DiskError, type DiskFile, type DiskFolder } from "./disk.ts";
import { guarded } from "./disk-failure.ts";

/** File systems keep times by the kernel's tick, 10 ms at most; this leaves room for two. In milliseconds. */
const SETTLED_AFTER = 20;

function sameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

class SystemFile implements DiskFile {
  readonly size: number;
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    let filled = 0;
    while (filled < into.length) {
      const read = this.#handle.read(into, filled, into.length - filled, position + filled);
      const { bytesRead } = await guarded(read);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const write = this.#handle.write(bytes, written, bytes.length - written, position + written);
      written += (await guarded(write)).bytesWritten;
    }
  }

  async setModified(ms: number): Promise<void> {
    await guarded(this.#handle.utimes(ms / 1000, ms / 1000));
  }

  async sync(): Promise<void> {
    await guarded(this.#handle.sync());
  }

  async close(): Promise<void> {
    await guarded(this.#handle.close());
  }
}

/**
 * A directory by its descriptor. Where the system shows descriptors as paths (`/proc/self/fd/7/name`) each operation
 * starts from the descriptor itself, as `openat(2)` does. Elsewhere it starts from the path, after a check that the path
 * still leads to that directory; Node offers nothing safer there.
 */
export class SystemFolder implements DiskFolder {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #descriptors: string;
  readonly #pinned: boolean;
  readonly device: number;

  private constructor(handle: FileHandle, path: string, device: number, descriptors: string, pinned: boolean) {
    this.#handle = handle;
    this.device = device;
    this.#path = path;
    this.#descriptors = descriptors;
    this.#pinned = pinned;
  }

  /** Opens the directory `reach`, whose true path is `path`. */
  static async open(reach: string, path: string, descriptors: string): Promise<SystemFolder> {
    const handle = await guarded(open(reach, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
    const shown = await stat(`${descriptors}/${handle.fd}`).catch(() => undefined);
    const own = await handle.stat();
    const pinned = shown !== undefined && sameFile(shown, own);
    return new SystemFolder(handle, path, own.dev, descriptors, pinned);
  }

  async openFolder(name: string): Promise<DiskFolder> {
    return SystemFolder.open(await this.#at(name), join(this.#path, name), this.#descriptors);
  }

  async names(): Promise<readonly string[]> {
    return guarded(readdir(await this.#base()));
  }

  async stat(name: string): Promise<DiskEntry | undefined> {
    const path = await this.#at(name);
    try {
      const found = await guarded(lstat(path));
      const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
      return { name, kind, size: kind === "file" ? found.size : 0, modified: Math.round(found.mtimeMs) };
    } catch (error) {
      if (error instanceof DiskError && error.code === "NOT_FOUND") return undefined;
      throw error;
    }
  }

  async stamp(): Promise<{ readonly text: string; readonly settled: boolean }> {
    const { ino, mtimeMs, mtimeNs } = await guarded(this.#handle.stat({ bigint: true }));
    return { text: `${ino} ${mtimeNs}`, settled: Date.now() - Number(mtimeMs) > SETTLED_AFTER };
  }

  async makeFolder(name: string): Promise<void> {
    await guarded(mkdir(await this.#at(name)));
  }

  async removeFolder(name: string): Promise<void> {
    await guarded(rmdir(await this.#at(name)));
  }

  async removeFile(name: string): Promise<void> {
    await guarded(unlink(await this.#at(name)));
  }

  async rename(name: string, to: DiskFolder, newName: string): Promise<void> {
    if (!(to instanceof SystemFolder)) throw new TypeError("a rename does not leave the machine's disk");
    await guarded(rename(await this.#at(name), await to.#at(newName)));
  }

  async openFile(name: string): Promise<DiskFile> {
    // Without O_NONBLOCK the opening of a named pipe would wait for a writer, for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await guarded(open(await this.#at(name), flags));
    const found = await handle.stat();
    if (found.isFile()) return new SystemFile(handle, found.size);
    await handle.close();
    if (found.isDirectory()) throw new DiskError("IS_DIRECTORY", "this is a directory");
    throw new DiskError("NOT_FOUND", "this is no regular file");
  }

  async createFile(name: string, access: DiskAccess = "shared"): Promise<DiskFile> {
    // O_EXCL does not follow a symbolic link either (POSIX open()).
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    const mode = access === "private" ? 0o600 : 0o666;
    return new SystemFile(await guarded(open(await this.#at(name), flags, mode)), 0);
  }

  async sync(): Promise<void> {
    const synced = this.#handle.sync().catch((error: NodeJS.ErrnoException) => {
      // Some file systems (FUSE, shared folders of virtual machines) cannot do this to a directory.
      if (error.code !== "EINVAL" && error.code !== "ENOTSUP") throw error;
    });
    await guarded(synced);
  }

  async close(): Promise<void> {
    await guarded(this.#handle.close());
  }

  async #at(name: string): Promise<string> {
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
      throw new DiskError("BAD_NAME", "not the name of a directory entry");
    }
    return `${await this.#base()}/${name}`;
  }

  async #base(): Promise<string> {
    if (this.#pinned) return `${this.#descriptors}/${this.#handle.fd}`;
    const there = await guarded(lstat(this.#path));
    if (!sameFile(there, await this.#handle.stat()))
      throw new DiskError("NOT_FOUND", "the directory was moved meanwhile");
    return this.#path;
  }
}
