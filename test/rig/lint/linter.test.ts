import { describe, expect, test } from "vitest";
import type { EventBody } from "../../../src/platform/events.ts";
import { Linter, type LintFinding } from "../../../src/rig/lint/linter.ts";
import { LINT_RULES } from "../../../src/rig/lint/rules.ts";
import type { LintMoment, LintView } from "../../../src/rig/lint/view.ts";

const VIEW: LintView & LintMoment = {
  momentOf: () => undefined,
  terminator: "\r",
  isAsynchronous: (name) => name === "+SMTPSEND",
  takesRawBytes: (name) => name === "+CRXFILE",
  isService: () => false,
  simReady: true,
  registered: true,
  pop3Session: false,
  recipients: [],
  hostRate: async () => undefined,
  moduleRate: 115200,
  flowControl: false,
};

/** A linter that hears events, numbered from 1. */
function linter(view: Partial<LintView & LintMoment> = {}) {
  const findings: LintFinding[] = [];
  const watched = Object.defineProperties({ ...VIEW }, Object.getOwnPropertyDescriptors(view)) as LintView & LintMoment;
  const made = new Linter(watched, (finding) => findings.push(finding));
  let seq = 0;
  const hear = (events: readonly EventBody[], at = 0) => {
    for (const event of events) made.take({ ...event, seq: ++seq, at, modem: "m1" }, watched);
  };
  return { hear, found: () => findings.map(({ rule, cause }) => [rule, cause]), findings };
}

const host = (bytes: string): EventBody => ({ type: "host", bytes });
const line = (text: string): EventBody => ({ type: "line", text });
const command = (name: string): EventBody => ({ type: "command", name, form: "execute", arguments: [] });
const result = (name: string, code = "OK"): EventBody => ({ type: "result", name, result: code, ms: 0 });
const begin = (name: string): EventBody => ({ type: "entry", name, phase: "begin" });
const end = (name: string, bytes: number, outcome: "ended" | "silent" | "cut" = "ended"): EventBody => ({
  type: "entry",
  name,
  phase: "end",
  bytes,
  outcome,
});
const power: EventBody = { type: "state", what: "power", value: "off" };
const run = (text: string, name: string) => [host(`${text}\r`), line(text), command(name), result(name)];

describe("early-command", () => {
  test.each<[string, readonly EventBody[], readonly unknown[]]>([
    [
      "the end of the next line comes with its beginning before",
      [host("AT\rAT"), line("AT"), host("I\r"), line("ATI")],
      [],
    ],
    [
      "an asynchronous command frees the line",
      [host("AT+SMTPSEND\r"), line("AT+SMTPSEND"), command("+SMTPSEND"), host("AT\r"), line("AT"), result("+SMTPSEND")],
      [],
    ],
    [
      "a line that came together with an asynchronous command",
      [
        ...[host("AT+SMTPSEND\rAT+A\rAT\r"), line("AT+SMTPSEND"), command("+SMTPSEND")],
        ...[line("AT+A"), command("+A"), result("+SMTPSEND"), result("+A"), line("AT")],
      ],
      [["early-command", 1]],
    ],
    [
      "the result of an asynchronous command is not that of the line",
      [
        ...[
          host("AT+SMTPSEND\r"),
          line("AT+SMTPSEND"),
          command("+SMTPSEND"),
          host("AT+A\r"),
          line("AT+A"),
          command("+A"),
        ],
        ...[host("AT+B\r"), result("+SMTPSEND"), result("+A"), line("AT+B")],
      ],
      [["early-command", 7]],
    ],
    [
      "three lines in one write are one finding",
      [host("AT\rAT\rAT\r"), line("AT"), line("AT"), line("AT")],
      [["early-command", 1]],
    ],
    [
      "a line in binary data is none",
      [...run("AT+CRXFILE", "+CRXFILE"), host("AT\rAT\r\n"), host("AT\n"), line("AT")],
      [],
    ],
    [
      "nor in online data mode",
      [...run("ATD1", "D").slice(0, 3), result("D", "CONNECT"), host("AT\rAT\nx"), line("AT")],
      [],
    ],
    [
      "what a reset has swallowed counts no more",
      [host("AT+A\r"), line("AT+A"), command("+A"), host("AT\r"), power, host("AT\r"), line("AT")],
      [],
    ],
    ["a line of which the host's bytes are not known", [line("AT"), line("AT")], []],
  ])("%s", (_, events, found) => {
    const bench = linter();
    bench.hear(events);
    expect(bench.found()).toEqual(found);
  });
});

