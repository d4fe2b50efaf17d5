/** A byte takes at most six bytes (`\u0000`), and each is written with the rest of its eight. */
export const PLACE = 8;

/** For each byte what stands for its code point in a string of JSON, as UTF-8: eight bytes, of which the first ones count. */
export const WRITTEN = Buffer.alloc(256 * PLACE);

/** How many of them count. */
export const WIDTHS = Uint8Array.from({ length: 256 }, (_, byte) =>
  WRITTEN.write(JSON.stringify(String.fromCharCode(byte)).slice(1, -1), byte * PLACE),
);

/** Writes bytes into a string of JSON. */
export interface JsonKernel {
  /**
   * Writes what stands for the bytes of `source`, one code point 0-255 each, to `target` from `at` on, where there must be eight
   * times as much room. Gives where the text ends.
   */
  escape(source: Uint8Array, target: Uint8Array, at: number): number;
}
