import { setTimeout as wait } from "node:timers/promises";
import { findStarted, type Started, signalAll, signalEnd } from "./processes.ts";

/** How often to look whether the processes have ended, in milliseconds. */
const LOOK_INTERVAL = 25;
/** How long processes may take to end after SIGKILL, in milliseconds; one in an uninterruptible wait may take for ever. */
const KILL_TIME = 2000;

/**
 * Ends everything that a run started: SIGTERM, and SIGKILL for what still runs `grace` milliseconds later, or as soon as
 * `hurry` is aborted. Resolves when nothing is left.
 */
export async function endStarted(started: Started, grace: number, hurry?: AbortSignal): Promise<void> {
  const told = new Set<number>();
  const end = performance.now() + grace;
  while (performance.now() < end && hurry?.aborted !== true) {
    const left = findStarted(started);
    if (left.length === 0) return;
    // Each process gets one SIGTERM: for some programs a second one means to end at once.
    const fresh = left.filter((target) => !told.has(target));
    for (const target of fresh) told.add(target);
    signalEnd(fresh, "SIGTERM");
    await wait(LOOK_INTERVAL);
  }
  await killStarted(started);
}

/** Ends everything that a run started by SIGKILL, what it starts meanwhile included. */
export async function killStarted(started: Started): Promise<void> {
  const end = performance.now() + KILL_TIME;
  while (performance.now() < end) {
    const left = findStarted(started);
    if (left.length === 0) return;
    signalAll(left, "SIGKILL");
    await wait(LOOK_INTERVAL);
  }
}
