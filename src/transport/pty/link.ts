import { lstatSync, lutimesSync, readlinkSync, realpathSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../platform/usage-error.ts";
import { lockName, type NameLock } from "./name-lock.ts";

/** Slaves as Linux and macOS name them. */
const PTY_DEVICE = /^\/dev\/(pts\/\d+|ttys\d+)$/;

/**
 * The modification time of the links that we make: the date of the module's manual. It marks a link as ours for as long as
 * the link exists, so that one that was left by a killed process is told from a link that the user made to a terminal.
 */
const MARK = Date.UTC(2010, 1, 5) / 1000;

/** A symbolic link that we have placed. */
export interface Link {
  readonly path: string;
  /** Removes the link, if it is still the one that was placed, and gives the name free. Never throws. */
  remove(): void;
}

/**
 * Makes `path`, which `option` gave, a symbolic link to the pty `target`. One live process at a time has a name; when several try, one of them
 * gets it. Replaces what a killed process has left: a link with our mark, or one that dangles. Throws, with a message that
 * names the option and the reason, when anything else is there or another process has the name.
 */
export async function placeLink(path: string, target: string, option = "--link"): Promise<Link> {
  const place = (reason: string, cause: unknown = new Error(reason)) =>
    new UsageError(`${option} ${path}: ${reason}`, { option, cause });
  const lock = await lockName(nameOf(path, place));
  if ("holder" in lock) {
    const other = lock.holder === String(process.pid) ? "of its ports; it is this process" : "modem";
    throw place(`process ${lock.holder} uses it for another ${other}`);
  }
  try {
    const obstacle = obstacleAt(path);
    if (obstacle !== undefined) throw place(obstacle);
    replace(path, target);
    return { path, remove: () => removePlaced(path, target, lock) };
  } catch (error) {
    lock.release();
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : place(REASONS[code] ?? (error as Error).message, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "no permission to write to its directory",
  EPERM: "no permission to replace what is there",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
  ENAMETOOLONG: "the name is too long",
  EEXIST: "something else was placed there in this moment",
};

/** The name of the lock: one for one place, whatever links lead to its directory. */
function nameOf(path: string, place: (reason: string, cause: unknown) => Error): string {
  const directory = dirname(path);
  try {
    const real = realpathSync(directory);
    if (statSync(real).isDirectory()) return `link ${join(real, basename(path))}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw place(`the directory ${directory} cannot be read`, error);
    throw place(`there is no directory ${directory}`, error);
  }
  throw place(`${directory} is not a directory`, undefined);
}

/**
 * Removes the link to `target` that a killed process has left at `path`. Leaves alone what another process has placed
 * there meanwhile. Never throws.
 */
export async function removeDeadLink(path: string, target: string): Promise<void> {
  try {
    const lock = await lockName(nameOf(path, (reason) => new Error(reason)));
    if (!("holder" in lock)) removePlaced(path, target, lock);
  } catch {
    // Its directory is gone.
  }
}

/** Only to be called with the lock of the name. */
function replace(path: string, target: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) unlinkSync(path);
  symlinkSync(target, path);
  try {
    lutimesSync(path, MARK, MARK);
  } catch {
    // A file system without times: if we are killed, the link is replaced only once it dangles.
  }
}

/** Removes the link at `path` if it still points to `target`, and gives the name free. Never throws. */
function removePlaced(path: string, target: string, lock: NameLock): void {
  try {
    if (readlinkSync(path) === target) unlinkSync(path);
  } catch {
    // It is gone already, or something else is there.
  }
  lock.release();
}

function obstacleAt(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink())
    return `there is a ${found.isDirectory() ? "directory" : "file"} already, which is not replaced; choose another path`;
  const target = readlinkSync(path);
  if (found.mtimeMs === MARK * 1000 && PTY_DEVICE.test(target)) return undefined;
  const dangles = statSync(path, { throwIfNoEntry: false }) === undefined;
  // A device of another kind may come back: an adapter that is unplugged.
  if (dangles && (PTY_DEVICE.test(target) || !target.startsWith("/dev/"))) return undefined;
  return `there is a link to ${target} that vmodem has not made`;
}
