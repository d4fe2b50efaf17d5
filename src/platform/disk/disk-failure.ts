import { DiskError, type DiskErrorCode } from "./disk.ts";

/** What an error number of the system becomes, and how it is put to the user. */
const FAILURES: Readonly<Record<string, readonly [DiskErrorCode, string]>> = {
  ENOENT: ["NOT_FOUND", "there is no such file or directory"],
  // A symbolic link under O_NOFOLLOW, and a socket, which count as not there.
  ELOOP: ["NOT_FOUND", "this is a symbolic link"],
  ENXIO: ["NOT_FOUND", "this is no regular file"],
  EEXIST: ["EXISTS", "it exists already"],
  ENOTEMPTY: ["NOT_EMPTY", "the directory is not empty"],
  EISDIR: ["IS_DIRECTORY", "this is a directory"],
  ENOTDIR: ["NOT_DIRECTORY", "this is not a directory"],
  ENOSPC: ["NO_SPACE", "the disk is full"],
  EDQUOT: ["NO_SPACE", "the disk quota is used up"],
  EFBIG: ["NO_SPACE", "the file is too large for the disk"],
  ENAMETOOLONG: ["BAD_NAME", "the name is too long"],
  EINVAL: ["BAD_NAME", "the disk does not take this name"],
  EACCES: ["DENIED", "permission denied"],
  EPERM: ["DENIED", "permission denied"],
  EROFS: ["DENIED", "the file system is read-only"],
  EXDEV: ["OTHER_DEVICE", "the two places are on different file systems"],
  EMFILE: ["IO", "this process has too many files open (see ulimit -n)"],
  ENFILE: ["IO", "the system has too many files open"],
  EIO: ["IO", "the disk failed to read or write"],
};

/** Waits for work on the file system; its failure becomes a {@link DiskError}. */
export async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw diskError(error);
  }
}

function diskError(error: unknown): DiskError {
  if (error instanceof DiskError) return error;
  const errno = (error as NodeJS.ErrnoException).code ?? String(error);
  const [code, message] = FAILURES[errno] ?? (["IO", `the disk failed (${errno})`] as const);
  return new DiskError(code, message, error);
}
