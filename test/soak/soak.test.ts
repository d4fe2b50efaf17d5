import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { VMODEM } from "../support/program.ts";
import { someFaults } from "./faults.ts";

/** How long it goes on, in minutes, and where its chance comes from: the same each time, but for `npm run soak`. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 1);
const SEED = Number(process.env.SOAK_SEED ?? 1);

/** The module's time-outs are so many times shorter: the longest takes 2.4 s then. */
const TIMEOUT_SCALE = 0.02;
/** In how many seconds the module must answer AT again once the faults are gone. */
const RECOVERY = 30;
const WORK = ["mail", "ftp", "http", "files"] as const;
const FILE = Buffer.from(Array.from({ length: 3000 }, (_, at) => 32 + (at % 90)));
/** What makes a transfer look whole that is not, to any client: a lost end and a changed byte cannot be seen. */
const INVISIBLE: readonly string[] = ["corrupt", "limit_data", "timeout", "slow_close"];
/** What makes the module hear another command than the host gave, with another name in it: it is right to obey that one. */
const MISHEARD: readonly string[] = ["drop", "duplicate", "flip", "noise", "overrun", "deaf", "disconnect"];

/** A process whose lines of JSON are answers to ours. */
class Peer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(child: ChildProcess) {
    this.#child = child;
    const lines: Interface = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    this.#lines = lines[Symbol.asyncIterator]();
  }

  // biome-ignore lint/suspicious/noExplicitAny: the answers are looked into as they are expected.
  async next(): Promise<any> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the process has ended: ${this.#child.exitCode}`);
    return JSON.parse(value);
  }

  ask(order: object) {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    return this.next();
  }
}

function start(command: string, args: readonly string[]): { readonly child: ChildProcess; readonly peer: Peer } {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return { child, peer: new Peer(child) };
}

/** What the process holds: descriptors, and memory in MiB. */
function holdings(pid: number) {
  const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, memory: Number(memory) / 1024 };
}

