import { BS, CR, DEL, ESC, LF, SP, SUB } from "../../codec/control-bytes.ts";
import type { DataEntry, EntryProgress } from "./data-entry.ts";

interface MessageEntryOptions {
  /** Most bytes that are kept. */
  readonly limit: number;
  /** Printed behind each CR. */
  readonly reprompt?: string | undefined;
  /** Whether control characters are letters, as in the GSM alphabet; else those that have no meaning here are dropped. */
  readonly lettersBelowSpace?: boolean;
}

/**
 * Entry of a short message's text behind its `> ` prompt: Ctrl-Z sends it, ESC takes it back, BS and DEL erase the last
 * character. What is past the limit is dropped.
 *
 * @spec 3GPP TS 27.005 3.5.1
 */
export class MessageEntry implements DataEntry {
  readonly #limit: number;
  readonly #reprompt: Buffer | undefined;
  readonly #lettersBelowSpace: boolean;
  readonly #typed: number[] = [];

  constructor({ limit, reprompt, lettersBelowSpace = false }: MessageEntryOptions) {
    this.#limit = limit;
    this.#reprompt = reprompt === undefined ? undefined : Buffer.from(reprompt);
    this.#lettersBelowSpace = lettersBelowSpace;
  }

  /** What was entered, one character for each byte. Lines are separated by LF. */
  get text(): string {
    return Buffer.from(this.#typed).toString("latin1").replace(/\r\n?/g, "\n");
  }

  push(
    chunk: Buffer,
    echo: ((bytes: Uint8Array) => void) | undefined,
    print: (bytes: Uint8Array) => void,
  ): EntryProgress {
    let echoed: number[] = [];
    const flush = () => {
      if (echoed.length > 0) echo?.(Buffer.from(echoed));
      echoed = [];
    };
    let at = 0;
    let ended = false;
    let escaped = false;
    while (at < chunk.length && !ended) {
      const byte = chunk[at++] ?? SUB;
      ended = byte === SUB || byte === ESC;
      escaped = byte === ESC;
      if (ended) break;
      this.#accept(byte, echoed);
      if (byte !== CR || this.#reprompt === undefined) continue;
      flush();
      print(this.#reprompt);
    }
    flush();
    return { consumed: at, ended, escaped, ready: undefined };
  }

  #accept(byte: number, echoed: number[]): void {
    if (byte === BS || byte === DEL) {
      if (this.#typed.pop() !== undefined) echoed.push(BS, SP, BS);
      return;
    }
    const isLetter = byte >= SP || byte === CR || byte === LF || this.#lettersBelowSpace;
    if (this.#typed.length >= this.#limit || !isLetter) return;
    this.#typed.push(byte);
    echoed.push(byte);
  }
}
