import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";

const LF = 0x0a;
const CR = 0x0d;

/** A line of a reply, without its end. */
export interface ReplyLine {
  readonly text: string;
  /** Whether it ended with LF alone, against RFC 1939 §3. */
  readonly endsWithLfAlone: boolean;
}

/** Reads lines and then bytes of one connection, and keeps what arrived behind a line. */
export class ReplyReader {
  readonly #connection: Connection;
  #rest: Buffer = Buffer.alloc(0);

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether bytes have arrived that nobody has read. Those that wait in the connection are looked at, too. */
  async hasMore(): Promise<boolean> {
    if (this.#rest.length > 0) return true;
    // A read that is already aborted returns what has arrived and does not wait.
    return this.#connection.read(AbortSignal.abort()).then(
      () => true,
      () => false,
    );
  }

  /** Reads one line. More than `limit` bytes are `REPLY`, an end before the line's own is `CLOSED`. */
  async readLine(limit: number, signal: AbortSignal): Promise<ReplyLine> {
    let end = this.#rest.indexOf(LF);
    while (end < 0 && this.#rest.length <= limit + 1) {
      const searched = this.#rest.length;
      this.#rest = Buffer.concat([this.#rest, await this.#more(signal)]);
      end = this.#rest.indexOf(LF, searched);
    }
    const endsWithLfAlone = this.#rest[end - 1] !== CR;
    const length = endsWithLfAlone ? end : end - 1;
    if (end < 0 || length > limit) throw new ServiceError("REPLY", `a line of more than ${limit} bytes`);
    const text = this.#rest.toString("latin1", 0, length);
    this.#rest = this.#rest.subarray(end + 1);
    return { text, endsWithLfAlone };
  }

  /** Returns what has arrived, at least one byte; the caller owns it. The end of the connection is `CLOSED`. */
  async read(signal: AbortSignal): Promise<Buffer> {
    if (this.#rest.length === 0) return this.#more(signal);
    signal.throwIfAborted();
    const bytes = this.#rest;
    this.#rest = Buffer.alloc(0);
    return bytes;
  }

  async #more(signal: AbortSignal): Promise<Buffer> {
    const bytes = await this.#connection.read(signal);
    if (bytes === undefined) throw new ServiceError("CLOSED", "the server closed within a reply");
    return bytes;
  }
}
