import { describe, expect, test } from "vitest";
import { RecordError } from "../../../src/trace/record/lines.ts";
import { readSession } from "../../../src/trace/record/read-session.ts";
import { Shown } from "../../../src/trace/shown.ts";
import { eventsOf } from "./events-of.ts";

const host = '{"seq":1,"at":0,"modem":"m1","type":"host","bytes":"AT\\r\\u00e9"}';
const later = '{"seq":2,"at":1,"type":"of-tomorrow"}';

test.each([1, 2, 3, 7, 64, 65_536])("a record in pieces of %i bytes is the same", async (size) => {
  expect(await eventsOf(`${host}\n${host}\n`, [], size)).toEqual([JSON.parse(host), JSON.parse(host)]);
});

describe("a record that is damaged", () => {
  test.each([
    ["a last line that was cut", `${host}\n${host.slice(0, 30)}`, 1, "line 2, the last one, is cut; it is left out"],
    ["a last line that was overwritten", `${host}\n\0\0\0\0\n`, 1, "line 2, the last one, is cut; it is left out"],
    [
      "events of a later version",
      `${host}\n${later}\n${later}\n${host}\n`,
      2,
      "line 2: events of type of-tomorrow are left out",
    ],
    ["a whole last line without its end", `${host}\n${host}`, 2, undefined],
  ])("%s is told", async (_, text, count, message) => {
    const told: string[] = [];
    expect(await eventsOf(text, told)).toHaveLength(count);
    expect(told).toEqual(message === undefined ? [] : [message]);
  });

  test.each([
    ["text", "hello\n", "line 1: neither an event of a record (a line of JSON) nor a line of a golden transcript"],
    ["a program", "\x7fELF\x02\x01", "line 1: neither an event"],
    ["other JSON", '\n{"name":"x"}\n', 'line 2: not an event: no "type"'],
    ["a list", "[1]\n", "line 1: neither an event"],
    ["JSON that is cut at once", '{"seq":', "line 1: not an event: no JSON"],
    ["a broken line in the middle", `${host}\n{"seq":\n${host}\n`, "line 2: not an event: no JSON"],
    [
      "bytes that are none",
      `${host.replace("u00e9", "u6d4b")}\n`,
      'line 1: not an event: "bytes" of an event of type host is not',
    ],
    [
      "a text that is none",
      '{"seq":1,"at":0,"type":"unknown","text":5,"nearest":[]}\n',
      '"text" of an event of type unknown is not a text',
    ],
    ["no time", '{"seq":1,"type":"host","bytes":""}\n', '"at" of an event of type host is not a number'],
    ["a transcript with a wrong line", "# spec: x\n> AT\n$ OK\n", "line 3: is no event: $ OK"],
    ["a transcript with a wrong escape", '>" \\q\n', "line 1: is no event: \\q is no escape"],
    ["a transcript that goes on with nothing", "> AT\n<+ OK\n", "line 2: goes on with nothing"],
    ["a line without end", "{".repeat(5_000_000), "line 1: longer than 4194304 bytes"],
  ])("%s is an error", async (_, text, message) => {
    await expect(eventsOf(text)).rejects.toThrow(RecordError);
    await expect(eventsOf(text)).rejects.toThrow(message);
  });
});

test("a record is shown in constant memory", async () => {
  const event = JSON.parse(host);
  const total = 64 * 1024 * 1024;
  const payload = "x".repeat(1000);
  let most = 0;
  let bytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let seq = 1; bytes < total; seq++) {
      const piece = Buffer.from(`${JSON.stringify({ ...event, seq, bytes: payload })}\n`);
      bytes += piece.length;
      yield piece;
      // What is live, without what waits for the collector, cannot be seen cheaply; a leak of the whole would be 64 MB more.
      if (seq % 4096 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    }
  }
  const shown = new Shown({});
  const before = process.memoryUsage().heapUsed;
  let length = 0;
  for await (const each of readSession(pieces(), () => undefined)) length += shown.push(each).join("").length;
  expect(length).toBeGreaterThan(1_000_000);
  expect(most - before).toBeLessThan(48 * 1024 * 1024);
});
