import { expect, test } from "vitest";
import type { RigEvent } from "../../../src/rig/events.ts";
import { diffSessions } from "../../../src/trace/compare/diff.ts";
import { Mask } from "../../../src/trace/compare/mask.ts";

/** Events of what was said: `>` by the host, `<` by the module; `2>` by the second modem. */
async function* session(said: readonly string[]): AsyncGenerator<RigEvent> {
  for (const [index, text] of said.entries()) {
    const [, modem = "", mark, bytes = ""] = /^(\d?)([<>])([\s\S]*)$/.exec(text) ?? [];
    yield { seq: index + 1, at: index, modem: `m${modem || 1}`, type: mark === ">" ? "host" : "module", bytes };
  }
}

const diff = (a: readonly string[], b: readonly string[], mask = new Mask(), modem?: string) =>
  diffSessions(session(a), session(b), { mask, modem });

const CSQ = [">AT+CSQ\r", "<AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n"];

test.each<[string, readonly string[], readonly string[]]>([
  ["the same", CSQ, CSQ],
  ["other pieces", CSQ, [">AT+", ">CSQ\r", "<AT+CSQ\r", "<\r\n+CSQ: 2", "<2,0\r\n\r\nOK\r\n"]],
  ["another order of the two directions", [">AT\r", "<AT\r", ">\n", "<\r\nOK\r\n"], [">AT\r\n", "<AT\r\r\nOK\r\n"]],
  ["another signal", CSQ, CSQ.map((text) => text.replace("22,0", "9,99"))],
  ["another IMEI", ["<\r\n351602000330570\r\n"], ["<\r\n490154203237518\r\n"]],
  ["another date", ['<\r\n+CCLK: "26/01/02,03:04:05+08"\r\n'], ['<\r\n+CCLK: "10/02/05,12:00:00+00"\r\n']],
  ["other dates of HTTP", ["<Date: Tue, 31 Mar 2009 01:56:05 GMT\r\n"], ["<Date: Wed, 1 Apr 2009 01:56:05 GMT\r\n"]],
  ["another cell", ['<+CREG: 2,1,"1A2B","00C3"\r\n'], ['<+CREG: 2,1,"FFFF","1234"\r\n']],
  ["a masked secret", ["<AT+CPIN=1234\r\r\nOK\r\n"], ["<AT+CPIN=****\r\r\nOK\r\n"]],
  ["another modem beside it", CSQ, [...CSQ, "2>ATZ\r"]],
  ["nothing", [], []],
])("%s is the same", async (_, a, b) => {
  expect(await diff(a, b)).toBeUndefined();
});

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  [
    "another answer",
    [...CSQ, "<\r\nRING\r\n"],
    [...CSQ, "<\r\nNO CARRIER\r\n"],
    ["  < OK<CR><LF>", "- < RING<CR><LF>", "+ < NO CARRIER<CR><LF>"],
  ],
  ["another command", [">AT\r"], [">ATI\r"], ["- > AT<CR>", "+ > ATI<CR>"]],
  ["one that goes on", CSQ.slice(0, 1), CSQ, ["- < (nothing)", "+ < AT+CSQ<CR><CR><LF>"]],
  ["one that ends within a line", ["<\r\n> "], ["<\r\n"], ["- < > ", "+ < (nothing)"]],
  ["a length", ["<\r\nDATA, 10\r\n"], ["<\r\nDATA, 9\r\n"], ["- < DATA, 10<CR><LF>", "+ < DATA, 9<CR><LF>"]],
  ["nothing and something", [], CSQ, ["- > (nothing)", "+ > AT+CSQ<CR>"]],
])("%s is a difference", async (_, a, b, lines) => {
  const difference = await diff(a, b);
  for (const line of lines) expect(difference).toContain(line);
});

test("the masks are the user's, too, and the default ones can be left out", async () => {
  const a = ["<+A: 1\r\n"];
  const b = ["<+A: 2\r\n"];
  expect(await diff(a, b)).toBeDefined();
  expect(await diff(a, b, new Mask([/\d/g]))).toBeUndefined();
  expect(await diff(["<+CSQ: 1,2\r\n"], ["<+CSQ: 3,4\r\n"], new Mask([], { withDefaults: false }))).toBeDefined();
});

test("a modem can be chosen", async () => {
  expect(await diff(["1>A\r", "2>B\r"], ["1>C\r", "2>B\r"], new Mask(), "m2")).toBeUndefined();
});

test("what one record is ahead of the other is bounded", async () => {
  let given = 0;
  async function* endless(type: "host" | "module"): AsyncGenerator<RigEvent> {
    for (let seq = 1; ; seq++) {
      given++;
      yield { seq, at: seq, modem: "m1", type, bytes: `${"x".repeat(65_535)}\n` };
    }
  }
  expect(await diffSessions(endless("host"), endless("module"), { mask: new Mask() })).toBeDefined();
  expect(given).toBeLessThan(100);
});

test("long records are compared in constant memory", async () => {
  const text = `${"x".repeat(127)}\n`.repeat(2048);
  async function* long(size: number): AsyncGenerator<RigEvent> {
    for (let seq = 1, at = 0; at < 32 * 1024 * 1024; seq++, at += size) {
      const start = at % text.length;
      yield { seq, at: seq, modem: "m1", type: "module", bytes: text.slice(start, start + size) };
    }
  }
  const before = process.memoryUsage().heapUsed;
  expect(await diffSessions(long(1024), long(4096), { mask: new Mask() })).toBeUndefined();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
});
