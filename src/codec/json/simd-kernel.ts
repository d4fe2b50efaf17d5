import { instantiate } from "../web-assembly.ts";
import { JSON_SIMD_MODULE } from "./simd-module.ts";
import { type JsonKernel, WIDTHS, WRITTEN } from "./written.ts";

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  escape(from: number, to: number, out: number): number;
}

/** The page: the two tables, one step's input, and its output, at most six times as long. */
const INPUT = WRITTEN.length + WIDTHS.length;
const WINDOW = 8 * 1024;
const OUTPUT = INPUT + WINDOW;

/** The kernel in WebAssembly SIMD, or `undefined` where the engine has none. */
export function createSimdKernel(): JsonKernel | undefined {
  const exports = instantiate<Exports>(JSON_SIMD_MODULE);
  return exports === undefined ? undefined : new SimdKernel(exports);
}

/** But for the tables the page of memory holds nothing between two calls. */
class SimdKernel implements JsonKernel {
  readonly #exports: Exports;
  readonly #page: Uint8Array;

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#page = new Uint8Array(exports.memory.buffer);
    this.#page.set(WRITTEN);
    this.#page.set(WIDTHS, WRITTEN.length);
  }

  escape(source: Uint8Array, target: Uint8Array, at: number): number {
    let end = at;
    for (let from = 0; from < source.length; from += WINDOW) {
      const piece = source.subarray(from, from + WINDOW);
      this.#page.set(piece, INPUT);
      const stop = this.#exports.escape(INPUT, INPUT + piece.length, OUTPUT);
      target.set(this.#page.subarray(OUTPUT, stop), end);
      end += stop - OUTPUT;
    }
    return end;
  }
}
