import { BS, DEL, ESC, SP, SUB } from "../../codec/control-bytes.ts";
import type { DataEntry, EntryProgress } from "./data-entry.ts";

const ERASED = Buffer.from([BS, SP, BS]);

/**
 * Data entry of a text: BS and DEL erase the last byte, Ctrl-Z ends the text, ESC gives it up; any other byte belongs to
 * it. What comes when the text is full is dropped.
 */
export class TextEntry implements DataEntry {
  readonly #bytes: Buffer;
  #length = 0;

  /** Takes at most `limit` bytes. */
  constructor(limit: number) {
    this.#bytes = Buffer.alloc(limit);
  }

  /** What was entered, one character a byte; nothing after ESC. */
  get text(): string {
    return this.#bytes.toString("latin1", 0, this.#length);
  }

  /** The echo is what the host has typed of the text, without the byte that ends it. */
  push(chunk: Buffer, echo: ((bytes: Uint8Array) => void) | undefined): EntryProgress {
    const echoed: Uint8Array[] = [];
    let at = 0;
    let ended = false;
    let escaped = false;
    while (at < chunk.length && !ended) {
      const byte = chunk[at] ?? 0;
      if (byte === SUB || byte === ESC) {
        escaped = byte === ESC;
        if (escaped) this.#length = 0;
        at++;
        ended = true;
      } else if (byte === BS || byte === DEL) {
        if (this.#erase()) echoed.push(ERASED);
        at++;
      } else {
        const end = endOfRun(chunk, at);
        echoed.push(this.#append(chunk.subarray(at, end)));
        at = end;
      }
    }
    if (echoed.length > 0) echo?.(Buffer.concat(echoed));
    return { consumed: at, ended, escaped, ready: undefined };
  }

  #erase(): boolean {
    if (this.#length === 0) return false;
    this.#length--;
    return true;
  }

  /** Gives the part for which there was room. */
  #append(run: Buffer): Buffer {
    const copied = run.copy(this.#bytes, this.#length);
    this.#length += copied;
    return run.subarray(0, copied);
  }
}

/** Where the bytes that are nothing but text end. */
function endOfRun(chunk: Buffer, start: number): number {
  let end = start;
  while (end < chunk.length && !isControl(chunk[end] ?? 0)) end++;
  return end;
}

function isControl(byte: number): boolean {
  return byte === SUB || byte === ESC || byte === BS || byte === DEL;
}
