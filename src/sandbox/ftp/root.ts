/** A path as its names from the root down, each a byte string: one character for each byte that the client sent. */
export type FtpPath = readonly string[];

/** A file or a directory as listings show it. */
export interface FtpEntry {
  readonly name: string;
  readonly kind: "file" | "directory";
  /** In bytes; 0 for a directory. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
}

/** Takes the bytes of one upload. What was written before a broken upload stays, so that a client can resume. */
export interface FtpFileWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What the embedded FTP server serves. Whatever cannot be done is an {@link FtpFileError}. */
export interface FtpRoot {
  /** Tells of a file or directory; of nothing when there is none. */
  stat(path: FtpPath): Promise<FtpEntry | undefined>;
  /** The entries of a directory, sorted by name. */
  list(path: FtpPath): Promise<readonly FtpEntry[]>;
  /** The bytes of a file from `offset` on, in pieces. */
  read(path: FtpPath, offset: number): AsyncIterable<Uint8Array>;
  /** Opens a file for writing: cut off at `offset`, which may not lie past its end, or at its `"end"`. */
  write(path: FtpPath, offset: number | "end"): Promise<FtpFileWriter>;
  makeDirectory(path: FtpPath): Promise<void>;
  /** Removes an empty directory. */
  removeDirectory(path: FtpPath): Promise<void>;
  remove(path: FtpPath): Promise<void>;
  /** Moves a file or directory, replacing a file that is there. */
  rename(from: FtpPath, to: FtpPath): Promise<void>;
}

/** Why a file operation cannot be done, with the reply that says so (RFC 959 §4.2.1). */
export class FtpFileError extends Error {
  override readonly name = "FtpFileError";
  readonly reply: 550 | 552;

  constructor(reply: 550 | 552, message: string) {
    super(message);
    this.reply = reply;
  }
}

/** The path that an argument means in a directory. `..` stops at the root; empty names and `.` say nothing. */
export function resolveFtpPath(directory: FtpPath, argument: string): FtpPath {
  const names = argument.startsWith("/") ? [] : [...directory];
  for (const name of argument.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names;
}

/** A path as clients see it. */
export function printFtpPath(path: FtpPath): string {
  return `/${path.join("/")}`;
}
