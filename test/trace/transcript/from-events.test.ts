import { expect, test } from "vitest";
import type { RigEventBody } from "../../../src/rig/events.ts";
import { TranscriptWriter } from "../../../src/trace/transcript/from-events.ts";

const rig = (options: unknown): RigEventBody => ({
  type: "rig",
  now: "2026-01-02T03:04:05Z",
  version: "1.0",
  seed: 1,
  options,
});
const host = (bytes: string): RigEventBody => ({ type: "host", bytes });
const module = (bytes: string): RigEventBody => ({ type: "module", bytes });
const connection = { type: "connection", service: "http", host: "a", port: 80 } as const;

/** The lines of a transcript of these events; a number is milliseconds that pass. */
function transcriptOf(...events: readonly (RigEventBody | number)[]): readonly string[] {
  const writer = new TranscriptWriter();
  let at = 0.25;
  const lines = events.flatMap((event, seq) => {
    if (typeof event !== "number") return writer.push({ ...event, seq, at, modem: "m1" });
    at += event;
    return [];
  });
  return [...lines, ...writer.end()];
}

test.each<[string, readonly (RigEventBody | number)[], readonly string[]]>([
  ["a line and its echo", [host("AT\r"), module("AT\r\r\nOK\r\n")], ["> AT", "< OK"]],
  [
    "a line typed byte by byte",
    [host("A"), module("A"), host("T"), module("T"), host("\r"), module("\r"), module("\r\nOK\r\n")],
    ["> AT", "< OK"],
  ],
  ["a line that is not echoed", [host("AT\r"), module("\r\nOK\r\n")], ['>" AT\\r', "< OK"]],
  [
    "lines after ATE0",
    [host("ATE0\r"), module("ATE0\r\r\nOK\r\n"), host("AT\r"), module("\r\nOK\r\n")],
    ["> ATE0", "< OK", "> AT", "< OK"],
  ],
  [
    "lines of a module whose echo was off already",
    [host("ATE0\r"), module("\r\nOK\r\n"), host("AT\r"), module("\r\nOK\r\n")],
    ['>" ATE0\\r', "< OK", "> AT", "< OK"],
  ],
  ["a line that ends in CR LF", [host("AT\r\n"), module("AT\r\r\nOK\r\n")], ['>" AT\\r\\n', '<" AT\\r', "< OK"]],
  ["a response in pieces", [host("A/"), module("\r\nO"), 5, module("K\r\n")], ['>" A/', "< OK"]],
  [
    "a response of several lines, a prompt, and raw bytes",
    [module("\r\n+A: 1\r\n2\r\n\r\nOK\r\n\r\n> "), host("x\x1a"), module("\x00\xff\n\n")],
    ["< +A: 1", "<+ 2", "< OK", '<" \\r\\n> ', '>" x\\x1a', '<" \\x00\\xff\\n', '<" \\n'],
  ],
  ["a long run of a byte", [module(`a${"\x00".repeat(500)}b`)], ['<" a', "<* 500 \\x00", '<" b']],
  ["time on a real clock", [host("AT\r"), module("AT\r"), 200.7, module("\r\nOK\r\n")], ["> AT", "~< 201", "< OK"]],
  [
    "connections, one beside the other",
    [
      { ...connection, id: 4, phase: "resolve" },
      { ...connection, id: 4, phase: "open" },
      { type: "sent", id: 4, bytes: "GET /\r\n" },
      { ...connection, id: 5, phase: "open" },
      { type: "received", id: 4, bytes: "200\r\n" },
      { ...connection, id: 5, phase: "fail", error: "RESET" },
      { ...connection, id: 6, phase: "fail", error: "REFUSED" },
      { ...connection, id: 4, phase: "end" },
    ],
    [
      "! open",
      '=" GET /\\r\\n',
      "! open",
      "! on 1",
      '!" 200\\r\\n',
      "! on 2",
      "! break RESET",
      "! fails REFUSED",
      "! on 1",
      "! end",
    ],
  ],
  ["what a transcript cannot play, as a note", [{ type: "state", what: "signal", value: 3 }], ["# signal is 3"]],
  [
    "a line of a transcript cannot bring in others",
    [{ type: "log", level: "info", event: "transcript", line: "# a\n> AT" }],
    ["# a"],
  ],
])("%s", (_, events, lines) => {
  expect(transcriptOf(...events)).toEqual(lines);
});

test.each<[string, unknown, readonly string[]]>([
  [
    "ours",
    { modems: [{ dialect: "field", identity: "sim5320", link: "/x", packetGap: 5 }] },
    ["# origin: constructed", "@ dialect field", "@ identity sim5320", "@ packet-gap 5"],
  ],
  ["a real module", { from: "/dev/ttyUSB2" }, ["# origin: field"]],
  ["options of another shape", { modems: 3 }, ["# origin: constructed"]],
])("the head of a record of %s", (_, options, lines) => {
  expect(transcriptOf(rig(options), host("AT\r"))).toEqual([
    "# spec: a session recorded by vmodem 1.0, 2026-01-02T03:04:05Z",
    ...lines,
    '>" AT\\r',
  ]);
});
