import { expect, test } from "vitest";
import { AT_LIMITS } from "../../../src/at/limits.ts";
import { type Unsolicited, UnsolicitedQueue } from "../../../src/at/line/unsolicited-queue.ts";
import { framed, OK } from "../../support/framing.ts";
import { sessionOnMemory } from "../../support/session-on-memory.ts";

const entry = (text: string, report: boolean): Unsolicited => ({ print: () => undefined, text, report });

function drain(queue: UnsolicitedQueue): string[] {
  const texts: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) texts.push(next.text ?? "");
  return texts;
}

/** Texts of 1 KiB, numbered. */
const kilobyte = (number: number) => String(number).padEnd(1024, ".");
const numbers = (texts: readonly string[]) => texts.map((text) => Number.parseInt(text, 10));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test("what waits comes in order", () => {
  const queue = new UnsolicitedQueue();
  for (const number of range(0, 500)) queue.push(entry(String(number), number % 2 === 0));
  expect(numbers(drain(queue))).toEqual(range(0, 500));
  expect(queue.isEmpty).toBe(true);
});

test("more than 64 KiB: the oldest reports go, and are counted", () => {
  const queue = new UnsolicitedQueue();
  for (const number of range(0, 1000)) queue.push(entry(kilobyte(number), true));
  expect(queue.takeDropped()).toBe(1000 - 64);
  expect(numbers(drain(queue))).toEqual(range(1000 - 64, 1000));
});

test("an outcome is never dropped, among reports or alone", () => {
  const queue = new UnsolicitedQueue();
  for (const number of range(0, 1000)) queue.push(entry(kilobyte(number), number % 100 !== 0));
  const left = numbers(drain(queue));
  expect(left.filter((number) => number % 100 === 0)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect(left.filter((number) => number % 100 !== 0)).toEqual(range(1000 - 54, 1000));
  for (const number of range(0, 200)) queue.push(entry(kilobyte(number), false));
  expect(numbers(drain(queue))).toEqual(range(0, 200));
});

test("a report larger than the bound is printed when it is the newest", () => {
  const queue = new UnsolicitedQueue();
  queue.push(entry("small", true));
  queue.push(entry("x".repeat(2 * AT_LIMITS.waitingUrcs), true));
  expect(drain(queue).map((text) => text.length)).toEqual([2 * AT_LIMITS.waitingUrcs]);
});

test("packets and answers do not count, and stay", () => {
  const queue = new UnsolicitedQueue();
  queue.push({ print: () => undefined });
  for (const number of range(0, 100)) queue.push(entry(kilobyte(number), true));
  expect(queue.shift()?.text).toBeUndefined();
  expect(drain(queue)).toHaveLength(64);
});

test("200,000 waiting lines, and their release, cost linear time", async () => {
  const time = async (count: number) => {
    const { session, dte, logged } = sessionOnMemory([]);
    dte.send("AT+");
    const start = performance.now();
    session.urc("+OUT: 1", "outcome");
    for (let number = 0; number < count; number++) session.urc(`+CREG: ${number}`);
    dte.send("N\r");
    const took = performance.now() - start;
    await dte.expect(OK + framed("+OUT: 1"));
    expect(dte.take()).toContain(framed(`+CREG: ${count - 1}`));
    expect(logged).toEqual([{ event: "reports-dropped", count: expect.any(Number) }]);
    return took;
  };
  await time(10_000);
  const best = async (count: number) => Math.min(await time(count), await time(count), await time(count));
  const few = await best(25_000);
  // Quadratic growth would be a factor of 64.
  expect(await best(200_000)).toBeLessThan(24 * few + 50);
});

test("a host that does not read bounds what waits for it", async () => {
  const { session, host, module, dte } = sessionOnMemory([]);
  host.pause();
  for (let number = 0; number < 50_000; number++) session.urc(`+CREG: ${String(number).padStart(6, "0")}`);
  expect(module.backlog).toBeLessThan(65 * 1024);
  host.resume();
  await dte.expectNothing().catch(() => undefined);
  const printed = dte.take();
  expect(printed.length).toBeLessThan(4 * AT_LIMITS.waitingUrcs);
  expect(printed.endsWith(framed("+CREG: 049999"))).toBe(true);
});
