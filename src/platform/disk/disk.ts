/** What a {@link DiskError} can be. `NOT_FOUND` covers what is there but is neither a regular file nor a directory. */
export type DiskErrorCode =
  | "NOT_FOUND"
  | "EXISTS"
  | "NOT_EMPTY"
  | "IS_DIRECTORY"
  | "NOT_DIRECTORY"
  | "NO_SPACE"
  | "BAD_NAME"
  | "IO";

/** The one error of the disk. Callers look at `code`, never at the message. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  readonly code: DiskErrorCode;

  constructor(code: DiskErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** One name in a directory. `other` is what we never touch: symbolic links, devices, sockets. */
export interface DiskEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
}

/** An open regular file. What it reads and writes is that file, whatever becomes of its name. */
export interface DiskFile {
  /** The size at the time of opening. */
  readonly size: number;
  /** Fills the buffer as far as there are bytes from `position` on; gives their number, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all the bytes. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  setModified(ms: number): Promise<void>;
  /** Resolves when what was written survives a power cut. */
  sync(): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/**
 * A directory, held open. Each name is a single name inside it: no separator, no `..`. No operation follows a symbolic
 * link, and none is led elsewhere by a directory that someone swaps for a link in the meantime.
 */
export interface DiskFolder {
  openFolder(name: string): Promise<DiskFolder>;
  /** Every name but `.` and `..`, in no order. A name that is not UTF-8 shows as one that does not exist. */
  names(): Promise<readonly string[]>;
  stat(name: string): Promise<DiskEntry | undefined>;
  makeFolder(name: string): Promise<void>;
  removeFolder(name: string): Promise<void>;
  removeFile(name: string): Promise<void>;
  /** Moves a file or a directory, at once; replaces a file of the new name. */
  rename(name: string, to: DiskFolder, newName: string): Promise<void>;
  openFile(name: string): Promise<DiskFile>;
  /** Creates an empty file; an existing one is `EXISTS`. */
  createFile(name: string): Promise<DiskFile>;
  /** Resolves when the names survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The port to the file system of the machine that runs us. Paths here are the operator's, and trusted. */
export interface Disk {
  /** Opens a directory; makes it, and those above it, if it is not there. */
  openFolder(path: string): Promise<DiskFolder>;
  /** Gives the whole file, or `undefined` if there is none. More than `limit` bytes is `NO_SPACE`. */
  readFile(path: string, limit: number): Promise<Buffer | undefined>;
  /** Replaces the whole file at once: a reader, and a start after a crash, sees the old one or the new one. */
  replaceFile(path: string, bytes: Uint8Array): Promise<void>;
}
