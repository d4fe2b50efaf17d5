/** The file is not a record. The message begins with the number of the wrong line. */
export class RecordError extends Error {
  override readonly name = "RecordError";

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
  }
}

/**
 * Most bytes of a line: an event holds at most the bytes of one read, 64 KiB, each of which takes six bytes at most
 * (`\u0000`).
 */
const LINE_LIMIT = 4 * 1024 * 1024;

/** A line of text, and whether a line feed ended it. */
export interface Line {
  readonly number: number;
  readonly text: string;
  readonly isWhole: boolean;
}

const LF = 0x0a;

/** Splits bytes into lines, at most one of which is in memory. Throws a {@link RecordError} for a line without end. */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 1;
  let begun: Buffer[] = [];
  let length = 0;
  for await (const given of pieces) {
    const piece = Buffer.from(given.buffer, given.byteOffset, given.length);
    let start = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, start)) {
      const text =
        begun.length === 0 ? piece.toString("utf8", start, end) : textOf([...begun, piece.subarray(start, end)]);
      yield { number, text, isWhole: true };
      number++;
      start = end + 1;
      begun = [];
      length = 0;
    }
    length += piece.length - start;
    if (length > LINE_LIMIT) throw new RecordError(number, `longer than ${LINE_LIMIT} bytes`);
    // The piece is borrowed.
    if (start < piece.length) begun.push(Buffer.from(piece.subarray(start)));
  }
  if (length > 0) yield { number, text: textOf(begun), isWhole: false };
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString("utf8");
}
