import { setImmediate as yieldToIo } from "node:timers/promises";

/** A host that never stops must not keep us here. */
const MOST_ROUNDS = 8;

/**
 * Lets the event loop turn until a whole turn has brought nothing. Where the operating system hides what is on its way,
 * this is as much as one can know.
 */
export async function quiet(received: () => number): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = received();
    // Between two immediates lies one whole poll for input.
    await yieldToIo();
    await yieldToIo();
    if (received() === before) return;
  }
}
