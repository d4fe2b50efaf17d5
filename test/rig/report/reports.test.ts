import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import { Journal } from "../../../src/rig/journal.ts";
import { type JunitDetails, junitReport } from "../../../src/rig/report/junit.ts";
import { Recorder } from "../../../src/rig/report/record.ts";
import { recordLine } from "../../../src/rig/report/record-lines.ts";
import { type SessionOutcome, SummaryCollector } from "../../../src/rig/report/summary.ts";

/** Every character that XML, HTML or a terminal could stumble over. */
const NASTY = `<a href="x">&amp;'\0\x03\x1a\x7f\ud800\uffff é 测 😀 ]]>\n\t</a>`;
const LINT: RigEvent = { type: "lint", rule: "unended", message: NASTY, cause: 1, seq: 2, at: 5, modem: "m1" };

function summaryOf(outcome: SessionOutcome, events: readonly RigEvent[] = []) {
  const collector = new SummaryCollector();
  for (const event of events) collector.look(event);
  return collector.summary(outcome);
}

/** What a parser of XML makes of a report: each test case with its failures and texts. */
function parseXml(text: string): unknown {
  const program = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
suite = root[0]
print(json.dumps({"counts": [root.get(name) for name in ("tests", "failures", "errors", "skipped")],
  "cases": [[case.get("name"), [[child.tag, child.get("message"), child.text] for child in case]] for case in suite.iter("testcase")]}))`;
  const { stdout, stderr, status } = spawnSync("python3", ["-c", program], { input: text, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("JUnit", () => {
  const details: JunitDetails = { exchanges: ["> AT"], lint: "warn" };
  const shown = `<a href="x">&amp;'<NUL><ETX><SUB>\x7f\ufffd\ufffd é 测 😀 ]]>\n\t</a>`;

  test.each<[string, string, Partial<JunitDetails>, SessionOutcome, readonly RigEvent[], unknown]>([
    [
      "all is well",
      "one case for the command, one for lint",
      {},
      { exitCode: 0 },
      [],
      {
        counts: ["2", "0", "0", "0"],
        cases: [
          ["exit code of the command", []],
          ["lint", []],
        ],
      },
    ],
    [
      "the command fails",
      "with what was said last",
      {},
      { exitCode: 3 },
      [],
      {
        counts: ["2", "1", "0", "0"],
        cases: [
          ["exit code of the command", [["failure", "the command ended with code 3", "> AT"]]],
          ["lint", []],
        ],
      },
    ],
    [
      "expectations",
      "a case each",
      {},
      { exitCode: 0, expectations: [{ name: "never {}" }, { name: NASTY, problem: "no\nmatch" }] },
      [],
      {
        counts: ["4", "1", "0", "0"],
        cases: [
          ["exit code of the command", []],
          ["never {}", []],
          [shown, [["failure", "no", "no\nmatch"]]],
          ["lint", []],
        ],
      },
    ],
    [
      "lint warns",
      "told",
      {},
      { exitCode: 0 },
      [LINT],
      {
        counts: ["2", "0", "0", "0"],
        cases: [
          ["exit code of the command", []],
          ["lint", [["system-out", null, `unended: ${shown} (event 1)`]]],
        ],
      },
    ],
    [
      "lint fails",
      "a failure",
      { lint: "error" },
      { exitCode: 0 },
      [LINT],
      {
        counts: ["2", "1", "0", "0"],
        cases: [
          ["exit code of the command", []],
          ["lint", [["failure", "one finding", `unended: ${shown} (event 1)`]]],
        ],
      },
    ],
    [
      "lint is off",
      "skipped",
      { lint: "off" },
      { exitCode: 0 },
      [LINT],
      {
        counts: ["2", "0", "0", "1"],
        cases: [
          ["exit code of the command", []],
          ["lint", [["skipped", null, null]]],
        ],
      },
    ],
  ])("%s: %s", (_, __, more, outcome, events, parsed) => {
    expect(parseXml(junitReport(summaryOf(outcome, events), { ...details, ...more }))).toEqual(parsed);
  });
});

test("a record has every event in a line, from the first on; what a slow disk cannot take is counted", () => {
  const journal = new Journal({ clock: new VirtualClock() });
  const urc = (text: string) => journal.port("m1").emit({ type: "urc", text });
  const text: string[] = [];
  let room = true;
  urc("before");
  new Recorder(journal, (event) => room && text.push(recordLine(event)) > 0);
  urc("\r\n\x03\u2028");
  journal.settle();
  room = false;
  urc("lost");
  urc("lost");
  journal.settle();
  room = true;
  urc("after");
  journal.settle();
  expect(text.every((line) => line.endsWith("\n") && line.split("\n").length === 2)).toBe(true);
  expect(text.map((line) => JSON.parse(line))).toMatchObject([
    { seq: 1, type: "urc", text: "before" },
    { seq: 2, text: "\r\n\x03\u2028" },
    { seq: 5, text: "after" },
    { seq: 6, type: "log", level: "warn", event: "record-incomplete", missing: 2 },
  ]);
});
