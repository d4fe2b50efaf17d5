/**
 * What a {@link DiskError} can be. `NOT_FOUND` includes what is there but is neither a regular file nor a directory,
 * `DENIED` the lack of a permission and a read-only file system, `IN_USE` a lock that is held,
 * `OTHER_DEVICE` a rename from one file system to another.
 */
export type DiskErrorCode =
  | "NOT_FOUND"
  | "EXISTS"
  | "NOT_EMPTY"
  | "IS_DIRECTORY"
  | "NOT_DIRECTORY"
  | "NO_SPACE"
  | "BAD_NAME"
  | "DENIED"
  | "IN_USE"
  | "OTHER_DEVICE"
  | "IO";

/** The one error of the disk. Callers look at `code`, never at the message, which is a phrase for the user. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly code: DiskErrorCode;

  constructor(code: DiskErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** One name in a directory. `other` is what this program never touches: symbolic links, devices, sockets. */
export interface DiskEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
}

/** An open regular file. Reads and writes go to that file, even if it is renamed or removed meanwhile. */
export interface DiskFile {
  /** The size when the file was opened. */
  readonly size: number;
  /** Fills the buffer as far as there are bytes from `position` on; returns their number, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all the bytes. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  setModified(ms: number): Promise<void>;
  /** Resolves when the written bytes would survive a power cut. */
  sync(): Promise<void>;
  /** Waits for operations that are under way, then closes. */
  close(): Promise<void>;
}

/**
 * A directory, held open. Each name is one name inside it: no separator, no `..`. No operation follows a symbolic link,
 * even if someone replaces a directory by a link meanwhile.
 */
export interface DiskFolder {
  /** Identifies the file system that holds the directory: a rename works only inside one file system. */
  readonly device: number;
  openFolder(name: string): Promise<DiskFolder>;
  /** Every name but `.` and `..`, in no order. A name that is not UTF-8 is given as one that does not exist. */
  names(): Promise<readonly string[]>;
  stat(name: string): Promise<DiskEntry | undefined>;
  /**
   * A text that changes when a name in the directory appears or disappears. While it is not `settled` the last change is so
   * recent that the file system may give the next one the same time, and so the same text.
   */
  stamp(): Promise<{ readonly text: string; readonly settled: boolean }>;
  makeFolder(name: string): Promise<void>;
  removeFolder(name: string): Promise<void>;
  removeFile(name: string): Promise<void>;
  /** Moves a file or a directory in one step; replaces a file of the new name. */
  rename(name: string, to: DiskFolder, newName: string): Promise<void>;
  openFile(name: string): Promise<DiskFile>;
  /** Creates an empty file; an existing one is `EXISTS`. A private file is readable for its owner only. */
  createFile(name: string, access?: DiskAccess): Promise<DiskFile>;
  /** Resolves when the names would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Who may read a file or a directory that is made: those whom the user's umask lets, or only its owner (0600, 0700). */
export type DiskAccess = "shared" | "private";

/** A lock that this process holds. */
export interface DiskLock {
  /** Whether the lock is still there; it is not after someone has deleted the directory that it lies in. */
  isHeld(): Promise<boolean>;
  /** Gives the lock up. Synchronous, so that a process can do it while it exits; a second call does nothing. */
  release(): void;
}

/** The port to the file system of the machine that this program runs on. Its paths come from the user and are trusted. */
export interface Disk {
  /** Makes a directory, and those above it, where they are missing. An existing one keeps its permissions. */
  makeFolder(path: string, access?: DiskAccess): Promise<void>;
  /** Opens an existing directory. */
  openFolder(path: string): Promise<DiskFolder>;
  /** Returns the whole file, or `undefined` if there is none. More than `limit` bytes is `NO_SPACE`. */
  readFile(path: string, limit: number): Promise<Buffer | undefined>;
  /**
   * Replaces a private file in one step: a reader, and a start after a crash, finds the old content or the new. Resolves
   * when the new one would survive a power cut. Makes no directory.
   */
  replaceFile(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Takes the lock `path`, which becomes a small directory of this name for as long as it is held. `IN_USE` names the
   * process that holds it, this one included. A lock that a killed process has left is taken over; of several that try
   * at once exactly one succeeds.
   */
  lock(path: string): Promise<DiskLock>;
  /** Makes up a name for a file or a directory that is unfinished, unique and recognizable as this process's own. */
  draftName(): string;
  /** Whether a name was made by {@link draftName} in a process that no longer runs. */
  isAbandonedDraft(name: string): boolean;
}
