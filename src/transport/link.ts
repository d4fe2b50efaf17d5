import { lstatSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync } from "node:fs";

/** Slaves as Linux and macOS name them. */
const PTY_DEVICE = /^\/dev\/(pts\/\d+|ttys\d+)$/;

/**
 * Makes `path` a symbolic link to the pty `target`, in one step, so that a host never finds it missing. Replaces a link
 * that dangles or points to a pty, which is what a killed emulator leaves; throws when anything else is there.
 */
export function placeLink(path: string, target: string): void {
  const obstacle = obstacleAt(path);
  if (obstacle !== undefined) throw new Error(`cannot place the link ${path}: ${obstacle}`);
  const temporary = `${path}.${process.pid}`;
  try {
    rmSync(temporary, { force: true });
    symlinkSync(target, temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`cannot place the link ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Removes the link if it still points to `target`; another emulator may have taken the name. Never throws. */
export function removeLink(path: string, target: string): void {
  try {
    if (readlinkSync(path) === target) unlinkSync(path);
  } catch {
    // Gone already, or not ours any more.
  }
}

function obstacleAt(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isSymbolicLink()) return `there is a ${found.isDirectory() ? "directory" : "file"}`;
  if (PTY_DEVICE.test(readlinkSync(path))) return undefined;
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : "there is a link to something else";
}
