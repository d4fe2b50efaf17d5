import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { atRest } from "../support/loopback.ts";
import { bench, SESSIONS } from "./bench.ts";

/** Virtual time in which every service has given up, and the step in which it passes. */
const PATIENCE = 400_000;
const STEP = 500;

type Bench = Awaited<ReturnType<typeof bench>>;

/** Waits for what a service says in the end, and gives its code. */
async function outcome({ dte, clock }: Bench, code: RegExp): Promise<string> {
  let said = "";
  for (let waited = 0; waited <= PATIENCE; waited += STEP) {
    await atRest();
    said += dte.take();
    const found = code.exec(said)?.[1];
    if (found !== undefined) return found;
    await clock.advance(STEP);
  }
  throw new Error(`no outcome in ${JSON.stringify(said)}`);
}

async function run(given: Bench, [setting, line]: readonly [string, string], code: RegExp): Promise<string> {
  await given.rig.sandbox?.ftp.files.put("/readme.txt", "hello, world");
  given.dte.send(`${setting}\r`);
  await outcome(given, /(OK)\r\n$/);
  given.dte.send(`${line}\r`);
  return outcome(given, code);
}

/** What a host does with each service, and the code that the module gives it. */
const SERVICES = {
  smtp: (given: Bench) => run(given, SESSIONS.smtp, /\+SMTP: (?!OK)(.*)\r\n/),
  pop3: (given: Bench) => run(given, SESSIONS.pop3, /\+POP3: (.*)\r\n/),
  ftp: (given: Bench) => run(given, SESSIONS.ftp, /\+CFTPGETFILE: (\d+)\r\n/),
  "ftp-data": (given: Bench) => run(given, SESSIONS.ftp, /\+CFTPGETFILE: (\d+)\r\n/),
  async http(given: Bench) {
    const begun = await run(given, SESSIONS.http, /(\+CME ERROR: \d+|REQUEST)\r\n/);
    if (begun !== "REQUEST") return begun.slice(-3);
    given.dte.send("GET / HTTP/1.1\r\nHost: www\r\nConnection: close\r\n\r\n\x1a");
    // Where the connection breaks while the host enters its request, the command has not ended yet.
    return outcome(given, /\+(?:CHTTPACT|CME ERROR): (\d+)\r\n/);
  },
} as const;

type Codes = Readonly<Record<keyof typeof SERVICES, string>>;

const SUCCESS: Codes = { smtp: "SUCCESS", pop3: "SUCCESS", ftp: "0", "ftp-data": "0", http: "0" };
const NETWORK = { smtp: "NETWORK ERROR", pop3: "NETWORK ERROR" };
const SERVER = { smtp: "SERVER ERROR", pop3: "SERVER ERROR" };

/** Decisions 3 to 6: the code of each service for what goes wrong on its connection. */
const TABLE: readonly (readonly [FaultSpec, Codes])[] = [
  [{ kind: "latency", latency: 300, jitter: 100 }, SUCCESS],
  [
    { kind: "latency", latency: 130_000 },
    { ...SERVER, ftp: "204", "ftp-data": "204", http: "223" },
  ],
  [{ kind: "bandwidth", rate: 10 }, SUCCESS],
  [{ kind: "slow_close", delay: 500 }, SUCCESS],
  [
    { kind: "timeout", timeout: 0 },
    { ...SERVER, ftp: "204", "ftp-data": "204", http: "223" },
  ],
  [
    { kind: "timeout", timeout: 5000 },
    { ...SERVER, ftp: "201", "ftp-data": "0", http: "224" },
  ],
  [
    { kind: "reset_peer", timeout: 0 },
    { ...NETWORK, ftp: "214", "ftp-data": "210", http: "224" },
  ],
  [{ kind: "slicer", average_size: 40, size_variation: 20, delay: 1 }, SUCCESS],
  [
    { kind: "limit_data", bytes: 3 },
    { ...SERVER, ftp: "201", "ftp-data": "0", http: "224" },
  ],
  [{ kind: "unresolved" }, { ...NETWORK, ftp: "203", "ftp-data": "0", http: "222" }],
  [{ kind: "refused" }, { ...NETWORK, ftp: "214", "ftp-data": "214", http: "227" }],
  [{ kind: "unreachable" }, { ...NETWORK, ftp: "214", "ftp-data": "214", http: "227" }],
  [{ kind: "connect_timeout" }, { ...NETWORK, ftp: "204", "ftp-data": "204", http: "223" }],
  [
    { kind: "corrupt", direction: "down", at: 0, bytes: "???" },
    { ...SERVER, ftp: "201", "ftp-data": "0", http: "0" },
  ],
  [{ kind: "link", preset: "gprs" }, SUCCESS],
];

const rows = TABLE.flatMap(([fault, codes]) =>
  Object.entries(codes).map(([service, code]): [keyof typeof SERVICES, FaultSpec, string] => [
    service as keyof typeof SERVICES,
    fault,
    code,
  ]),
);

/** A data connection is asked for by an address, which needs no resolving, and by PASV where EPSV has failed. */
function usesOf(service: string, kind: string): number {
  if (service !== "ftp-data") return 1;
  return { unresolved: 0, refused: 2, unreachable: 2, connect_timeout: 2 }[kind] ?? 1;
}