test(
  `a host lives through ${MINUTES} min of faults (seed ${SEED})`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "vmodem-soak-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // A port that goes away may come back under another name: the link leads to it.
    const link = join(folder, "modem");
    const options = [
      "--json",
      "--sandbox",
      "--control",
      "0",
      "--seed",
      String(SEED),
      "--link",
      link,
      "--journal",
      "1M",
      "--lint",
      "off",
    ];
    const { child, peer } = start(process.execPath, [
      VMODEM,
      "start",
      ...options,
      "--timeout-scale",
      String(TIMEOUT_SCALE),
    ]);
    const { control } = await peer.next();
    const call = async (method: string, path: string, body?: unknown) => {
      const raw = body instanceof Uint8Array;
      const response = await fetch(`${control}${path}`, {
        method,
        headers: { "Content-Type": raw ? "application/octet-stream" : "application/json" },
        ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };
    const ask = async (path: string) => JSON.parse(String((await call("GET", path)).bytes));
    const host = start("python3", [join(import.meta.dirname, "host.py"), link]).peer;
    const random = new SeededRandom(SEED);
    const pid = child.pid ?? 0;
    const seen: ReturnType<typeof holdings>[] = [];
    const outcomes: Record<string, number> = {};
    const end = performance.now() + MINUTES * 60_000;
    let slowest = 0;

    for (let round = 1; performance.now() < end; round++) {
      const work = WORK[random.integer(WORK.length)] as (typeof WORK)[number];
      const name = `soak-${round}.txt`;
      const faults = someFaults(random);
      const what = () => `round ${round} of seed ${SEED}: ${work} with ${JSON.stringify(faults)}`;
      await call("PUT", `/api/sandbox/files/pub/${name}`, FILE);
      for (const fault of faults) expect((await call("POST", "/api/faults", fault)).status, what()).toBe(201);
      const { outcome } = await host.ask({ work, name });
      outcomes[`${work} ${outcome}`] = (outcomes[`${work} ${outcome}`] ?? 0) + 1;
      await endFaults(call, faults);
      const { seconds } = await host.ask({ work: "recover", patience: RECOVERY });
      if (seconds === null) expect.fail(`${what()}: the module does not answer AT; ${await lastOf(ask)}`);
      slowest = Math.max(slowest, seconds);
      const isHeard = !faults.some(
        (fault) => MISHEARD.includes(fault.kind) && !("direction" in fault && fault.direction === "out"),
      );
      await checkMail(isHeard && work === "mail" && outcome === "sent", name, what());
      await checkFile(faults, name, isHeard && work === "ftp" && outcome === "got", what());
      if (isHeard) await checkNames(name, what());
      await tidy(name);
      if (round % 5 === 0) seen.push(holdings(pid));
    }

    process.stdout.write(`${JSON.stringify({ seed: SEED, outcomes, slowest, first: seen[0], last: seen.at(-1) })}\n`);
    expect(child.exitCode).toBeNull();
    checkHoldings(seen);

    async function checkMail(isSent: boolean, name: string, where: string) {
      const { mail } = await ask("/api/sandbox/mail");
      const came = (mail as { readonly subject: string }[]).filter(({ subject }) => subject === name).length;
      if (isSent) expect(came, `${where}: SUCCESS for a mail that the server has not got`).toBeGreaterThan(0);
    }

    async function checkFile(given: readonly FaultSpec[], name: string, isGot: boolean, where: string) {
      const { status, bytes } = await call("GET", `/api/modems/m1/efs/C:/${name}`);
      const spoiled = given.some(({ kind }) => INVISIBLE.includes(kind));
      if (status !== 404 && !spoiled)
        expect(bytes.equals(FILE), `${where}: a file of ${bytes.length} bytes`).toBe(true);
      if (isGot) expect(status, `${where}: 0 for a file that is not there`).toBe(200);
    }

    async function checkNames(name: string, where: string) {
      const strange = (await namesMade()).filter((each) => !["soak", name].includes(each));
      expect(strange, `${where}: files that nobody made`).toEqual([]);
    }

    /** What stands in C: and was not there at the start. */
    async function namesMade(): Promise<readonly string[]> {
      const { entries } = await ask("/api/modems/m1/efs/C:/");
      const names = (entries as { readonly name: string }[]).map((entry) => entry.name);
      return names.filter((name) => !["Audio", "Picture", "Video", "VideoCall"].includes(name));
    }

    async function tidy(name: string) {
      for (const path of [
        ...(await namesMade()).map((made) => `/api/modems/m1/efs/C:/${encodeURIComponent(made)}`),
        `/api/sandbox/files/pub/${name}`,
        "/api/sandbox/mail",
        "/api/sandbox/requests",
      ])
        await call("DELETE", path);
    }
  },
  MINUTES * 60_000 + 240_000,
);

/** What the module does now, and what happened last: for the message of a failure. */
async function lastOf(ask: (path: string) => Promise<{ readonly [name: string]: unknown }>): Promise<string> {
  const { host, lines } = await ask("/api/modems/m1");
  const { events } = await ask("/api/events?limit=100000");
  const shown = (events as readonly object[]).slice(-60).map((event) => JSON.stringify(event).slice(0, 200));
  return `${JSON.stringify({ host, lines })}\n${shown.join("\n")}`;
}

/** Ends the faults; what they leave behind ends by a reset, as a person would do it. */
async function endFaults(
  call: (method: string, path: string, body?: unknown) => Promise<unknown>,
  faults: readonly FaultSpec[],
) {
  await call("DELETE", "/api/faults");
  if (faults.some(({ kind }) => kind === "freeze")) await call("POST", "/api/modems/m1/reset");
}

/** Nothing grows: a leak of one descriptor or of a few kilobytes each round would show. */
function checkHoldings(seen: readonly ReturnType<typeof holdings>[]) {
  const quarter = Math.max(1, Math.floor(seen.length / 4));
  const [first, last] = [seen.slice(0, 2 * quarter), seen.slice(-quarter)];
  const most = (each: typeof seen, of: "descriptors" | "memory") => Math.max(...each.map((one) => one[of]));
  const least = (each: typeof seen, of: "descriptors" | "memory") => Math.min(...each.map((one) => one[of]));
  expect(least(last, "descriptors")).toBeLessThanOrEqual(most(first, "descriptors") + 2);
  expect(least(last, "memory")).toBeLessThanOrEqual(most(first, "memory") + 30);
}
