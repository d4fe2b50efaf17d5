import { ETX, SUB } from "../control-bytes.ts";

/** Finds the first ETX or SUB at `from` or later; the length where there is none. Runs at the speed of memory. */
export function indexOfControl(bytes: Buffer, from: number): number {
  const etx = bytes.indexOf(ETX, from);
  const sub = bytes.indexOf(SUB, from);
  if (etx === -1) return sub === -1 ? bytes.length : sub;
  return sub === -1 ? etx : Math.min(etx, sub);
}