test.each(rows)("%s with %j: %s", async (service, fault, code) => {
  const given = await bench([{ ...fault, service }], { sandbox: true });
  expect(await SERVICES[service](given)).toBe(code);
  expect(given.fired()).toEqual([usesOf(service, fault.kind)]);
});

/** What a server says instead, or does not say, and the code that follows. */
test.each<[keyof typeof SERVICES, FaultSpec, string]>([
  ["smtp", { kind: "reply", verb: "GREETING", text: "554 no" }, "SERVER ERROR"],
  ["smtp", { kind: "reply", verb: "GREETING", text: "421 later" }, "SERVER ERROR"],
  ["smtp", { kind: "reply", verb: "EHLO", text: "502 no" }, "SUCCESS"],
  ["smtp", { kind: "reply", verb: "MAIL", text: "530 5.7.0 who" }, "AUTH REQUIRED"],
  ["smtp", { kind: "reply", verb: "RCPT", argument: "you@", text: "550 5.1.1 nobody" }, "SERVER ERROR"],
  ["smtp", { kind: "reply", verb: "RCPT", argument: "other@", text: "550 5.1.1 nobody" }, "SUCCESS"],
  ["smtp", { kind: "reply", verb: "DATA", text: "554 no" }, "SERVER ERROR"],
  ["smtp", { kind: "reply", verb: "END", text: "451 later" }, "SERVER ERROR"],
  ["smtp", { kind: "reply", verb: "END", text: "250 lost" }, "SUCCESS"],
  ["smtp", { kind: "reply", verb: "QUIT", text: "500 stay" }, "SUCCESS"],
  ["smtp", { kind: "silence", verb: "GREETING" }, "SERVER ERROR"],
  ["smtp", { kind: "silence", verb: "END" }, "SERVER ERROR"],
  ["smtp", { kind: "hang_up", verb: "RCPT" }, "SERVER ERROR"],
  ["smtp", { kind: "hang_up", verb: "END" }, "SERVER ERROR"],
  ["pop3", { kind: "reply", verb: "GREETING", text: "-ERR busy" }, "SERVER ERROR"],
  ["pop3", { kind: "reply", verb: "USER", text: "-ERR who" }, "INVALID UN"],
  ["pop3", { kind: "reply", verb: "PASS", text: "-ERR no" }, "INVALID UNPWD"],
  ["pop3", { kind: "reply", verb: "PASS", text: "garbage" }, "SERVER ERROR"],
  ["pop3", { kind: "silence", verb: "PASS" }, "SERVER ERROR"],
  ["pop3", { kind: "hang_up", verb: "PASS" }, "SERVER ERROR"],
  ["ftp", { kind: "reply", verb: "GREETING", text: "421 full" }, "210"],
  ["ftp", { kind: "reply", verb: "PASS", text: "530 no" }, "208"],
  ["ftp", { kind: "reply", verb: "TYPE", text: "504 no" }, "211"],
  ["ftp", { kind: "reply", verb: "EPSV", text: "500 no" }, "0"],
  ["ftp", { kind: "reply", verb: "RETR", text: "450 busy" }, "210"],
  ["ftp", { kind: "reply", verb: "RETR", argument: "readme", text: "550 gone" }, "211"],
  ["ftp", { kind: "reply", verb: "RETR", argument: "other", text: "550 gone" }, "0"],
  ["ftp", { kind: "reply", verb: "END", text: "426 broken" }, "210"],
  ["ftp", { kind: "silence", verb: "USER" }, "204"],
  ["ftp", { kind: "silence", verb: "QUIT" }, "209"],
  ["ftp", { kind: "hang_up", verb: "PASS" }, "201"],
  ["http", { kind: "reply", text: "HTTP/1.1 503 Busy" }, "0"],
])("%s with %j: %s", async (service, fault, code) => {
  const given = await bench([{ ...fault, service }], { sandbox: true });
  expect(await SERVICES[service](given)).toBe(code);
  const isUsed = fault.argument !== "other@" && fault.argument !== "other";
  expect(given.fired()).toEqual([isUsed ? 1 : 0]);
});

test.each(["451 later", "250 lost"])(
  "a mail whose last reply is %j has not reached the server; the next one does",
  async (text) => {
    const given = await bench([{ kind: "reply", verb: "END", text, times: 1 }], { sandbox: true });
    await SERVICES.smtp(given);
    expect(given.rig.sandbox?.smtp.mails).toEqual([]);
    expect(await SERVICES.smtp(given)).toBe("SUCCESS");
    expect(given.rig.sandbox?.smtp.mails).toHaveLength(1);
  },
);

test("several faults of one dialogue keep their turns", async () => {
  const faults = ["EHLO", "NOOP", "END"].map((verb) => ({
    kind: "reply",
    verb,
    text: verb === "END" ? "250 lost" : "502 no",
  }));
  const given = await bench([...faults, { kind: "latency", latency: 10 }], { sandbox: true });
  expect(await SERVICES.smtp(given)).toBe("SUCCESS");
  expect([given.rig.sandbox?.smtp.mails, given.fired()]).toEqual([[], [1, 0, 1, 1]]);
});
