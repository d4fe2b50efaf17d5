import { DiskError } from "../platform/disk/disk.ts";

/**
 * What a file system operation can fail with. A closed set: each service and each command maps it in one table.
 *
 * - `NOT_FOUND` no such file or directory, or none above it · `EXISTS` the name is taken · `NOT_EMPTY` a directory to remove
 * - `IS_DIRECTORY` where a file is wanted · `NOT_DIRECTORY` where a directory is wanted
 * - `NO_SPACE` the volume is full · `NO_CARD` the slot is empty, or the card was pulled meanwhile
 * - `BAD_NAME` a name or a path that the EFS cannot hold, or an impossible move (to another volume, into itself)
 * - `DENIED` the host's disk does not permit it · `IN_USE` another process holds the volumes
 * - `IO` the disk failed in another way
 */
export type EfsErrorCode =
  | "NOT_FOUND"
  | "EXISTS"
  | "NOT_EMPTY"
  | "IS_DIRECTORY"
  | "NOT_DIRECTORY"
  | "NO_SPACE"
  | "NO_CARD"
  | "BAD_NAME"
  | "DENIED"
  | "IN_USE"
  | "IO";

/** The one error of the EFS. Callers look at `code`, never at the message. */
export class EfsError extends Error {
  override readonly name = "EfsError";
  readonly code: EfsErrorCode;

  constructor(code: EfsErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Waits for work on a disk; its failure becomes an {@link EfsError}. */
export async function fromDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    throw new EfsError(error.code === "OTHER_DEVICE" ? "IO" : error.code, error.message, error);
  }
}