describe("the end of data entry", () => {
  const open = [host("AT+E\r"), line("AT+E"), command("+E"), begin("+E")];
  test.each<[string, readonly EventBody[], readonly unknown[]]>([
    [
      "a command line behind the data comes early",
      [host("ab\x1aAT\r"), end("+E", 2), result("+E"), line("AT")],
      [["early-command", 5]],
    ],
    [
      "a command line that comes while the data are being stored",
      [host("ab\x1a"), host("AT\r"), end("+E", 2), result("+E"), line("AT")],
      [["early-command", 6]],
    ],
    ["a line feed that the module skips", [host("\nab\x1a"), end("+E", 2), result("+E")], []],
    [
      "a line feed that the module skips, with the end escaped",
      [host("\nab\x03\x1a"), host("\x1a"), end("+E", 4), result("+E")],
      [["unescaped", 6]],
    ],
    ["data of a fixed size end without Ctrl-Z", [host("abcdef"), end("+E", 3), result("+E"), host("xyz")], []],
    ["a host that goes away", [host("ab"), end("+E", 2, "cut"), result("+E", "ERROR"), host("AT\r"), line("AT")], []],
    ["silence", [host("ab"), host("c"), end("+E", 3, "silent"), result("+E", "ERROR")], [["unended", 6]]],
    ["silence behind an escaped ETX", [host("ab\x03\x03"), end("+E", 4, "silent")], [["unended", 5]]],
    [
      "silence behind an escaped end, in two pieces",
      [host("ab\x03"), host("\x1a"), end("+E", 4, "silent")],
      [["unescaped", 6]],
    ],
    [
      "the rest of the data in a later event",
      [host("ab\x1a"), end("+E", 2), result("+E"), host("\r\n"), host("cd")],
      [["unescaped", 9]],
    ],
    ["a word that begins as a command line does", [host("ab\x1aAbc"), end("+E", 2), result("+E")], [["unescaped", 5]]],
    [
      "a command line byte by byte",
      [host("ab\x1a"), end("+E", 2), result("+E"), ..."AT\r".split("").map(host), line("AT")],
      [],
    ],
    [
      "100 KiB of data",
      [host("x".repeat(100_000)), host("y\x1a"), end("+E", 100_001), result("+E"), host("z")],
      [["unescaped", 9]],
    ],
  ])("%s", (_, events, found) => {
    const bench = linter();
    bench.hear([...open, ...events]);
    expect(bench.found()).toEqual(found);
  });
});

describe("baud", () => {
  test.each<[string, { host?: number; module: number }, boolean]>([
    ["the same rate", { host: 9600, module: 9600 }, false],
    ["another rate", { host: 9600, module: 115200 }, true],
    ["any rate", { host: 9600, module: 0 }, false],
    ["a rate that nobody has set", { module: 115200 }, false],
  ])("%s", async (_, { host: rate, module }, fires) => {
    const bench = linter({ hostRate: async () => rate, moduleRate: module });
    bench.hear([host("AT\r"), line("AT")]);
    await Promise.resolve();
    expect(bench.found()).toEqual(fires ? [["baud", 2]] : []);
  });

  test("a host that follows AT+IPR is right before and after", async () => {
    let moduleRate = 115200;
    const bench = linter({
      hostRate: async () => 9600,
      get moduleRate() {
        return moduleRate;
      },
    });
    bench.hear([host("AT+IPR=9600\r"), line("AT+IPR=9600")]);
    moduleRate = 9600;
    await Promise.resolve();
    expect(bench.found()).toEqual([]);
  });

  test("a rate is reported once, and looked at once in a second", async () => {
    let looks = 0;
    const bench = linter({
      hostRate: async () => {
        looks++;
        return 9600;
      },
    });
    for (const at of [0, 500, 999, 1000, 2000]) {
      bench.hear([line("AT")], at);
      await Promise.resolve();
    }
    expect(bench.found()).toEqual([["baud", 1]]);
    expect(looks).toBe(3);
  });
});

describe("http-header", () => {
  const request = "GET / HTTP/1.1\r\n\r\n";
  const name = "+CHTTPACT";
  const asked = [begin(name), host(`${request}\x1a`), end(name, request.length), result(name)];
  test.each<[string, readonly string[], readonly unknown[]]>([
    ["an HTTP server has answered", ["\r\n+CHTTPACT: DATA, 20\r\nHTTP/1.1 400 Bad\r\n\r\n"], [["http-header", 2]]],
    ["in pieces", ["\r\n+CHTTP", "ACT: DATA,20\r", "\nht", "tp/1.1 400"], [["http-header", 2]]],
    ["nobody has answered", ["\r\n+CHTTPACT: 223\r\n"], [["http-header", 2]]],
    ["a caster needs no Host", ["\r\n+CHTTPACT: DATA,12\r\nicy 200 ok\r\n"], []],
  ])("no Host: %s", (_, printed, found) => {
    const bench = linter();
    bench.hear([...asked, ...printed.map((bytes): EventBody => ({ type: "module", bytes }))]);
    expect(bench.found()).toEqual(found);
  });
});

test("bytes that come one by one cost no more than their number", () => {
  const time = (count: number) => {
    const bench = linter();
    const bytes = Array.from({ length: count }, () => host("x"));
    const begun = performance.now();
    bench.hear(bytes);
    return performance.now() - begun;
  };
  const best = (count: number) => Math.min(...[1, 2, 3].map(() => time(count)));
  best(4000);
  expect(best(64_000)).toBeLessThan(24 * 2 * best(8000) + 5);
});

test("a command that only other identities have is told as that", () => {
  const bench = linter();
  bench.hear([{ type: "unknown", text: "+CPSI", nearest: [], lacking: true }]);
  expect(bench.findings.map(({ message }) => message)).toEqual([
    `+CPSI is unknown to this identity; ${LINT_RULES["unknown-command"].remedy}`,
  ]);
});

test("the message of every rule ends with its remedy", () => {
  const bench = linter();
  bench.hear([host("AT\n"), { type: "unknown", text: "+CSR", nearest: ["+CSQ"] }]);
  expect(bench.findings.map(({ message }) => message)).toEqual([
    `a command line ends with LF alone; ${LINT_RULES["line-feed-only"].remedy}`,
    `+CSR is unknown (nearest: +CSQ); ${LINT_RULES["unknown-command"].remedy}`,
  ]);
});
