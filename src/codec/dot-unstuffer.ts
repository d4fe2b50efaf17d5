import { CR, LF } from "./control-bytes.ts";

const DOT = 0x2e;

/**
 * What a line feed without a carriage return is, as long as no CR LF has come:
 * - `data`: the server is known to end its lines with CR LF.
 * - `closes-before-crlf`: the closing line may be LF `.` CR LF: servers send a file of Unix lines and then their own end.
 * - `line-end`: it ends lines like CR LF does, for a server that sends nothing else.
 */
export type BareLineFeed = "data" | "closes-before-crlf" | "line-end";

/**
 * What was read last. `line-start`: a line's end. `cr`: a CR that may begin CR LF. `dot`: the dot at a line's start, which
 * is dropped unless it closes; `dot-cr`: that dot and a CR. The `bare-` states are the same after a bare line feed, where
 * the dot is data unless the line closes the reply.
 */
type State = "line-start" | "text" | "cr" | "dot" | "dot-cr" | "bare-line-start" | "bare-dot" | "bare-dot-cr";

/** The bytes that a state holds back, which are data where the reply goes on. */
const HELD: Readonly<Partial<Record<State, readonly number[]>>> = {
  "dot-cr": [CR],
  "bare-dot": [DOT],
  "bare-dot-cr": [DOT, CR],
};

/**
 * Undoes the byte-stuffing of a multi-line reply and finds its end, the line that is a dot alone. Once a CR LF has come
 * only CR LF ends a line: a message may hold bare line feeds, and a dot between two of them is data.
 *
 * @rfc 1939 §3
 */
export class DotUnstuffer {
  #bareLineFeed: BareLineFeed;
  #state: State = "line-start";
  #done = false;
  #rest = 0;

  constructor(bareLineFeed: BareLineFeed = "data") {
    this.#bareLineFeed = bareLineFeed;
  }

  /** Whether the closing line has come. What follows it is not looked at. */
  get done(): boolean {
    return this.#done;
  }

  /** How many bytes at the end of the last chunk came after the closing line. */
  get rest(): number {
    return this.#rest;
  }

  /** Returns the data in the chunk: the chunk itself where nothing is to be removed, else a buffer of its own. */
  push(chunk: Buffer): Buffer {
    if (chunk.length === 0 || this.#done) {
      this.#rest = chunk.length;
      return chunk.subarray(0, 0);
    }
    return this.#isClean(chunk) ? this.#pass(chunk) : this.#copy(chunk);
  }

  #isClean(chunk: Buffer): boolean {
    const startsLine = this.#state === "line-start" || this.#state === "bare-line-start";
    if (startsLine ? chunk[0] === DOT : this.#state !== "text") return false;
    return !chunk.includes("\n.");
  }

  #pass(chunk: Buffer): Buffer {
    if (this.#bareLineFeed !== "data" && chunk.includes("\r\n")) this.#bareLineFeed = "data";
    const last = chunk[chunk.length - 1];
    if (last === CR) this.#state = "cr";
    else if (last === LF) this.#state = this.#afterLineFeed(chunk[chunk.length - 2] === CR);
    else this.#state = "text";
    return chunk;
  }

  #copy(chunk: Buffer): Buffer {
    // At most two bytes are held back from the chunk before.
    const out = Buffer.allocUnsafe(chunk.length + 2);
    let length = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      const before = this.#state;
      const after = this.#next(before, byte);
      if (after === "end") {
        this.#done = true;
        this.#rest = chunk.length - at - 1;
        break;
      }
      this.#state = after;
      if (after === "dot" || after === "dot-cr" || after === "bare-dot" || after === "bare-dot-cr") continue;
      for (const held of HELD[before] ?? []) out[length++] = held;
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  #next(state: State, byte: number): State | "end" {
    switch (byte) {
      case DOT:
        return state === "line-start" ? "dot" : state === "bare-line-start" ? "bare-dot" : "text";
      case CR:
        return state === "dot" ? "dot-cr" : state === "bare-dot" ? "bare-dot-cr" : "cr";
      case LF:
        if (state === "dot-cr" || state === "bare-dot-cr") return "end";
        if (state === "dot" && this.#bareLineFeed === "line-end") return "end";
        if (state === "cr") this.#bareLineFeed = "data";
        return this.#afterLineFeed(state === "cr");
      default:
        return "text";
    }
  }

  #afterLineFeed(afterCr: boolean): State {
    if (afterCr || this.#bareLineFeed === "line-end") return "line-start";
    return this.#bareLineFeed === "closes-before-crlf" ? "bare-line-start" : "text";
  }
}
