import assert from "node:assert/strict";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rmdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Disk, type DiskEntry, DiskError, type DiskErrorCode, type DiskFile, type DiskFolder } from "./disk.ts";

const CODES: Readonly<Record<string, DiskErrorCode>> = {
  ENOENT: "NOT_FOUND",
  // A symbolic link under O_NOFOLLOW, and a socket: things that are not there for us.
  ELOOP: "NOT_FOUND",
  ENXIO: "NOT_FOUND",
  EEXIST: "EXISTS",
  ENOTEMPTY: "NOT_EMPTY",
  EISDIR: "IS_DIRECTORY",
  ENOTDIR: "NOT_DIRECTORY",
  ENOSPC: "NO_SPACE",
  EDQUOT: "NO_SPACE",
  EFBIG: "NO_SPACE",
  ENAMETOOLONG: "BAD_NAME",
  EINVAL: "BAD_NAME",
};

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DiskError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new DiskError(CODES[code] ?? "IO", `disk: ${code}`, error);
  }
}

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
 * starts from the descriptor itself, as `openat(2)` and its kin do. Elsewhere it starts from the path, after making sure
 * that the path still leads to that directory: the best that can be had there.
 */
class SystemFolder implements DiskFolder {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #descriptors: string;
  readonly #pinned: boolean;

  private constructor(handle: FileHandle, path: string, descriptors: string, pinned: boolean) {
    this.#handle = handle;
    this.#path = path;
    this.#descriptors = descriptors;
    this.#pinned = pinned;
  }

  /** Opens `reach`, by whatever name it is reached, and remembers `path` as its true one. */
  static async open(reach: string, path: string, descriptors: string): Promise<SystemFolder> {
    const handle = await guarded(open(reach, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
    const shown = await stat(`${descriptors}/${handle.fd}`).catch(() => undefined);
    const pinned = shown !== undefined && sameFile(shown, await handle.stat());
    return new SystemFolder(handle, path, descriptors, pinned);
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
    assert(to instanceof SystemFolder);
    await guarded(rename(await this.#at(name), await to.#at(newName)));
  }

  async openFile(name: string): Promise<DiskFile> {
    // Without O_NONBLOCK the opening of a named pipe would wait for a writer, for ever.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await guarded(open(await this.#at(name), flags));
    const found = await handle.stat();
    if (found.isFile()) return new SystemFile(handle, found.size);
    await handle.close();
    throw new DiskError(found.isDirectory() ? "IS_DIRECTORY" : "NOT_FOUND", "disk: not a regular file");
  }

  async createFile(name: string): Promise<DiskFile> {
    // O_EXCL does not follow a symbolic link either (POSIX open()).
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
    return new SystemFile(await guarded(open(await this.#at(name), flags)), 0);
  }

  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      // Some file systems (FUSE, shared folders of virtual machines) cannot do this to a directory.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EINVAL" && code !== "ENOTSUP") throw new DiskError("IO", `disk: ${code}`, error);
    }
  }

  async close(): Promise<void> {
    await guarded(this.#handle.close());
  }

  async #at(name: string): Promise<string> {
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) {
      throw new DiskError("BAD_NAME", "disk: not the name of a directory entry");
    }
    return `${await this.#base()}/${name}`;
  }

  async #base(): Promise<string> {
    if (this.#pinned) return `${this.#descriptors}/${this.#handle.fd}`;
    const there = await guarded(lstat(this.#path));
    if (!sameFile(there, await this.#handle.stat())) throw new DiskError("IO", "disk: the directory was moved");
    return this.#path;
  }
}

/** The file system of this machine. */
export class SystemDisk implements Disk {
  readonly #descriptors: string;

  /** `descriptors` is where the system shows this process's descriptors as paths; it need not exist. */
  constructor(descriptors = "/proc/self/fd") {
    this.#descriptors = descriptors;
  }

  async openFolder(path: string): Promise<DiskFolder> {
    await guarded(makeFolders(resolve(path)));
    const real = await guarded(realpath(path));
    return SystemFolder.open(real, real, this.#descriptors);
  }

  async readFile(path: string, limit: number): Promise<Buffer | undefined> {
    const folder = await this.openFolder(dirname(path));
    try {
      if ((await folder.stat(basename(path))) === undefined) return undefined;
      const file = await folder.openFile(basename(path));
      try {
        if (file.size > limit) throw new DiskError("NO_SPACE", `disk: a file of more than ${limit} bytes`);
        const bytes = Buffer.alloc(file.size);
        return bytes.subarray(0, await file.read(bytes, 0));
      } finally {
        await file.close();
      }
    } finally {
      await folder.close();
    }
  }

  async replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    const folder = await this.openFolder(dirname(path));
    // One fixed name, so that what a crash leaves behind is taken away by the next write.
    const draft = `.${basename(path)}.new`;
    try {
      await removeIfThere(folder, draft);
      await writeNew(folder, draft, bytes);
      await folder.rename(draft, folder, basename(path));
      await folder.sync();
    } finally {
      await removeIfThere(folder, draft).finally(() => folder.close());
    }
  }
}

/** Makes a directory, and those above it. Node's own way of it never ends where no directory can be made, as in `/proc`. */
async function makeFolders(path: string): Promise<void> {
  const make = () =>
    mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await make();
  }
}

async function writeNew(folder: DiskFolder, name: string, bytes: Uint8Array): Promise<void> {
  const file = await folder.createFile(name);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeIfThere(folder: DiskFolder, name: string): Promise<void> {
  if ((await folder.stat(name)) !== undefined) await folder.removeFile(name);
}
