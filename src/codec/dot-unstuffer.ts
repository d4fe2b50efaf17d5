import { CR, LF } from "./control-bytes.ts";

const DOT = 0x2e;

type State = "line-start" | "text" | "lf" | "after-dot" | "lf-after-dot";

/**
 * Undoes the byte-stuffing of a multi-line reply and finds its end, the line that is a dot alone. Only CR LF ends a line:
 * a message may hold bare line feeds, and a dot between two of them is its own.
 *
 * @rfc 1939 §3
 */
export class DotUnstuffer {
  #state: State = "line-start";
  #done = false;
  #rest = 0;

  /** Whether the closing line has come. What follows it is not looked at. */
  get done(): boolean {
    return this.#done;
  }

  /** How many bytes at the end of the last chunk came after the closing line. */
  get rest(): number {
    return this.#rest;
  }

  /** Gives the message's bytes in the chunk: the chunk itself where nothing is to be removed, else a buffer of their own. */
  push(chunk: Buffer): Buffer {
    if (chunk.length === 0 || this.#done) {
      this.#rest = chunk.length;
      return chunk.subarray(0, 0);
    }
    return this.#isClean(chunk) ? this.#pass(chunk) : this.#copy(chunk);
  }

  #isClean(chunk: Buffer): boolean {
    if (this.#state === "line-start" ? chunk[0] === DOT : this.#state !== "text") return false;
    return !chunk.includes("\n.");
  }

  #pass(chunk: Buffer): Buffer {
    const last = chunk[chunk.length - 1];
    if (last === CR) this.#state = "lf";
    else if (last === LF && chunk[chunk.length - 2] === CR) this.#state = "line-start";
    else this.#state = "text";
    return chunk;
  }

  #copy(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      const before = this.#state;
      const after = next(before, byte);
      if (after === "end") {
        this.#done = true;
        this.#rest = chunk.length - at - 1;
        break;
      }
      if (before === "lf-after-dot") out[length++] = CR;
      if (after !== "after-dot" && after !== "lf-after-dot") out[length++] = byte;
      this.#state = after;
    }
    return out.subarray(0, length);
  }
}

function next(state: State, byte: number): State | "end" {
  if (state === "line-start" && byte === DOT) return "after-dot";
  if (state === "after-dot" && byte === CR) return "lf-after-dot";
  if (state === "lf-after-dot" && byte === LF) return "end";
  if (byte === CR) return "lf";
  return state === "lf" && byte === LF ? "line-start" : "text";
}
