import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SystemClock, sleep } from "../../../src/platform/time/clock.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";

describe("the virtual clock", () => {
  test("stands still until it is told to move", async () => {
    const clock = new VirtualClock(1000);
    let rung = false;
    clock.alarm(0, () => {
      rung = true;
    });
    expect([clock.now(), rung, clock.pendingAlarms]).toEqual([1000, false, 1]);
    await clock.advance(0);
    expect([clock.now(), rung, clock.pendingAlarms]).toEqual([1000, true, 0]);
  });

  test("alarms ring in the order of their times, ties in the order of their making, each at its own time", async () => {
    const clock = new VirtualClock(0);
    const rung: string[] = [];
    for (const [name, ms] of [
      ["c", 30],
      ["a", 10],
      ["b1", 20],
      ["b2", 20],
      ["late", 101],
    ] as const) {
      clock.alarm(ms, () => rung.push(`${name}@${clock.now()}`));
    }
    await clock.advance(100);
    expect(rung).toEqual(["a@10", "b1@20", "b2@20", "c@30"]);
    expect([clock.now(), clock.pendingAlarms]).toEqual([100, 1]);
  });

  test("an alarm may set another, also through promises, within one advance", async () => {
    const clock = new VirtualClock(0);
    const times: number[] = [];
    void (async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10, new AbortController().signal);
        times.push(clock.now());
      }
    })();
    await clock.advance(30);
    expect(times).toEqual([10, 20, 30]);
  });

  test("a cancelled alarm does not ring, and cancelling twice or late is harmless", async () => {
    const clock = new VirtualClock(0);
    let rings = 0;
    const cancelled = clock.alarm(5, () => rings++);
    const rung = clock.alarm(5, () => rings++);
    cancelled.cancel();
    cancelled.cancel();
    await clock.advance(10);
    rung.cancel();
    expect([rings, clock.pendingAlarms]).toEqual([1, 0]);
  });
});

describe.each([
  ["the system clock", () => new SystemClock()],
  ["the virtual clock", () => new VirtualClock()],
])("an alarm of %s", (_, make) => {
  test("that is infinite never rings, keeps nothing running and may be cancelled", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const clock = make();
    const alarm = clock.alarm(Number.POSITIVE_INFINITY, () => expect.unreachable());
    if (clock instanceof VirtualClock) await clock.advance(1e15);
    expect(timers()).toBe(before);
    alarm.cancel();
  });

  test("that is not a number is refused", () => {
    expect(() => make().alarm(Number.NaN, () => undefined)).toThrow(RangeError);
  });
});

describe("a step of the wall clock", () => {
  test.each([-3_600_000, 3_600_000])("of %i ms changes now(), not monotonic() nor what is due", async (step) => {
    const clock = new VirtualClock(1e12);
    let rung = false;
    clock.alarm(100, () => {
      rung = true;
    });
    await clock.advance(50);
    clock.stepWallClock(step);
    expect([clock.now(), clock.monotonic()]).toEqual([1e12 + 50 + step, 50]);
    await clock.advance(49);
    expect(rung).toBe(false);
    await clock.advance(1);
    expect(rung).toBe(true);
  });
});

describe("a wait that is longer than a timer can count", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const MONTH = 3_000_000_000;

  test("is waited for in full, without a timer that overflows", () => {
    const delays = vi.spyOn(globalThis, "setTimeout");
    let rung = 0;
    new SystemClock().alarm(MONTH, () => rung++);
    vi.advanceTimersByTime(MONTH - 1);
    expect(rung).toBe(0);
    vi.advanceTimersByTime(1);
    expect(rung).toBe(1);
    expect(delays.mock.calls.map(([, delay]) => delay)).toEqual([2 ** 31 - 1, MONTH - 2 ** 31 + 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("can be cancelled in its second part", () => {
    const alarm = new SystemClock().alarm(MONTH, () => expect.unreachable());
    vi.advanceTimersByTime(2 ** 31);
    alarm.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("sleep", () => {
  test("ends with the signal's reason and leaves no alarm", async () => {
    const clock = new VirtualClock(0);
    const abort = new AbortController();
    const sleeping = sleep(clock, 1000, abort.signal);
    abort.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    expect(clock.pendingAlarms).toBe(0);
  });

  test("does not begin on an aborted signal", async () => {
    const clock = new VirtualClock(0);
    await expect(sleep(clock, 1000, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    expect(clock.pendingAlarms).toBe(0);
  });
});

describe("the system clock", () => {
  test("tells the time of the machine and rings later, not at once", async () => {
    const clock = new SystemClock();
    const before = Date.now();
    expect(clock.now()).toBeGreaterThanOrEqual(before);
    let rung = false;
    const ringing = new Promise<void>((resolve) => {
      clock.alarm(0, () => {
        rung = true;
        resolve();
      });
    });
    expect(rung).toBe(false);
    await ringing;
  });

  test("a cancelled alarm does not keep the process", () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    new SystemClock().alarm(100_000, () => undefined).cancel();
    expect(timers()).toBe(before);
  });
});
