import { expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../../src/platform/serial-line.ts";
import { FrameQueue } from "../../../src/services/data-call/frame-queue.ts";

const frame = (text: string) => Buffer.from(text);
const KILOBYTE = Buffer.alloc(1024);

/** Whether the promise has settled. */
async function isSettled(promise: Promise<unknown> | undefined): Promise<boolean> {
  const not = Symbol("not yet");
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(() => resolve(not)))])) !== not;
}

test("what waits is read as one, and what comes later when it comes", async () => {
  const queue = new FrameQueue();
  queue.push(frame("a"));
  queue.push(frame("b"));
  expect(await queue.next()).toEqual(frame("ab"));
  const next = queue.next();
  expect(await isSettled(next)).toBe(false);
  queue.push(frame("c"));
  expect(await next).toEqual(frame("c"));
});

test("behind the end nothing is taken, and what waits is read first", async () => {
  const queue = new FrameQueue();
  queue.push(frame("last"));
  queue.end();
  queue.push(frame("late"));
  expect(await queue.next()).toEqual(frame("last"));
  expect(await queue.next()).toBeUndefined();
});

test("the end wakes a reader", async () => {
  const queue = new FrameQueue();
  const next = queue.next();
  queue.end();
  expect(await next).toBeUndefined();
});

test("a sender waits for room until the host has read", async () => {
  const queue = new FrameQueue();
  expect(queue.room()).toBeUndefined();
  for (let count = 0; count < SERIAL_LIMITS.hostBuffer / 1024; count++) queue.push(KILOBYTE);
  const room = queue.room();
  expect(queue.room()).toBe(room);
  expect(await isSettled(room)).toBe(false);
  await queue.next();
  expect(await isSettled(room)).toBe(true);
  expect(queue.room()).toBeUndefined();
});

test("who waits for room is let go at the end", async () => {
  const queue = new FrameQueue();
  for (let count = 0; count < SERIAL_LIMITS.hostBuffer / 1024; count++) queue.push(KILOBYTE);
  const room = queue.room();
  queue.end();
  expect(await isSettled(room)).toBe(true);
});

test("what a sender pushes in spite of that is dropped: memory is bounded", async () => {
  const queue = new FrameQueue();
  for (let count = 0; count < 10_000; count++) queue.push(KILOBYTE);
  const waiting = await queue.next();
  expect(waiting?.length).toBeLessThanOrEqual(2 * SERIAL_LIMITS.hostBuffer + 1024);
  queue.push(frame("on"));
  expect(await queue.next()).toEqual(frame("on"));
});
