import { expect, test } from "vitest";
import type { RigEvent, RigEventBody } from "../../../src/rig/events.ts";
import { SummaryCollector } from "../../../src/rig/report/summary.ts";

function summaryOf(events: readonly RigEventBody[]) {
  const collector = new SummaryCollector();
  let seq = 0;
  for (const event of events) collector.look({ ...event, seq: ++seq, at: seq * 10, modem: "m1" } as RigEvent);
  return collector.summary({
    exitCode: 3,
    expectations: [{ name: "some {}" }],
    faults: [
      { id: "used", kind: "latency" },
      { id: "unused", kind: "drop" },
    ],
  });
}

const result = (name: string, code: string): RigEventBody => ({ type: "result", name, result: code, ms: 1 });

test("a session in numbers", () => {
  const connection = { type: "connection", service: "http", host: "a", port: 80 } as const;
  const summary = summaryOf([
    { type: "rig", now: "2026-01-01T00:00:00.000Z", version: "1.2.3", seed: 7, options: {} },
    result("+CSQ", "OK"),
    result("+CSQ", "OK"),
    result("+CFTPGET", "+CME ERROR: 214"),
    { type: "unknown", text: "+CSR", nearest: ["+CSQ"] },
    result("+CSR", "ERROR"),
    { ...connection, id: 1, phase: "resolve" },
    { ...connection, id: 2, phase: "connect" },
    { ...connection, id: 1, phase: "open" },
    { ...connection, id: 2, phase: "fail", error: "REFUSED" },
    { ...connection, id: 1, phase: "end", sent: 5, received: 6 },
    // After a restart of the module numbers begin anew.
    { ...connection, id: 1, phase: "resolve" },
    { type: "fault", id: "used", kind: "latency" },
    { type: "fault", id: "used", kind: "latency" },
    { type: "lint", rule: "unended", message: "x; y", cause: 4 },
  ]);
  expect(summary).toEqual({
    started: "2026-01-01T00:00:00.000Z",
    duration: 150,
    version: "1.2.3",
    seed: 7,
    exitCode: 3,
    events: 15,
    commands: { "+CSQ": { OK: 2 }, "+CFTPGET": { "+CME ERROR: 214": 1 }, "+CSR": { ERROR: 1 } },
    unknown: { "+CSR": { count: 1, nearest: ["+CSQ"] } },
    errors: [
      { seq: 4, at: 40, modem: "m1", name: "+CFTPGET", result: "+CME ERROR: 214" },
      { seq: 6, at: 60, modem: "m1", name: "+CSR", result: "ERROR" },
    ],
    lint: [{ seq: 15, at: 150, modem: "m1", rule: "unended", message: "x; y", cause: 4 }],
    connections: [
      { seq: 7, at: 70, modem: "m1", service: "http", host: "a", port: 80, outcome: "ended", sent: 5, received: 6 },
      {
        seq: 8,
        at: 80,
        modem: "m1",
        service: "http",
        host: "a",
        port: 80,
        outcome: "failed",
        error: "REFUSED",
        sent: 0,
        received: 0,
      },
      { seq: 12, at: 120, modem: "m1", service: "http", host: "a", port: 80, outcome: "open", sent: 0, received: 0 },
    ],
    faults: [
      { id: "used", kind: "latency", fired: 2 },
      { id: "unused", kind: "drop", fired: 0 },
    ],
    expectations: [{ name: "some {}" }],
    omitted: { commands: 0, unknown: 0, errors: 0, lint: 0, connections: 0, faults: 0 },
  });
});

test("a long session is listed in part and counted in whole", () => {
  const events = Array.from({ length: 1500 }, (_, index): readonly RigEventBody[] => [
    { type: "unknown", text: `+X${index}`, nearest: [] },
    result(`+X${index}`, "ERROR"),
    { type: "connection", id: index, service: "tcp", phase: "resolve" },
    { type: "connection", id: index, service: "tcp", phase: "open" },
    { type: "connection", id: index, service: "tcp", phase: "end" },
  ]).flat();
  const { commands, unknown, errors, connections, omitted } = summaryOf(events);
  const lists = [Object.keys(commands), Object.keys(unknown), errors, connections];
  expect(lists.map(({ length }) => length)).toEqual([1000, 1000, 1000, 1000]);
  expect(omitted).toMatchObject({ commands: 500, unknown: 500, errors: 500, connections: 500 });
});
