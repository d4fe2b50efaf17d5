import { expect, onTestFinished, test } from "vitest";
import { Rig } from "../../src/rig/rig.ts";
import type { Scenario } from "../../src/rig/scenario/scenario.ts";
import { PtyDialogue } from "../support/pty-dialogue.ts";
import { rounds } from "../support/rounds.ts";
import { play } from "./bench.ts";

/** Something goes wrong on each side, most of it by chance. */
const SCENARIO: Scenario = {
  seed: 4711,
  modems: [{ clock: "2010-02-05T12:00:00Z,0" }],
  sandbox: { files: { "/a.txt": "x".repeat(3000) } },
  faults: [
    { kind: "latency", latency: 40, jitter: 30 },
    { kind: "slicer", service: "ftp-data", average_size: 100, size_variation: 60, delay: 3 },
    { kind: "refused", service: "pop3", probability: 0.5 },
    { kind: "corrupt", service: "ftp-data", at: 7, bytes: "Y", probability: 0.5 },
    { kind: "noise", direction: "out", rate: 0.01 },
    { kind: "chunk", direction: "out", size: 40, gap: 2 },
    { kind: "noise", direction: "in", rate: 0.002 },
    { kind: "busy", command: "+CSQ", code: 14, probability: 0.5 },
    { kind: "delay", command: "+CREG", ms: 70, probability: 0.5 },
    { kind: "efs_fail", operation: "write", probability: 0.5 },
    { kind: "deregister", on: { type: "command", name: "+POP3OUT" }, after: 1, for: 3000 },
  ],
  timeline: [
    { at: 3000, do: { patch: { radio: { rssi: 3 } } } },
    { when: { type: "command", name: "+POP3IN" }, times: 5, after: 10, do: { urc: "+SEEN" } },
  ],
};

const RUNS = rounds(5, 20);
const PTY_RUNS = rounds(2, 5);
const LONG = { timeout: 120_000 };

const LINES = [
  "AT+CMEE=1\r",
  'AT+CFTPSERV="ftp";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1\r',
  'AT+POP3SRV="mail","user","password",110\r',
  ...Array.from({ length: 4 }, () => [
    "AT+CSQ\r",
    "AT+CREG?\r",
    "AT+POP3IN\r",
    "AT+POP3OUT\r",
    'AT+CFTPGET="/a.txt"\r',
    'AT+CFTPGETFILE="/a.txt",0\r',
  ]),
].flat();

async function transcript(hear: (line: string) => Promise<string>): Promise<string> {
  let all = "";
  for (const line of LINES) all += await hear(line);
  return all;
}

async function inMemory(scenario: Scenario): Promise<string> {
  const { rig, hear } = await play(scenario);
  const all = await transcript((line) => hear(line, 2000));
  await rig.close();
  return all;
}

test(`same seed, same host, same bytes: ${RUNS} runs over the memory line give one transcript`, LONG, async () => {
  const runs = new Set<string>();
  for (let run = 0; run < RUNS; run++) runs.add(await inMemory(SCENARIO));
  expect(runs.size).toBe(1);
  const [first = ""] = runs;
  expect(first.length).toBeGreaterThan(10_000);
  expect(await inMemory({ ...SCENARIO, seed: 4712 })).not.toBe(first);
});

test(`and ${PTY_RUNS} over a real pty`, LONG, async () => {
  const runs = new Set<string>();
  for (let run = 0; run < PTY_RUNS; run++) runs.add(await onPty());
  expect(runs.size).toBe(1);
});

async function onPty(): Promise<string> {
  const rig = await Rig.start({ time: "manual", journal: true, scenario: SCENARIO });
  onTestFinished(() => rig.close());
  const host = new PtyDialogue(rig.modem("m1").port);
  let after = 0;
  const all = await transcript(async (line) => {
    await host.send(line);
    // The kernel carries what the host has written; the clock may move when it is here.
    ({ seq: after } = await rig.expect({ type: "host" }, { after }));
    await rig.advance(2000);
    return host.takeWhatCame();
  });
  host.close();
  await rig.close();
  return all;
}
