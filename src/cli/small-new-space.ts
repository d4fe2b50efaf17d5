import { setFlagsFromString } from "node:v8";

/** By which V8 multiplies its new space when much of that survives a collection: its default, and without growth. */
const GROWTH = { usual: 2, none: 1 } as const;

/**
 * Does work that makes many objects that stay, such as the modems of a fleet. V8 would take that for a busy program, and let
 * its new space grow to 32 MiB, which it gives back late or never. Afterwards it grows as it is needed.
 */
export async function withSmallNewSpace<T>(work: () => Promise<T>): Promise<T> {
  setGrowth(GROWTH.none);
  try {
    return await work();
  } finally {
    setGrowth(GROWTH.usual);
  }
}

function setGrowth(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
