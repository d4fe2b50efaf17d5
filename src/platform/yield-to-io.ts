/**
 * Lets the event loop poll the network once more, so that what has already reached this machine is read. Takes two rounds,
 * because the first may end before the sockets are polled.
 */
export async function yieldToIo(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** A host that sends without end must not delay the caller for longer. */
const MAX_ROUNDS = 8;

/**
 * Lets the event loop turn until a whole turn has received nothing. Where the operating system does not show what is in
 * flight, nothing better is possible.
 */
export async function untilQuiet(received: () => number): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = received();
    await yieldToIo();
    if (received() === before) return;
  }
}

/** Calls back once when the event loop has done the work that is at hand, and before it waits for more. */
export function afterIo(callback: () => void): void {
  setImmediate(callback);
}
