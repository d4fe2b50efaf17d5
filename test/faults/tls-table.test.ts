import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { atRest } from "../support/loopback.ts";
import { bench } from "./bench.ts";

/** Virtual time in which every service has given up, and the step in which it passes. */
const PATIENCE = 400_000;
const STEP = 500;

type Bench = Awaited<ReturnType<typeof bench>>;

/** Gives a line, and waits for the first match of what the service says in the end. */
async function outcome({ dte, clock }: Bench, line: string, code: RegExp): Promise<string> {
  dte.send(`AT${line}\r`);
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

async function ftps(given: Bench, login = '"ftp.example",21,"me","secret",2'): Promise<string> {
  await outcome(given, "+CFTPSSTART", /\+CFTPSSTART: (0)\r\n/);
  return outcome(given, `+CFTPSLOGIN=${login}`, /\+CFTPSLOGIN: (\d+)\r\n/);
}

/** What a host does with each service, and the code that the module gives it. */
const SERVICES = {
  ftp: (given: Bench) => ftps(given),
  async "ftp-data"(given: Bench) {
    await given.rig.sandbox?.ftp.files.put("/a.txt", "hello, world");
    expect(await ftps(given)).toBe("0");
    return outcome(given, '+CFTPSGET="/a.txt"', /\+CFTPSGET: (\d+)\r\n/);
  },
  async http(given: Bench) {
    await outcome(given, "+CHTTPSSTART", /(OK)\r\n/);
    return outcome(given, '+CHTTPSOPSE="www.example",443', /(\+CHTTPSOPSE: 0|ERROR)\r\n/);
  },
  async tcp(given: Bench) {
    await outcome(given, "+CCHSTART", /\+CCHSTART: (0)\r\n/);
    return outcome(given, '+CCHOPEN=0,"echo.example",7', /\+CCHOPEN: 0,(\d+)\r\n/);
  },
} as const;

type Codes = Readonly<Record<keyof typeof SERVICES, string>>;

const OPEN = "+CHTTPSOPSE: 0";
const SUCCESS: Codes = { ftp: "0", "ftp-data": "0", http: OPEN, tcp: "0" };

/** module.md 2.1 to 2.3: the code of each service for what goes wrong on its connection. */
const TABLE: readonly (readonly [FaultSpec, Codes])[] = [
  [{ kind: "latency", latency: 300, jitter: 100 }, SUCCESS],
  [{ kind: "bandwidth", rate: 10 }, SUCCESS],
  [{ kind: "slicer", average_size: 40, size_variation: 20, delay: 1 }, SUCCESS],
  [{ kind: "link", preset: "gprs" }, SUCCESS],
  [{ kind: "unresolved" }, { ftp: "10", "ftp-data": "0", http: "ERROR", tcp: "9" }],
  [{ kind: "refused" }, { ftp: "10", "ftp-data": "10", http: "ERROR", tcp: "9" }],
  [{ kind: "unreachable" }, { ftp: "10", "ftp-data": "10", http: "ERROR", tcp: "9" }],
  [{ kind: "connect_timeout" }, { ftp: "5", "ftp-data": "5", http: "ERROR", tcp: "5" }],
  [
    { kind: "reset_peer", timeout: 0 },
    { ftp: "4", "ftp-data": "4", http: "ERROR", tcp: "4" },
  ],
  // What follows is of the bytes inside TLS: a handshake passes.
  [
    { kind: "timeout", timeout: 0 },
    { ...SUCCESS, ftp: "5", "ftp-data": "5" },
  ],
  [
    { kind: "timeout", timeout: 5000 },
    { ...SUCCESS, ftp: "4" },
  ],
  [
    { kind: "latency", latency: 130_000 },
    { ...SUCCESS, ftp: "5", "ftp-data": "5" },
  ],
  [{ kind: "slow_close", delay: 500 }, SUCCESS],
  [
    { kind: "limit_data", bytes: 3 },
    { ...SUCCESS, ftp: "4" },
  ],
  [
    { kind: "corrupt", direction: "down", at: 0, bytes: "???" },
    { ...SUCCESS, ftp: "2" },
  ],
];

const rows = TABLE.flatMap(([fault, codes]) =>
  Object.entries(codes).map(([service, code]): [keyof typeof SERVICES, FaultSpec, string] => [
    service as keyof typeof SERVICES,
    fault,
    code,
  ]),
);

test.each(rows)("%s with %j: %s", async (service, fault, code) => {
  const given = await bench([{ ...fault, service }], { sandbox: true });
  expect(await SERVICES[service](given)).toBe(code);
});

test.each<[FaultSpec, string]>([
  [{ kind: "reply", verb: "AUTH", text: "502 no" }, "9"],
  [{ kind: "reply", verb: "AUTH", text: "500 what" }, "9"],
  [{ kind: "silence", verb: "AUTH" }, "5"],
  [{ kind: "hang_up", verb: "AUTH" }, "4"],
  [{ kind: "reply", verb: "PASS", text: "530 no" }, "9"],
  [{ kind: "reply", verb: "PBSZ", text: "502 no" }, "9"],
  [{ kind: "silence", verb: "PBSZ" }, "5"],
  [{ kind: "reply", verb: "PROT", text: "536 no" }, "9"],
  [{ kind: "reply", verb: "PROT", text: "garbage" }, "2"],
  [{ kind: "hang_up", verb: "PROT" }, "4"],
])("FTPS, explicit, with %j: %s, and the password is sent only over TLS", async (fault, code) => {
  const given = await bench([{ ...fault, service: "ftp" }], { sandbox: true });
  expect(await ftps(given)).toBe(code);
  const commands = given.rig.sandbox?.ftp.sessions.at(-1)?.commands ?? [];
  if (fault.verb === "AUTH") expect(commands.filter((line) => /^(USER|PASS)/.test(line))).toEqual([]);
  expect(given.fired()).toEqual([1]);
});

/** What a datagram becomes, and what comes back of the echo. */
test.each<[FaultSpec, number, string]>([
  [{ kind: "latency", latency: 300 }, 5, "hello"],
  [{ kind: "bandwidth", rate: 1 }, 5, "hello"],
  [{ kind: "slicer", average_size: 2, delay: 1 }, 5, "hello"],
  [{ kind: "link", preset: "edge" }, 5, "hello"],
  [{ kind: "corrupt", direction: "down", at: 1, bytes: "ALL" }, 5, "hALLo"],
  [{ kind: "limit_data", bytes: 3, direction: "down" }, 5, "hel"],
  [{ kind: "timeout", timeout: 0 }, 5, ""],
  [{ kind: "reset_peer", timeout: 0 }, 5, ""],
  [{ kind: "refused" }, 5, ""],
  [{ kind: "connect_timeout" }, 5, ""],
  [{ kind: "unreachable" }, -1, ""],
  [{ kind: "unresolved" }, -1, ""],
])("UDP with %j: %i sent, %j comes back", async (fault, sent, back) => {
  const given = await bench([{ ...fault, service: "udp" }], { sandbox: true });
  const { dte, clock } = given;
  await outcome(given, "+CIPSRIP=0;+CIPHEAD=0;+NETOPEN", /\+NETOPEN: (0)\r\n/);
  await outcome(given, '+CIPOPEN=0,"UDP",,,0', /\+CIPOPEN: 0,0\r\n\r\n(OK)\r\n/);
  dte.send('AT+CIPSEND=0,5,"echo.example",7\r');
  await dte.expect("\r\n>");
  dte.send("hello");
  await dte.expect(`\r\nOK\r\n\r\n+CIPSEND: 0,5,${sent}\r\n`);
  let came = "";
  for (let waited = 0; waited < 10_000; waited += STEP) {
    await atRest();
    await clock.advance(STEP);
    came += dte.take();
  }
  expect(came).toBe(back);
  expect(given.fired()).toEqual([1]);
  dte.send("AT+CIPCLOSE=0\r");
  await dte.expect("\r\n+CIPCLOSE: 0,0\r\n\r\nOK\r\n");
});
