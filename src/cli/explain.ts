import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";

/** What each error of the operating system means to the user, without the place that it concerns. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  ENOENT: "there is no such place",
  ENOTDIR: "a part of the path is not a directory",
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine does not have that address",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the other end closed the connection",
  EHOSTUNREACH: "there is no way to that host",
  ETIMEDOUT: "no answer in time",
  EAFNOSUPPORT: "this machine does not have that kind of address",
  ENOTFOUND: "there is no address for that name",
  EAI_AGAIN: "the name cannot be looked up now",
};

/** Says in words why the operating system refused something; `undefined` where the error does not come from it. */
export function explainError(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined) return undefined;
  return explainExhaustion(error, openFileLimit()) ?? REASONS[code] ?? systemText(code);
}

/** The system's own words for an error. */
function systemText(code: string): string | undefined {
  for (const [name, text] of getSystemErrorMap().values()) if (name === code) return text;
  return undefined;
}

/** Says in words why a file cannot be read. */
export function explainFile(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "it is a directory" : explainError(error);
}

/** Says in words why a control interface does not answer. */
export function explainSilence(error: unknown): string {
  // A unix socket that is not there.
  if (errorCode(error) === "ENOENT") return "nothing listens there";
  return explainError(error) ?? (error instanceof Error ? error.message : String(error));
}

/**
 * Says what a process that has run out of descriptors needs; `undefined` for other errors. `limit` is the number that the
 * process may open, where it is known.
 */
export function explainExhaustion(error: unknown, limit: number | undefined): string | undefined {
  const code = errorCode(error);
  if (code === "ENFILE") return "the machine has too many open files";
  // When descriptors run out while modules are loaded, Node reports some of the modules as missing.
  const isLoading = code === "ERR_MODULE_NOT_FOUND" && limit !== undefined && limit < ENOUGH_FILES;
  if (code !== "EMFILE" && !isLoading) return undefined;
  const allowed = limit === undefined ? "" : ` than ${limit}`;
  return `this process may not open more files${allowed}; raise the limit with ulimit -n ${ENOUGH_FILES}`;
}

/** With this many descriptors the program runs, its sandbox and many connections included. */
const ENOUGH_FILES = 256;

/** How many descriptors this process may have open. It takes one to find out. */
export function openFileLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** The code that the operating system or Node gave, from the error or from what caused it. */
function errorCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && /^E[A-Z]|^ERR_/.test(code)) return code;
  }
  return undefined;
}

/**
 * Says why a directory cannot hold what the program wants to keep in it; `undefined` when it can. A directory that does not
 * exist can where it can be made.
 */
export function explainDirectory(path: string): string | undefined {
  const full = resolve(path);
  for (let place = full; ; place = dirname(place)) {
    const found = kindOf(place);
    if (found === "other") return place === full ? "it is not a directory" : `${place} is not a directory`;
    if (found === "directory") return explainUnwritable(place);
    if (place === dirname(place)) return undefined;
  }
}

function kindOf(path: string): "directory" | "other" | "nothing" {
  try {
    return statSync(path).isDirectory() ? "directory" : "other";
  } catch {
    return "nothing";
  }
}

/** Why nothing can be made in a directory; `undefined` where it can. */
function explainUnwritable(directory: string): string | undefined {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (errorCode(error) === "EROFS") return `the file system of ${directory} is read-only`;
    return `no permission to write to ${directory}`;
  }
}
