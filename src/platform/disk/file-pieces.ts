import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const PIECE = 64 * 1024;
/** Milliseconds between two looks at a file that may grow. */
const LOOK = 100;

export interface PiecesOptions {
  /** Waits for more at the end of the file, until the signal aborts. Default: ends there. */
  readonly follow?: boolean;
  readonly signal: AbortSignal;
}

/**
 * The bytes of a file, piece by piece, each borrowed until the next is asked for. A file that is followed and has become
 * shorter is read again from its beginning. Ends when the signal aborts.
 */
export async function* filePieces(path: string, { follow = false, signal }: PiecesOptions): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    // A pipe or a terminal has no positions.
    const seekable = (await file.stat()).isFile();
    const buffer = Buffer.allocUnsafeSlow(PIECE);
    for (let position = 0; !signal.aborted; ) {
      const { bytesRead } = await file.read(buffer, 0, PIECE, seekable ? position : null);
      position += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (!follow) return;
      else position = await grown(file, position, signal);
    }
  } finally {
    await file.close();
  }
}

/** Waits a moment; gives where to go on. */
async function grown(file: FileHandle, position: number, signal: AbortSignal): Promise<number> {
  await sleep(LOOK, undefined, { signal }).catch(() => undefined);
  const { size } = await file.stat();
  return size < position ? 0 : position;
}
