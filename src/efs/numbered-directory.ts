import type { EfsPath } from "./path.ts";

const NUMBERED: readonly EfsPath[] = [
  { volume: "C", segments: ["Picture"] },
  { volume: "C", segments: ["Video"] },
  { volume: "C", segments: ["VideoCall"] },
  { volume: "D", segments: ["Picture"] },
  { volume: "D", segments: ["Video"] },
  { volume: "D", segments: ["VideoCall"] },
  { volume: "C", segments: ["Audio"] },
  { volume: "D", segments: ["Audio"] },
];

/** The greatest `<dir>`. */
export const LAST_DIRECTORY = NUMBERED.length;

/** The directory that a `<dir>` parameter from 0 to 8 means (manual 5.7); 0 is the current one. */
export function numberedDirectory(number: number, current: EfsPath): EfsPath {
  return NUMBERED[number - 1] ?? current;
}
