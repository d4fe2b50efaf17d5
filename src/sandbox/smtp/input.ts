import { CR, LF } from "../../codec/control-bytes.ts";
import type { Connection } from "../../platform/network/network.ts";
import type { Deadline } from "../../platform/time/deadline.ts";

const DOT = 0x2e;
/** RFC 5321 §4.5.3.1.6: a text line has at most 999 bytes before its LF, a doubled dot not counted. */
const TEXT_LINE = 999;

/** A message as DATA brought it; `fault` is the reply to a message that breaks a rule. */
export interface ReceivedData {
  readonly raw: Buffer;
  readonly fault: string | undefined;
}

/** Splits the client's bytes into command lines and messages, however they are cut into segments. */
export class SmtpInput {
  readonly #connection: Connection;
  readonly #idle: Deadline;
  #rest: Buffer = Buffer.alloc(0);

  /** `idle` starts anew with every segment; its signal ends every wait. */
  constructor(connection: Connection, idle: Deadline) {
    this.#connection = connection;
    this.#idle = idle;
  }

  /**
   * Gives the next command line without its end, `"long"` for one of more than `limit` bytes, `undefined` when the client
   * has gone. A user at a terminal may end it with LF alone.
   */
  async line(limit: number): Promise<string | "long" | undefined> {
    let long = false;
    for (;;) {
      const end = this.#rest.indexOf(LF);
      if (end >= 0) {
        const line = this.#rest.subarray(0, this.#rest[end - 1] === CR ? end - 1 : end);
        this.#rest = this.#rest.subarray(end + 1);
        return long || line.length > limit ? "long" : line.toString("latin1");
      }
      if (this.#rest.length > limit + 1) {
        long = true;
        this.#rest = Buffer.alloc(0);
      }
      const chunk = await this.#read();
      if (chunk === undefined) return undefined;
      this.#rest = Buffer.concat([this.#rest, chunk]);
    }
  }

  /** Reads a message up to its final dot (RFC 5321 §4.5.2); of one that breaks a rule nothing is kept. */
  async data(limit: number): Promise<ReceivedData | undefined> {
    const message = new MessageLines(limit);
    for (;;) {
      const end = message.push(this.#rest);
      if (end !== undefined) {
        this.#rest = this.#rest.subarray(end);
        return message.finish();
      }
      const chunk = await this.#read();
      if (chunk === undefined) return undefined;
      this.#rest = chunk;
    }
  }

  #read(): Promise<Buffer | undefined> {
    this.#idle.restart();
    return this.#connection.read(this.#idle.signal);
  }
}

/** Takes a message's bytes in any chunks; only CR LF ends a line, so that a message cannot smuggle a second one past the next server. */
class MessageLines {
  readonly #limit: number;
  #message = Buffer.allocUnsafe(4096);
  #size = 0;
  #fault: string | undefined;
  /** How many bytes of the current line were seen, its CR included. */
  #column = 0;
  #dotFirst = false;
  #afterCr = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a chunk, and gives how much of it belonged to the message once the final dot has come. */
  push(chunk: Buffer): number | undefined {
    this.#reserve(chunk.length + 1);
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF && this.#afterCr) {
        if (this.#dotFirst && this.#column === 2) return at + 1;
        this.#endLine();
      } else {
        this.#take(byte);
      }
    }
    return undefined;
  }

  finish(): ReceivedData {
    this.#dropIfFaulty();
    return { raw: Buffer.from(this.#message.subarray(0, this.#size)), fault: this.#fault };
  }

  #endLine(): void {
    this.#message[this.#size++] = CR;
    this.#message[this.#size++] = LF;
    this.#column = 0;
    this.#dotFirst = false;
    this.#afterCr = false;
  }

  #take(byte: number): void {
    // A CR is kept when its LF comes; alone it is a fault, as is a lone LF.
    if (byte === LF || this.#afterCr) this.#fault ??= "550 5.6.0 Bare CR or LF in the message";
    this.#afterCr = byte === CR;
    if (this.#column === 0) this.#dotFirst = byte === DOT;
    const stuffed = this.#column === 0 && this.#dotFirst;
    this.#column++;
    if (this.#column > TEXT_LINE + (this.#dotFirst ? 1 : 0)) this.#fault ??= "500 5.6.0 Line too long";
    if (!this.#afterCr && !stuffed) this.#message[this.#size++] = byte;
  }

  /** Drops the content of a message that breaks a rule. */
  #dropIfFaulty(): void {
    if (this.#size > this.#limit) this.#fault ??= "552 5.3.4 Message too big";
    if (this.#fault !== undefined) this.#size = 0;
  }

  /** Makes room for more bytes. */
  #reserve(length: number): void {
    this.#dropIfFaulty();
    if (this.#size + length <= this.#message.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#message.length * 2, this.#size + length));
    this.#message.copy(larger, 0, 0, this.#size);
    this.#message = larger;
  }
}
