import type { Efs } from "../../efs/efs.ts";
import { numberedDirectory } from "../../efs/numbered-directory.ts";
import { childPath, decodeName, type EfsPath } from "../../efs/path.ts";
import type { EfsReader, EfsWriter } from "../../efs/store.ts";
import { FTP_CODES, type FtpCode, LocalFailure } from "./code.ts";

/** A file of the server. */
export interface FileRequest {
  /** The server's path: a byte string. */
  readonly path: string;
  /** The first byte to transfer (field.md 4, `<rest_size>`). */
  readonly offset: number;
}

export interface EfsFileRequest extends FileRequest {
  /** `<dir>`: the directory of the file in the EFS. Its name is the last segment of the server's path. */
  readonly directory: number;
}

/**
 * Begins the file that a download writes. A download from an offset on continues the existing file. Any failure, a name that
 * the EFS cannot hold included, is 206, and 205 where the existing file cannot be continued.
 */
export async function openTarget(efs: Efs, request: EfsFileRequest, signal: AbortSignal): Promise<EfsWriter> {
  const writer = await locally(FTP_CODES.write, async () => efs.openWriter(localPath(efs, request)));
  if (request.offset === 0) return writer;
  try {
    const start = await openSource(efs, { ...request, offset: 0 });
    try {
      await copyStart(start, request.offset, writer, signal);
    } finally {
      await start.close();
    }
    return writer;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Opens the file that an upload reads. Any failure, a name that the EFS cannot hold included, is 205. */
export async function openSource(efs: Efs, request: EfsFileRequest): Promise<EfsReader> {
  const reader = await locally(FTP_CODES.read, async () => efs.openReader(localPath(efs, request)));
  if (reader.size >= request.offset) return reader;
  await reader.close();
  throw new LocalFailure(FTP_CODES.read, "the file ends before the offset");
}

/** Gives the next bytes of a file, `undefined` at its end; failure is 205. */
export function readSource(source: EfsReader, signal: AbortSignal): Promise<Uint8Array | undefined> {
  return locally(FTP_CODES.read, () => source.read(signal));
}

/** Runs work on the EFS; a failure gets this code. */
export async function locally<T>(code: FtpCode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new LocalFailure(code, error);
  }
}

function localPath(efs: Efs, { path, directory }: EfsFileRequest): EfsPath {
  const name = decodeName(Buffer.from(path, "latin1")).split("/").at(-1) ?? "";
  const local = childPath(numberedDirectory(directory, efs.currentDirectory), name);
  if (local === undefined) throw new Error("no name for a file of the EFS");
  return local;
}

async function copyStart(source: EfsReader, length: number, writer: EfsWriter, signal: AbortSignal): Promise<void> {
  for (let left = length; left > 0; ) {
    const chunk = await readSource(source, signal);
    if (chunk === undefined) throw new LocalFailure(FTP_CODES.read, "the file ends before the offset");
    const part = chunk.subarray(0, left);
    await locally(FTP_CODES.write, () => writer.write(part, signal));
    left -= part.length;
  }
}
