import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { locate } from "./program.ts";

/** How long a host program may take, in milliseconds. */
const PATIENCE = 40_000;

/** How a host program ended, and what it printed. */
export interface HostRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a host program to its end. */
export function runHost(name: string, args: readonly string[]): Promise<HostRun> {
  return run(name, args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs a host program whose standard input and output are the terminal. */
export async function runOnTerminal(path: string, name: string, args: readonly string[]): Promise<HostRun> {
  const terminal = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  try {
    return await run(name, args, { stdio: [terminal, terminal, "pipe"] });
  } finally {
    closeSync(terminal);
  }
}

function run(name: string, args: readonly string[], options: SpawnOptions): Promise<HostRun> {
  const environment = { ...process.env, LC_ALL: "C.UTF-8", LANGUAGE: "en" };
  const child = spawn(locate(name) ?? name, args, { ...options, env: environment, timeout: PATIENCE });
  const printed = { output: "", errors: "" };
  child.stdout?.on("data", (chunk: Buffer) => {
    printed.output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    printed.errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...printed }));
  });
}

/** Starts a host program that runs beside the test and ends with it. Gives what it has written to its standard error so far. */
export function startHost(name: string, args: readonly string[]): () => string {
  const child = spawn(locate(name) ?? name, args, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString("latin1");
  });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return () => errors;
}

/** An empty folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-host-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends a process that was started detached, and with it what it started. It may have ended already, and its children not. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
