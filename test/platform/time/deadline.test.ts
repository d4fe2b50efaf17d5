import { beforeEach, describe, expect, test } from "vitest";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { Deadline } from "../../../src/platform/time/deadline.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";

describe("a deadline", () => {
  let clock: VirtualClock;
  let parent: AbortController;

  beforeEach(() => {
    clock = new VirtualClock(0);
    parent = new AbortController();
  });

  const start = (period = 100) => new Deadline(clock, period, parent.signal);

  test("aborts with TIMEOUT when the time is up, not a millisecond before", async () => {
    const { signal } = start();
    await clock.advance(99);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.reason).toBeInstanceOf(ServiceError);
    expect(signal.reason).toMatchObject({ code: "TIMEOUT" });
    expect(clock.pendingAlarms).toBe(0);
  });

  test("restart grants the whole period anew, with one alarm however often", async () => {
    const deadline = start();
    for (let sign = 0; sign < 10; sign++) {
      await clock.advance(90);
      deadline.restart();
      expect(clock.pendingAlarms).toBe(1);
    }
    await clock.advance(99);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  test.each([10, 1000])("restart may change the period to %i ms, for good", async (period) => {
    const deadline = start();
    await clock.advance(50);
    deadline.restart(period);
    await clock.advance(period - 1);
    expect(deadline.signal.aborted).toBe(false);
    deadline.restart();
    await clock.advance(period - 1);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  test("suspend stops the time until the next restart", async () => {
    const deadline = start();
    await clock.advance(90);
    deadline.suspend();
    expect(clock.pendingAlarms).toBe(0);
    await clock.advance(10_000);
    expect(deadline.signal.aborted).toBe(false);
    deadline.restart();
    await clock.advance(99);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  test("aborts with the parent's reason when the parent does", () => {
    const { signal } = start();
    parent.abort(new Error("reset"));
    expect(signal.reason).toEqual(new Error("reset"));
  });

  test("of a parent that has aborted is aborted from the start and sets no alarm", () => {
    parent.abort(new Error("reset"));
    expect(start().signal.reason).toEqual(new Error("reset"));
    expect(clock.pendingAlarms).toBe(0);
  });

  test("dispose leaves no alarm, and nothing aborts afterwards", async () => {
    const deadline = start();
    deadline.dispose();
    deadline.restart();
    expect(clock.pendingAlarms).toBe(0);
    parent.abort();
    await clock.advance(1000);
    expect(deadline.signal.aborted).toBe(false);
  });

  test.each([-3_600_000, 3_600_000])("a step of the wall clock by %i ms does not move it", async (step) => {
    const deadline = start();
    await clock.advance(50);
    clock.stepWallClock(step);
    await clock.advance(49);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.signal.aborted).toBe(true);
  });

  test("that is infinite never aborts, until it gets a period", async () => {
    const deadline = start(Number.POSITIVE_INFINITY);
    await clock.advance(1e15);
    expect([deadline.signal.aborted, clock.pendingAlarms]).toEqual([false, 0]);
    deadline.restart(10);
    await clock.advance(10);
    expect(deadline.signal.aborted).toBe(true);
  });

  test("a hundred deadlines of one parent make Node warn of no leak", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    const deadlines = Array.from({ length: 100 }, () => start());
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    for (const deadline of deadlines) deadline.dispose();
    expect(warnings).toEqual([]);
  });

  test("the first reason stays", async () => {
    const deadline = start();
    await clock.advance(100);
    parent.abort(new Error("too late"));
    deadline.restart();
    expect(deadline.signal.reason).toMatchObject({ code: "TIMEOUT" });
    expect(clock.pendingAlarms).toBe(0);
  });
});
