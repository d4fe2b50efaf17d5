/** A piece of what a module prints: the echo of a command line, a framed line, or the payload of a packet. */
export interface Printed {
  readonly kind: "echo" | "line" | "result" | "payload";
  readonly bytes: Buffer;
  /** Whether the echo or the payload begins here, and whether it ends: it may come in parts. */
  readonly begins: boolean;
  readonly ends: boolean;
}

const CRLF = "\r\n";
/** The header of a packet: `+CFTPGET: DATA, 10`, `+IPD10`, `+RECEIVE,1,10`. */
const HEADER = /(?:DATA, ?(?:\d+,)?|\+IPD|\+RECEIVE,\d+,)(\d+)\r\n$/;
const RESULT = /^(?:\r\n)?(?:OK|ERROR|CONNECT|BUSY|NO CARRIER|NO DIALTONE|NO ANSWER|\+CM[ES] ERROR: [^\r]*)\r\n$/;
/** A numeric result code of ATV0, which CR alone ends. */
const NUMERIC = /^\d\r(?!\n)/;
const ECHO = /^(?:AT|A\/)/i;

/**
 * Tells apart what a module prints. It holds nothing back: a line that does not come in one piece, as the module writes
 * it, is only a line.
 */
export class PrintedReader {
  #isEcho = false;
  /** Bytes of a packet that are still to come. */
  #payload = 0;
  #isPayloadNew = false;

  *read(chunk: Buffer): Generator<Printed> {
    for (let rest = chunk; rest.length > 0; ) {
      const piece = this.#next(rest);
      rest = rest.subarray(piece.bytes.length);
      yield piece;
    }
  }

  #next(bytes: Buffer): Printed {
    if (this.#payload > 0) return this.#payloadOf(bytes);
    const isNew = !this.#isEcho;
    if (!isNew || ECHO.test(bytes.toString("latin1", 0, 2))) return this.#echoOf(bytes, isNew);
    return this.#lineOf(bytes);
  }

  #payloadOf(bytes: Buffer): Printed {
    const piece = bytes.subarray(0, this.#payload);
    const begins = this.#isPayloadNew;
    this.#isPayloadNew = false;
    this.#payload -= piece.length;
    return { kind: "payload", bytes: piece, begins, ends: this.#payload === 0 };
  }

  #echoOf(bytes: Buffer, begins: boolean): Printed {
    const end = begins && bytes[1] === 0x2f ? 2 : bytes.indexOf("\r") + 1;
    this.#isEcho = end === 0;
    return { kind: "echo", bytes: end === 0 ? bytes : bytes.subarray(0, end), begins, ends: end > 0 };
  }

  #lineOf(bytes: Buffer): Printed {
    const isFramed = bytes.toString("latin1", 0, 2) === CRLF;
    const found = bytes.indexOf(CRLF, isFramed ? 2 : 0);
    const isNumeric = NUMERIC.test(bytes.toString("latin1", 0, 3));
    const end = isNumeric ? 2 : found < 0 ? bytes.length : found + 2;
    const piece = bytes.subarray(0, end);
    const text = piece.length > 100 ? "" : piece.toString("latin1");
    this.#payload = Number(HEADER.exec(text)?.[1] ?? 0);
    this.#isPayloadNew = true;
    const kind = isNumeric || RESULT.test(text) ? "result" : "line";
    return { kind, bytes: piece, begins: true, ends: true };
  }
}
