import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { SystemRandom } from "../crypto.ts";
import { DirectoryLock } from "./directory-lock.ts";
import { type Disk, type DiskAccess, DiskError, type DiskFolder, type DiskLock } from "./disk.ts";
import { guarded } from "./disk-failure.ts";
import { findProcess, markOf } from "./process-mark.ts";
import { SystemFolder } from "./system-folder.ts";

/** Begins the names of drafts. With its semicolon it is no name of the EFS, so that no listing of the module shows one. */
const DRAFT_PREFIX = ".;vmodem-";

/** The file system of this machine. */
export class SystemDisk implements Disk {
  readonly #descriptors: string;

  /** `descriptors` is where the system shows this process's descriptors as paths; it need not exist. */
  constructor(descriptors = "/proc/self/fd") {
    this.#descriptors = descriptors;
  }

  async makeFolder(path: string, access: DiskAccess = "shared"): Promise<void> {
    try {
      await guarded(makeFolders(resolve(path), access === "private" ? 0o700 : 0o777));
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      throw new DiskError(error.code, `the directory cannot be made: ${error.message}`, error);
    }
  }

  async openFolder(path: string): Promise<DiskFolder> {
    const real = await guarded(realpath(path));
    return SystemFolder.open(real, real, this.#descriptors);
  }

  async readFile(path: string, limit: number): Promise<Buffer | undefined> {
    return this.#within(dirname(path), async (folder) => {
      if ((await folder.stat(basename(path))) === undefined) return undefined;
      const file = await folder.openFile(basename(path));
      try {
        if (file.size > limit) throw new DiskError("NO_SPACE", `the file has more than ${limit} bytes`);
        const bytes = Buffer.alloc(file.size);
        return bytes.subarray(0, await file.read(bytes, 0));
      } finally {
        await file.close();
      }
    });
  }

  async replaceFile(path: string, bytes: Uint8Array): Promise<void> {
    await this.#within(dirname(path), async (folder) => {
      // A rename would remove a symbolic link or a device of the user's.
      if ((await folder.stat(basename(path)))?.kind === "other") throw new DiskError("EXISTS", "not a regular file");
      const draft = this.draftName();
      try {
        await writeNew(folder, draft, bytes);
        await folder.rename(draft, folder, basename(path));
      } catch (error) {
        await folder.removeFile(draft).catch(() => undefined);
        throw error;
      }
      await folder.sync();
    });
  }

  async lock(path: string): Promise<DiskLock> {
    return DirectoryLock.acquire(resolve(path));
  }

  draftName(): string {
    return `${DRAFT_PREFIX}${markOf()}.${new SystemRandom().hex(8)}`;
  }

  isAbandonedDraft(name: string): boolean {
    const mark = name.startsWith(DRAFT_PREFIX) ? name.slice(DRAFT_PREFIX.length).replace(/\.[0-9a-f]{8}$/, "") : "";
    return findProcess(mark)?.running === false;
  }

  async #within<T>(path: string, work: (folder: DiskFolder) => Promise<T>): Promise<T> {
    const folder = await this.openFolder(path);
    try {
      return await work(folder);
    } finally {
      await folder.close();
    }
  }
}

/** Makes a directory, and those above it. Node's own way of it does not return where none can be made, as in `/proc`. */
async function makeFolders(path: string, mode: number): Promise<void> {
  const make = () =>
    mkdir(path, mode).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolders(dirname(path), 0o777);
    await make();
  }
}

async function writeNew(folder: DiskFolder, name: string, bytes: Uint8Array): Promise<void> {
  const file = await folder.createFile(name, "private");
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
