import { type JsonKernel, PLACE, WIDTHS, WRITTEN } from "./written.ts";

/** What is written for each byte, eight bytes as one number: none is NaN, whose bits might change on the way. */
const NUMBERS = Float64Array.from({ length: 256 }, (_, byte) => WRITTEN.readDoubleLE(byte * PLACE));

/** The kernel in JavaScript, without a branch on the data, which on binary data takes twenty times as long. */
export const scalarKernel: JsonKernel = {
  escape(source, target, at) {
    const view = new DataView(target.buffer, target.byteOffset, target.length);
    let end = at;
    for (let next = 0; next < source.length; next++) {
      const byte = source[next] ?? 0;
      view.setFloat64(end, NUMBERS[byte] ?? 0, true);
      end += WIDTHS[byte] ?? 0;
    }
    return end;
  },
};
