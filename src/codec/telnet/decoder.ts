import { DO, DONT, IAC, SB, SE, type Verb, WILL, WONT } from "./codes.ts";
import { copyRun, endOfRun } from "./run.ts";

/** Longest content of a subnegotiation; a longer one is dropped whole. The longest of RFC 2217 is a signature's text. */
const MAX_SUBNEGOTIATION = 256;

const CR = 0x0d;
const NUL = 0x00;

/** Takes what a Telnet stream is made of, in order. */
export interface TelnetSink {
  /** Data. They are a part of the chunk that was pushed. */
  data(bytes: Buffer): void;
  /** A command without an option. */
  command(code: number): void;
  negotiation(verb: Verb, option: number): void;
  /** The content of a subnegotiation, borrowed until the call returns. */
  subnegotiation(option: number, content: Uint8Array): void;
}

type State = "data" | "command" | "option" | "subnegotiated option" | "content" | "command in content";

/**
 * Splits a Telnet stream into data, commands and negotiations. Works in place, and gives the data between two commands in
 * one piece however many of their bytes are doubled.
 *
 * @rfc 854, 855
 */
export class TelnetDecoder {
  /** Whether the sender transmits binary; otherwise the NUL behind each CR that ends no line is dropped (RFC 854, NVT). */
  binary = false;
  readonly #sink: TelnetSink;
  #state: State = "data";
  #verb: Verb = DO;
  #option = 0;
  readonly #content = new Uint8Array(MAX_SUBNEGOTIATION);
  /** How many bytes of content came, also those that are not kept. */
  #length = 0;
  #afterCr = false;

  constructor(sink: TelnetSink) {
    this.#sink = sink;
  }

  /** Takes a chunk over, cut anywhere. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#state === "data") at = this.#takeData(chunk, at);
      else this.#take(chunk, at++);
    }
  }

  /** Takes data up to a command or the chunk's end; gives the place behind it. */
  #takeData(chunk: Buffer, from: number): number {
    const first = chunk.indexOf(IAC, from);
    if (first < 0) {
      this.#give(chunk.subarray(from));
      return chunk.length;
    }
    let read = first;
    let write = first;
    while (read < chunk.length) {
      for (; chunk[read] === IAC && chunk[read + 1] === IAC; read += 2) chunk[write++] = IAC;
      if (chunk[read] === IAC) {
        this.#state = "command";
        read++;
        break;
      }
      const end = endOfRun(chunk, read);
      write = copyRun(chunk, read, end, chunk, write);
      read = end;
    }
    if (write > from) this.#give(chunk.subarray(from, write));
    return read;
  }

  #give(bytes: Buffer): void {
    const text = this.binary ? bytes : this.#withoutPadding(bytes);
    if (text.length > 0) this.#sink.data(text);
  }

  #withoutPadding(bytes: Buffer): Buffer {
    let write = 0;
    for (const byte of bytes) {
      if (byte !== NUL || !this.#afterCr) bytes[write++] = byte;
      this.#afterCr = byte === CR;
    }
    return bytes.subarray(0, write);
  }

  /** Takes one byte of anything but data. */
  #take(chunk: Buffer, at: number): void {
    const byte = chunk[at] as number;
    switch (this.#state) {
      case "command":
        if (byte === IAC) {
          this.#state = "data";
          this.#give(chunk.subarray(at, at + 1));
        } else this.#command(byte);
        break;
      case "option":
        this.#state = "data";
        this.#sink.negotiation(this.#verb, byte);
        break;
      case "subnegotiated option":
        this.#option = byte;
        this.#length = 0;
        this.#state = "content";
        break;
      case "content":
        if (byte === IAC) this.#state = "command in content";
        else this.#keep(byte);
        break;
      case "command in content":
        this.#commandInContent(byte);
        break;
      case "data":
        break;
    }
  }

  #command(code: number): void {
    if (code === DO || code === DONT || code === WILL || code === WONT) {
      this.#verb = code;
      this.#state = "option";
    } else if (code === SB) this.#state = "subnegotiated option";
    else {
      this.#state = "data";
      this.#sink.command(code);
    }
  }

  #commandInContent(code: number): void {
    if (code === IAC) {
      this.#keep(IAC);
      this.#state = "content";
    } else if (code === SE) {
      this.#state = "data";
      if (this.#length <= MAX_SUBNEGOTIATION) {
        this.#sink.subnegotiation(this.#option, this.#content.subarray(0, this.#length));
      }
    }
    // Any other command means that the end was lost: the content is dropped.
    else this.#command(code);
  }

  #keep(byte: number): void {
    if (this.#length < MAX_SUBNEGOTIATION) this.#content[this.#length] = byte;
    this.#length++;
  }
}
