import { filePieces, type PiecesOptions } from "../../platform/disk/file-pieces.ts";
import { UsageError } from "../../platform/usage-error.ts";
import type { RigEvent } from "../../rig/events.ts";
import { RecordError } from "../../trace/record/lines.ts";
import { readSession } from "../../trace/record/read-session.ts";
import { explainFile } from "../explain.ts";

/**
 * The events of a record or golden transcript, `-` being the standard input. What is left out of it is told on stderr; a
 * file that cannot be read, or is neither of the two, is a {@link UsageError} that names the line.
 */
export async function* sessionFile(path: string, options: PiecesOptions): AsyncGenerator<RigEvent> {
  const name = path === "-" ? "the standard input" : path;
  const pieces = path === "-" ? process.stdin : filePieces(path, options);
  try {
    yield* readSession(pieces, (message) => void process.stderr.write(`vmodem: ${name}: ${message}\n`));
  } catch (error) {
    if (error instanceof RecordError) throw new UsageError(`${name}: ${error.message}`, { cause: error });
    throw readingFailure(name, error) ?? error;
  }
}

function readingFailure(name: string, error: unknown): UsageError | undefined {
  const { syscall } = error as NodeJS.ErrnoException;
  if (syscall !== "open" && syscall !== "read") return undefined;
  const reason = explainFile(error);
  return reason === undefined ? undefined : new UsageError(`${name}: ${reason}`, { cause: error });
}
