import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { framed, OK } from "../support/framing.ts";
import { atRest } from "../support/loopback.ts";
import { bench } from "./bench.ts";

/** Virtual time in which a link has been opened or given up, in which an answer has come, and the step in which it passes. */
const OPENING = 130_000;
const ANSWERING = 20_000;
const STEP = 500;

type Bench = Awaited<ReturnType<typeof bench>>;

/** What the module says in so much time, or until it matches. */
async function hear({ dte, clock }: Bench, patience: number, until?: RegExp): Promise<string> {
  let said = "";
  for (let waited = 0; waited <= patience; waited += STEP) {
    await atRest();
    said += dte.take();
    if (until?.test(said) === true) return said;
    await clock.advance(STEP);
  }
  return said;
}

const ANSWERED = "hello";
const PEER_CLOSED = framed("+IPCLOSE: 0,1");
const RESET = framed("+IPCLOSE: 0,3");

/** What comes back of a "hello" to a server that says it again. */
test.each<[FaultSpec, string]>([
  [{ kind: "latency", latency: 300, jitter: 100 }, ANSWERED],
  [{ kind: "bandwidth", rate: 1 }, ANSWERED],
  [{ kind: "slow_close", delay: 500 }, ANSWERED],
  [{ kind: "timeout", timeout: 0 }, ""],
  [{ kind: "timeout", timeout: 5000 }, PEER_CLOSED],
  [{ kind: "reset_peer", timeout: 5000 }, ANSWERED + RESET],
  [{ kind: "slicer", average_size: 2, delay: 1 }, ANSWERED],
  [{ kind: "limit_data", bytes: 3, direction: "up" }, PEER_CLOSED],
  [{ kind: "limit_data", bytes: 3, direction: "down" }, `hel${PEER_CLOSED}`],
  [{ kind: "corrupt", direction: "down", at: 1, bytes: "ALL" }, "hALLo"],
  [{ kind: "link", preset: "gprs" }, ANSWERED],
])("on a link of TCP with %j comes %j", async (fault, came) => {
  const given = await bench([{ ...fault, service: "tcp" }], { sandbox: true });
  const { dte } = given;
  await dte.command("AT+CIPSRIP=0;+CIPHEAD=0;+NETOPEN\r", OK + framed("+NETOPEN: 0"));
  dte.send('AT+CIPOPEN=0,"TCP","echo.example",7\r');
  await dte.expect(OK + framed("+CIPOPEN: 0,0"));
  dte.send("AT+CIPSEND=0,5\r");
  await dte.expect("\r\n>");
  dte.send("hello");
  expect(await hear(given, ANSWERING)).toBe(`${OK}${framed("+CIPSEND: 0,5,5")}${came}`);
  expect(given.fired()).toEqual([1]);
});

/** module.md 1.3 and 1.8: the code of a link that is not opened, or does not stay so. */
test.each<[FaultSpec, string]>([
  [{ kind: "unresolved" }, framed("+CIPOPEN: 0,11")],
  [{ kind: "refused" }, framed("+CIPOPEN: 0,1")],
  [{ kind: "unreachable" }, framed("+CIPOPEN: 0,1")],
  [{ kind: "connect_timeout" }, framed("+CIPOPEN: 0,10")],
  [{ kind: "reset_peer", timeout: 0 }, framed("+CIPOPEN: 0,0") + RESET],
])("opening a link of TCP with %j: %j", async (fault, said) => {
  const given = await bench([{ ...fault, service: "tcp", times: 1 }], { sandbox: true });
  const { dte } = given;
  await dte.command("AT+NETOPEN\r", OK + framed("+NETOPEN: 0"));
  dte.send('AT+CIPOPEN=0,"TCP","echo.example",7\r');
  expect(await hear(given, OPENING, /\+(CIPOPEN: 0,[1-9]\d*|IPCLOSE: .*)\r\n/)).toBe(OK + said);
  expect(given.fired()).toEqual([1]);
  dte.send('AT+CIPOPEN=0,"TCP","echo.example",7\r');
  await dte.expect(OK + framed("+CIPOPEN: 0,0"));
});
