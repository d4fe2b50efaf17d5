import { expect, test } from "vitest";
import type { RigEvent, RigEventBody } from "../../src/rig/events.ts";
import { LINT_RULES } from "../../src/rig/lint/rules.ts";
import { showEvent } from "../../src/trace/show.ts";

const at = (body: RigEventBody): RigEvent => ({ ...body, seq: 1, at: 1234.5, modem: "m1" });
const connection = { type: "connection", id: 1, service: "smtp", host: "mail", port: 25 } as const;

test.each<[RigEventBody, readonly string[]]>([
  [{ type: "host", bytes: "AT\r" }, ["     1.234 > AT<CR>"]],
  [{ type: "module", bytes: "\r\nOK\r\n" }, ["     1.234 < <CR><LF>OK<CR><LF>"]],
  [{ type: "line", text: "AT" }, []],
  [{ type: "command", name: "+CSQ", form: "execute", arguments: [] }, []],
  [{ type: "urc", text: "RING" }, []],
  [{ type: "result", name: "+CSQ", result: "OK", ms: 1 }, []],
  [{ type: "result", name: "+CSQ", result: "ERROR", ms: 1 }, ["     1.234 ! AT+CSQ failed: ERROR"]],
  [{ type: "result", name: "D", result: "NO CARRIER", ms: 1 }, ["     1.234 ! ATD failed: NO CARRIER"]],
  [
    { type: "result", name: "+CFTPGET", result: "+CME ERROR: 208", ms: 1 },
    ["     1.234 ! AT+CFTPGET failed: +CME ERROR: 208 (Failed to login)"],
  ],
  [
    { type: "result", name: "+CMGS", result: "+CMS ERROR: 331", ms: 1 },
    ["     1.234 ! AT+CMGS failed: +CMS ERROR: 331 (no network service)"],
  ],
  [
    { type: "unknown", text: "+CSR", nearest: ["+CSQ", "+CR"] },
    ["     1.234 ! unknown command +CSR; nearest: +CSQ, +CR"],
  ],
  [
    { type: "unknown", text: "+CPSI", nearest: [], lacking: true },
    ["     1.234 ! unknown command +CPSI; this identity lacks it"],
  ],
  [
    { type: "unknown", text: "X\r", nearest: [] },
    ["     1.234 ! unknown command X<CR>; no command has a name like it"],
  ],
  [{ type: "entry", name: "+CHTTPACT", phase: "begin" }, []],
  [
    { type: "entry", name: "+CHTTPACT", phase: "end", bytes: 7, outcome: "silent" },
    ["     1.234 ! data of AT+CHTTPACT: 7 bytes, then the host fell silent"],
  ],
  [{ ...connection, phase: "resolve" }, []],
  [{ ...connection, phase: "open" }, ["     1.234 * smtp connection 1 to mail:25 is open"]],
  [
    { ...connection, phase: "end", sent: 5, received: 6 },
    ["     1.234 * smtp connection 1 to mail:25 has ended: 5 bytes sent, 6 received"],
  ],
  [
    { ...connection, phase: "fail", error: "REFUSED" },
    ["     1.234 ! smtp connection 1 to mail:25 failed: REFUSED (nothing listens there)"],
  ],
  [{ type: "sent", id: 1, bytes: "QUIT\r\n" }, ["     1.234 * connection 1 > QUIT<CR><LF>"]],
  [{ type: "file", path: "C:/a", action: "renamed", to: "C:/b" }, ["     1.234 * file C:/a renamed to C:/b"]],
  [{ type: "state", what: "registration", value: "none" }, ["     1.234 * registration: none"]],
  [{ type: "state", what: "lines", value: { dtr: true } }, ['     1.234 * lines: {"dtr":true}']],
  [
    { type: "mail", from: "a", recipients: ["b", "c"], subject: "\x1b[31m测", size: 1 },
    ["     1.234 * the sandbox got a mail from a to b, c: <ESC>[31m测"],
  ],
  [{ type: "request", method: "GET", target: "/", status: 404 }, ["     1.234 * the sandbox answered GET / with 404"]],
  [{ type: "fault", id: "slow", kind: "latency" }, ["     1.234 ! fault slow (latency)"]],
  [
    { type: "lint", rule: "unended", message: `the data did not end; ${LINT_RULES.unended.remedy}`, cause: 1 },
    ["     1.234 ! lint unended: the data did not end", `             remedy: ${LINT_RULES.unended.remedy}`],
  ],
  [
    { type: "lint", rule: "toString", message: "a rule of later", cause: 1 },
    ["     1.234 ! lint toString: a rule of later"],
  ],
  [{ type: "lint", rule: "unknown-command", message: "as the event before", cause: 1 }, []],
  [{ type: "log", level: "warn", event: "nvram lost", reason: "x" }, ['     1.234 ! warn: nvram lost {"reason":"x"}']],
  [{ type: "log", level: "info", event: "hello" }, ["     1.234 * info: hello"]],
])("%j", (body, lines) => {
  expect(showEvent(at(body))).toEqual(lines);
});

test("a payload is cut to the width, its end stays visible", () => {
  expect(showEvent(at({ type: "host", bytes: `${"x".repeat(500)}\x1a` }), { width: 30 })).toEqual([
    `     1.234 > ${"x".repeat(20)}...xxxxx<SUB> (501 bytes)`,
  ]);
});

test("several modems are told apart, and a terminal gets colours", () => {
  const event = at({ type: "host", bytes: "AT\r" });
  expect(showEvent(event, { modems: true })).toEqual(["     1.234 m1  > AT<CR>"]);
  expect(showEvent(event, { color: true })).toEqual(["\x1b[36m     1.234 > AT<CR>\x1b[0m"]);
});
