import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { ServerTimer } from "../../../src/platform/time/server-timer.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";

let clock: VirtualClock;
let parent: AbortController;
beforeEach(() => {
  clock = new VirtualClock();
  parent = new AbortController();
});
afterEach(() => expect(clock.pendingAlarms).toBe(0));

/** Resolves when the signal aborts, with its reason; otherwise after `ms` milliseconds, with the value. */
function wait<T>(signal: AbortSignal, ms: number, value: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const alarm = clock.alarm(ms, () => resolve(value));
    signal.addEventListener("abort", () => {
      alarm.cancel();
      reject(signal.reason);
    });
  });
}

const code = (error: unknown) => (error instanceof ServiceError ? error.code : error);

test("a grant that runs out ends every wait of the dialogue", async () => {
  const timer = new ServerTimer(clock, 2, parent.signal);
  const granted = timer.grant(1000, (signal) => wait(signal, 5000, "late")).catch(code);
  await clock.advance(1999);
  expect(timer.signal.aborted).toBe(false);
  await clock.advance(1);
  expect([await granted, timer.signal.aborted]).toEqual(["TIMEOUT", true]);
  timer.dispose();
});

test("an attempt that runs out ends alone", async () => {
  const timer = new ServerTimer(clock, 2, parent.signal);
  const attempted = timer.attempt(1000, (signal) => wait(signal, 5000, "late")).catch(code);
  await clock.advance(2000);
  expect([await attempted, timer.signal.aborted]).toEqual(["TIMEOUT", false]);
  timer.dispose();
});

test.each(["grant", "attempt"] as const)("the parent's abort ends a %s with its reason", async (kind) => {
  const timer = new ServerTimer(clock, 1, parent.signal);
  const reason = new Error("reset");
  const waiting = timer[kind](1000, (signal) => wait(signal, 5000, "late")).catch(code);
  parent.abort(reason);
  expect(await waiting).toBe(reason);
  timer.dispose();
});

/** Reads pieces that come every `every` milliseconds until the stream ends or fails; gives how it ended, and when. */
async function read(
  pieces: readonly { readonly every: number; readonly bytes: number; readonly count: number }[],
  scale = 1,
) {
  const timer = new ServerTimer(clock, scale, parent.signal);
  const stream = timer.stream(60_000);
  const start = clock.now();
  let end: unknown;
  const reading = (async () => {
    try {
      for (const { every, bytes, count } of pieces) {
        for (let piece = 0; piece < count; piece++)
          await stream.read((signal) => wait(signal, every, Buffer.alloc(bytes)));
      }
      end = "all read";
    } catch (error) {
      end = code(error);
    }
  })();
  while (end === undefined) await clock.advance(500);
  await reading;
  timer.dispose();
  return [end, clock.now() - start];
}

describe("a stream", () => {
  test.each([
    ["that is silent for a minute", [{ every: 100_000, bytes: 9, count: 1 }], "TIMEOUT", 60_000],
    ["that dribbles ends after its second minute", [{ every: 1000, bytes: 17, count: 1000 }], "TIMEOUT", 120_000],
    ["that dribbles is well for a minute", [{ every: 1000, bytes: 1, count: 60 }], "all read", 60_000],
    ["of 1 KiB a minute goes on", [{ every: 1000, bytes: 18, count: 1000 }], "all read", 1_000_000],
    ["of 1 KiB at once each minute goes on", [{ every: 59_000, bytes: 1024, count: 20 }], "all read", 1_180_000],
    [
      "that begins fast and then dribbles",
      [
        { every: 1000, bytes: 65_536, count: 100 },
        { every: 1000, bytes: 10, count: 1000 },
      ],
      "TIMEOUT",
      160_000,
    ],
  ] as const)("%s", async (_what, pieces, end, at) => {
    expect(await read(pieces)).toEqual([end, at]);
  });

  test("is timed on the scaled clock", async () => {
    expect(await read([{ every: 500, bytes: 17, count: 1000 }], 0.5)).toEqual(["TIMEOUT", 60_000]);
  });

  test("is not timed while the caller is busy", async () => {
    const timer = new ServerTimer(clock, 1, parent.signal);
    const stream = timer.stream(60_000);
    for (let piece = 0; piece < 10; piece++) {
      const chunk = stream.read((signal) => wait(signal, 1000, Buffer.alloc(1)));
      await clock.advance(1000);
      await chunk;
      await clock.advance(1_000_000);
    }
    expect(timer.signal.aborted).toBe(false);
    timer.dispose();
  });
});
