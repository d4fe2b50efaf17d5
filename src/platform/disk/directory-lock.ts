import { rmdirSync, unlinkSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rmdir, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SystemRandom } from "../crypto.ts";
import { DiskError, type DiskLock } from "./disk.ts";
import { guarded } from "./disk-failure.ts";
import { findProcess, markOf } from "./process-mark.ts";

/** How often a lock may be given up between two looks at it before its taking counts as failed. */
const ATTEMPTS = 100;

/**
 * A lock on the disk: the directory `path` with one file in it, whose name identifies its holder.
 *
 * Every step is safe against every other process at any moment. The directory is prepared under a name of its own and
 * then renamed to `path`, which the system does only if nothing or an empty directory is there (rename(2)). A dead
 * holder's file is unlinked by its name, which is unique, so that a new lock is never removed in its place.
 */
export class DirectoryLock implements DiskLock {
  readonly #path: string;
  readonly #holder: string;

  private constructor(path: string, holder: string) {
    this.#path = path;
    this.#holder = holder;
  }

  static async acquire(path: string): Promise<DirectoryLock> {
    const holder = `${markOf()}.${new SystemRandom().hex(8)}`;
    const prepared = `${path}.${holder}`;
    await removeAbandoned(path);
    try {
      await guarded(mkdir(prepared, 0o700));
      await guarded(writeFile(join(prepared, holder), "", { flag: "wx", mode: 0o600 }));
      await moveInto(prepared, path);
      return new DirectoryLock(path, holder);
    } catch (error) {
      await removeLock(prepared, holder);
      throw error;
    }
  }

  async isHeld(): Promise<boolean> {
    return lstat(join(this.#path, this.#holder)).then(
      () => true,
      () => false,
    );
  }

  release(): void {
    try {
      unlinkSync(join(this.#path, this.#holder));
      rmdirSync(this.#path);
    } catch {
      // It was removed with the directory that it lay in, or another process has taken the lock between the two steps.
    }
  }
}

async function moveInto(prepared: string, path: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await rename(prepared, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOTEMPTY" && code !== "EEXIST") await guarded(Promise.reject(error));
    }
    await evictDead(path);
  }
  throw new DiskError("IN_USE", "other processes take and release it all the time");
}

/** Removes what dead holders have left; a live one is `IN_USE`. */
async function evictDead(path: string): Promise<void> {
  for (const name of await readdir(path).catch(() => [])) {
    const holder = findHolder(name);
    if (holder === undefined) throw new DiskError("EXISTS", `${path} holds ${name}, which vmodem did not put there`);
    if (holder.running) throw new DiskError("IN_USE", describeHolder(holder.pid, holder.local, path));
    await unlink(join(path, name)).catch(() => undefined);
  }
}

function describeHolder(pid: number, local: boolean, path: string): string {
  if (!local) return `in use by process ${pid} of another machine; if that is gone, remove ${path}`;
  return pid === process.pid ? `in use by this process (${pid}) already` : `in use by process ${pid}`;
}

function findHolder(name: string) {
  return findProcess(name.replace(/\.[0-9a-f]{8}$/, ""));
}

/** Removes what processes that were killed while they prepared a lock have left beside it. */
async function removeAbandoned(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    const holder = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (findHolder(holder)?.running === false) await removeLock(join(dirname(path), name), holder);
  }
}

async function removeLock(directory: string, holder: string): Promise<void> {
  await unlink(join(directory, holder)).catch(() => undefined);
  await rmdir(directory).catch(() => undefined);
}
