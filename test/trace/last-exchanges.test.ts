import { expect, test } from "vitest";
import { withBytes } from "../../src/platform/long-bytes.ts";
import type { RigEvent, RigEventBody } from "../../src/rig/events.ts";
import { LastExchanges } from "../../src/trace/last-exchanges.ts";
import { showEvent } from "../../src/trace/show.ts";

/** The lines without their times. */
function linesOf(events: readonly (RigEventBody & { readonly modem?: string })[], step = 1): readonly string[] {
  const exchanges = new LastExchanges();
  events.forEach((event, index) => {
    exchanges.look({ modem: "m1", ...event, seq: index + 1, at: index * step } as RigEvent);
  });
  return exchanges.lines().map((line) => line.replace(/^ *\d+\.\d{3} /, ""));
}

const host = (bytes: string): RigEventBody => ({ type: "host", bytes });
const module = (bytes: string): RigEventBody => ({ type: "module", bytes });

test("the echo is left out", () => {
  const events = [
    host("AT\r\n"),
    module("AT\r\r\nOK\r\n"),
    host("AT+CSQ\r"),
    module("AT+CSQ\r"),
    module("\r\nERROR\r\n"),
    module("\r\nAT\r\n"),
  ];
  expect(linesOf(events)).toEqual([
    "> AT<CR><LF>",
    "< <CR><LF>OK<CR><LF>",
    "> AT+CSQ<CR>",
    "< <CR><LF>ERROR<CR><LF><CR><LF>AT<CR><LF>",
  ]);
});

test("an echo whose secrets are masked is one, too", () => {
  expect(linesOf([host("AT+CPIN=1234\r"), module("AT+CPIN=****\r\r\nOK\r\n")])).toEqual([
    "> AT+CPIN=1234<CR>",
    "< <CR><LF>OK<CR><LF>",
  ]);
});

test("what is typed byte by byte is one line, with echo or without", () => {
  const typed = [..."ATI\r\n"].flatMap((byte) => (byte === "\n" ? [host(byte)] : [host(byte), module(byte)]));
  expect(linesOf([...typed, module("\r\nOK\r\n"), ...[..."AT\r"].map(host)])).toEqual([
    "> ATI<CR><LF>",
    "< <CR><LF>OK<CR><LF>",
    "> AT<CR>",
  ]);
});

test("two lines are two entries, and so is what comes after a pause", () => {
  expect(linesOf([host("AT\r"), host("AT\r"), host("A")])).toEqual(["> AT<CR>", "> AT<CR>", "> A"]);
  expect(linesOf([host("A"), host("T")], 10_000)).toEqual(["> A", "> T"]);
});

test("two modems are told apart", () => {
  expect(linesOf([host("AT\r"), { ...host("A"), modem: "m2" }, host("I")])).toEqual([
    "m1  > AT<CR>",
    "m2  > A",
    "m1  > I",
  ]);
});

test("an unknown command is told once, and what a module does at boot not at all", () => {
  const events: RigEventBody[] = [
    { type: "state", what: "power", value: "on" },
    { type: "file", path: "C:/Audio", action: "made" },
    host("AT+CSR\r"),
    { type: "unknown", text: "+CSR", nearest: ["+CSQ"] },
    { type: "lint", rule: "unknown-command", message: "x", cause: 4 },
    { type: "result", name: "+CSR", result: "ERROR", ms: 0 },
  ];
  expect(linesOf(events)).toEqual(["> AT+CSR<CR>", "! unknown command +CSR; nearest: +CSQ"]);
});

test("of a long session the end is kept, and what went wrong first", () => {
  const talk = Array.from({ length: 500 }, (_, index) => [host(`AT${index}\r`), module("\r\nOK\r\n")]).flat();
  const fault = (id: string): RigEventBody => ({ type: "fault", id, kind: "drop" });
  const lines = linesOf([
    fault("first"),
    ...talk,
    ...Array.from({ length: 20 }, (_, index) => fault(`${index}`)),
    ...talk,
  ]);
  expect(lines.slice(0, 10)).toEqual([
    "! fault first (drop)",
    ...Array.from({ length: 7 }, (_, index) => `! fault ${index} (drop)`),
    "       ...",
    "> AT485<CR>",
  ]);
  expect(lines.at(-1)).toBe("< <CR><LF>OK<CR><LF>");
  expect(lines).toHaveLength(39);
});

test.each([
  ["text", "0123456789".repeat(10_000)],
  ["binary data", "\0\xff\x1a\x03".repeat(20_000)],
  ["UTF-8", Buffer.from("\u{1f600}".repeat(20_000)).toString("latin1")],
])("a long payload of %s is shown as `show` does", (_, payload) => {
  const [shown] = showEvent({ seq: 1, at: 0, modem: "m1", type: "host", bytes: payload });
  expect(linesOf([host(payload)])).toEqual([shown?.trimStart().replace(/^0\.000 /, "")]);
});

test("a payload in pieces is one entry, until something else comes or a while passes", () => {
  const piece = "0123456789".repeat(100);
  const upload = Array.from({ length: 50 }, () => host(piece));
  expect(linesOf([...upload, host("end\x1a"), module("\r\nOK\r\n"), host(piece)])).toEqual([
    expect.stringMatching(/^> 0123.*456789 \(50000 bytes\)$/),
    "> end<SUB>",
    "< <CR><LF>OK<CR><LF>",
    expect.stringMatching(/^> 0123.*456789 \(1000 bytes\)$/),
  ]);
  expect(linesOf([host(piece), host(piece)], 6000)).toHaveLength(2);
});

test("a silent session has no lines", () => {
  expect(linesOf([{ type: "state", what: "power", value: "on" }])).toEqual([]);
});

test.each([511, 512, 513, 5000, 20_000])("payloads of %i bytes that are lent are told as others", (length) => {
  const memory = Buffer.alloc(length);
  const said = (["host", "module", "module", "host", "host", "module"] as const).map((type, index) => {
    const text = String.fromCharCode(65 + index).repeat(length - 2);
    return { type, bytes: `${text}\r\n` };
  });
  const lent = new LastExchanges();
  const own = new LastExchanges();
  for (const [index, { type, bytes }] of said.entries()) {
    const place = { seq: index + 1, at: index * 6000, modem: "m1", type };
    memory.write(bytes, "latin1");
    lent.look(withBytes({ ...place }, memory));
    memory.fill(0);
    own.look({ ...place, bytes });
  }
  expect(lent.lines()).toEqual(own.lines());
});
