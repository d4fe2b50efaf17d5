/**
 * Lets the event loop look at the network once more, so that what has already reached this machine is read. Two rounds,
 * because the first may end before the sockets come to their turn.
 */
export async function yieldToIo(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}
