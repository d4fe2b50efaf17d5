import { decodeGbk } from "../codec/gbk.ts";
import { EFS_LIMITS } from "./limits.ts";

/** `C` is the module's own memory, `D` the storage card. */
export type VolumeName = "C" | "D";

/** A path on the EFS; without segments it is the root of the volume. The functions below make it and know its rules. */
export interface EfsPath {
  readonly volume: VolumeName;
  readonly segments: readonly string[];
}

/**
 * Reads the bytes of a name or a path as text: as UTF-8 if they are valid, else as GBK (hosts in the field send it), else
 * ISO-8859-1. Decode a whole path, not its segments: a second byte of GBK may be a backslash.
 */
export function decodeName(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeGbk(bytes) ?? Buffer.from(bytes).toString("latin1");
  }
}

/**
 * Whether a file or a directory may have this name (decisions 8). U+FFFD and a lone surrogate are refused: Node shows them
 * where a name on the disk is not valid UTF-8.
 */
export function isEfsName(name: string): boolean {
  return name !== "" && !/[/\\:*?"<>|,;\p{Cc}\p{Cs}\uFFFD]|[. ]$/u.test(name);
}

/** Whether the EFS can hold this path: each name is allowed, and the whole is not too long. */
export function isEfsPath(path: EfsPath): boolean {
  return path.segments.every(isEfsName) && Buffer.byteLength(printPath(path)) <= EFS_LIMITS.path;
}

/**
 * Reads a path as a command gives it, relative to the current directory; `undefined` if it is not valid. Takes `/` and `\`, and
 * the drive letter in either case; a leading separator means the root of the current volume. `..` stops at the root.
 */
export function parsePath(text: string, current: EfsPath): EfsPath | undefined {
  const [, letter, rest = ""] = /^(?:([CcDd]):(?=[/\\]|$))?(.*)$/s.exec(text) ?? [];
  if (text === "") return undefined;
  const volume = letter === undefined ? current.volume : letter.toUpperCase() === "C" ? "C" : "D";
  const absolute = letter !== undefined || /^[/\\]/.test(rest);
  const segments = absolute ? [] : [...current.segments];
  for (const segment of rest.split(/[/\\]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const path: EfsPath = { volume, segments };
  return isEfsPath(path) ? path : undefined;
}

/** The path of a name in a directory; `undefined` if the EFS cannot hold it. The name is one name, never a path. */
export function childPath(directory: EfsPath, name: string): EfsPath | undefined {
  const path: EfsPath = { volume: directory.volume, segments: [...directory.segments, name] };
  return isEfsPath(path) ? path : undefined;
}

/** The directory that holds the path; the root for the root. */
export function parentPath(path: EfsPath): EfsPath {
  return { volume: path.volume, segments: path.segments.slice(0, -1) };
}

/** The last segment; empty for the root. */
export function baseName(path: EfsPath): string {
  return path.segments.at(-1) ?? "";
}

/** Prints a path without a separator at its end, but for a root: `C:/Video/a.3gp`, `C:/`. */
export function printPath(path: EfsPath): string {
  return `${path.volume}:/${path.segments.join("/")}`;
}

/** Prints a directory as the module does, with a separator at its end: `C:/Video/`, `C:/`. */
export function printDirectory(path: EfsPath): string {
  return path.segments.length === 0 ? printPath(path) : `${printPath(path)}/`;
}
