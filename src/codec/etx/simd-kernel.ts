import { instantiate } from "../web-assembly.ts";
import type { EtxCursor, EtxKernel } from "./cursor.ts";
import { scalarKernel } from "./scalar-kernel.ts";
import { ETX_SIMD_MODULE } from "./simd-module.ts";

/** Both answer `(stop in the input << 16) | stop in the output`. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  encode(from: number, to: number, out: number, limit: number): number;
  decode(from: number, to: number, out: number): number;
}

/** One step's input, at address 0; its output, at most twice as long, follows it on the same page and fits the fast caches. */
const WINDOW = 16 * 1024;

/**
 * Below this the way in and out of the module's memory costs more than it saves. It is what makes the loops below advance: one byte
 * of input alone can be an ETX that must wait, one byte of room alone too little for a pair.
 */
const SHORT = 64;

/** The kernel in WebAssembly SIMD, or `undefined` where the engine has none. */
export function createSimdKernel(): EtxKernel | undefined {
  const exports = instantiate<Exports>(ETX_SIMD_MODULE);
  return exports === undefined ? undefined : new SimdKernel(exports);
}

/** The page of memory is scratch: it holds nothing between two calls, so that any number of codecs may share it. */
class SimdKernel implements EtxKernel {
  readonly #exports: Exports;
  readonly #page: Uint8Array;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#page = new Uint8Array(exports.memory.buffer);
  }

  encode(cursor: EtxCursor): void {
    for (;;) {
      const room = Math.min(cursor.target.length - cursor.written, 2 * WINDOW);
      const length = Math.min(cursor.source.length - cursor.read, room, WINDOW);
      if (length < SHORT) break;
      this.#load(cursor, length);
      this.#store(cursor, this.#exports.encode(0, length, WINDOW, WINDOW + room));
    }
    scalarKernel.encode(cursor);
  }

  decode(cursor: EtxCursor): void {
    for (;;) {
      const length = Math.min(cursor.source.length - cursor.read, WINDOW);
      if (length < SHORT) break;
      this.#load(cursor, length);
      const stops = this.#exports.decode(0, length, WINDOW);
      this.#store(cursor, stops);
      // An ETX on the window's edge is read again with the next window; an earlier stop is the end of the data.
      if (stops >>> 16 < length - 1) return;
    }
    scalarKernel.decode(cursor);
  }

  #load({ source, read }: EtxCursor, length: number): void {
    this.#page.set(source.subarray(read, read + length));
  }

  #store(cursor: EtxCursor, stops: number): void {
    const end = stops & 0xffff;
    cursor.target.set(this.#page.subarray(WINDOW, end), cursor.written);
    cursor.read += stops >>> 16;
    cursor.written += end - WINDOW;
  }
}
