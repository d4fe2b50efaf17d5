import type { DirectoryDraft } from "./directory-draft.ts";
import { EfsError } from "./efs-error.ts";
import { childPath, type EfsPath, isEfsPath, printPath, type VolumeName } from "./path.ts";

/** A file or a directory. */
export interface EfsEntry {
  /** The path as it is stored: on D: its letters may differ in case from those of the request. */
  readonly path: EfsPath;
  readonly kind: "file" | "directory";
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds since the Unix epoch, by the module's clock. */
  readonly modified: number;
}

/** Bytes of a volume. */
export interface EfsSpace {
  readonly total: number;
  /** Bytes in files, those that are being written included; never more than the total. */
  readonly used: number;
}

/** An open file. It gives what the file held when it was opened, even if the file is replaced or removed meanwhile. */
export interface EfsReader {
  readonly size: number;
  /** Returns the next bytes, at most 64 KiB, or `undefined` after the last. They may be kept, but not changed. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Releases the file. The caller must call it whatever happened; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * A file that is being written. It is invisible before {@link commit}, which replaces the old one in one step. A failure
 * (`NO_SPACE`, `NO_CARD`, ...) removes all that was written and leaves the old file; each later call fails in the same way.
 */
export interface EfsWriter {
  /** Resolves when there is room for more; the bytes may change afterwards. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Makes the file appear, dated by the module's clock. The directory must still be there. */
  commit(): Promise<void>;
  /** Removes what was written. Does nothing after {@link commit} or after a failure, so it suits a `finally`. */
  abandon(): Promise<void>;
}

/**
 * One volume. Every failure is an `EfsError`; a path that breaks the rules of names is `BAD_NAME`, however it was made.
 * The paths given must be of this volume.
 */
export interface Store {
  stat(path: EfsPath): Promise<EfsEntry>;
  /** The entries of a directory, by name in the order of code units. */
  list(path: EfsPath): Promise<readonly EfsEntry[]>;
  /** The directory above it must be there. */
  makeDirectory(path: EfsPath): Promise<void>;
  /** Makes directories in one that is there, except where the name is taken; returns those that it made. */
  makeMissing(parent: EfsPath, names: readonly string[]): Promise<readonly EfsPath[]>;
  /** Removes an empty directory; the root is `BAD_NAME`. */
  removeDirectory(path: EfsPath): Promise<void>;
  /** Removes a file. */
  remove(path: EfsPath): Promise<void>;
  /**
   * Moves a file or a directory in one step; to another file system that is mounted inside the volume, by a copy. Replaces
   * nothing: a name that is taken is `EXISTS`.
   */
  rename(from: EfsPath, to: EfsPath): Promise<void>;
  openReader(path: EfsPath): Promise<EfsReader>;
  /**
   * Begins a file, or the replacement of one; the old one takes its space until the commit. Fails at once with `NO_SPACE`
   * when not even `expectedSize` bytes are free, which reserves nothing.
   */
  openWriter(path: EfsPath, expectedSize?: number): Promise<EfsWriter>;
  /** Begins a directory that will appear, with all its files at once, in `parent`, which must be there. */
  draftDirectory(parent: EfsPath): Promise<DirectoryDraft>;
  space(): Promise<EfsSpace>;
  /** Takes all the room that is left, until the function that it gives is called; what is removed meanwhile makes room. */
  fill(): () => void;
  /** Makes the volume ready as at power-on. Files stay. */
  powerOn(): Promise<void>;
  /** Empties a volume that lives in memory: a file that is being written cannot be committed any more. */
  reset(): Promise<void>;
}

/** Equal for names that the volume treats as one: C: tells upper from lower case, D: does not (decisions 8). */
export function nameKey(volume: VolumeName, name: string): string {
  return volume === "C" ? name : name.toLowerCase();
}

/** Refuses what the EFS cannot hold: the last check before a disk, for a path that no parser has checked. */
export function checkPath(path: EfsPath): void {
  if (!isEfsPath(path)) badName();
}

/** Refuses the root, which cannot be made, moved or removed, and what {@link checkPath} refuses. */
export function checkBelowRoot(path: EfsPath): void {
  checkPath(path);
  if (path.segments.length === 0) throw new EfsError("BAD_NAME", `${printPath(path)} is the root of the volume`);
}

/** The path of a name in a directory; refuses what the EFS cannot hold. */
export function pathIn(parent: EfsPath, name: string): EfsPath {
  return childPath(parent, name) ?? badName();
}

/** Refuses to move a directory into itself. */
export function checkMove(from: EfsPath, to: EfsPath): void {
  checkBelowRoot(from);
  checkBelowRoot(to);
  const into = from.segments.every((name, at) => {
    const other = to.segments[at];
    return other !== undefined && nameKey(to.volume, other) === nameKey(from.volume, name);
  });
  if (into && to.segments.length > from.segments.length) {
    throw new EfsError("BAD_NAME", `${printPath(to)} lies inside ${printPath(from)}`);
  }
}

function badName(): never {
  throw new EfsError("BAD_NAME", "not a path of the EFS");
}

/** The order of a listing. */
export function byName(a: EfsEntry, b: EfsEntry): number {
  const [left, right] = [printPath(a.path), printPath(b.path)];
  return left < right ? -1 : left > right ? 1 : 0;
}
