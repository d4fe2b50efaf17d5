import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { UsageError } from "../platform/usage-error.ts";
import { modemSetup } from "../rig/options.ts";
import { parseOptions } from "./parse-options.ts";
import { startReaper } from "./reaper.ts";
import { type Serving, serve } from "./serve.ts";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * `vmodem run [OPTIONS] -- COMMAND...`: serves a modem for as long as the command runs, and gives the command's exit code
 * (127 when it cannot be started, as a shell does; 128 and its number for a signal).
 */
export async function run(argv: readonly string[]): Promise<number> {
  const separator = argv.indexOf("--");
  const command = separator < 0 ? [] : argv.slice(separator + 1);
  if (command.length === 0) throw new UsageError("run needs -- and a command");
  const options = parseOptions("run", argv.slice(0, separator));
  const serving = await serve(options, modemSetup(options));
  process.on("exit", () => serving.closePort());
  try {
    return await runCommand(command, serving);
  } finally {
    await serving.close();
  }
}

/** Waits for a word on descriptor 3, which we give when all is set for the command to run, and becomes the command. */
const LAUNCHER = 'read -r go <&3 && exec "$@" 3<&-';

async function runCommand(command: readonly string[], serving: Serving): Promise<number> {
  // At a terminal the command must stay in our process group to be in the foreground; without one it gets a group of its
  // own, so that whatever it leaves running can be ended with it.
  const group = !process.stdin.isTTY;
  const reaper = startReaper(serving.link);
  const child = spawn("/bin/sh", ["-c", LAUNCHER, "vmodem", ...command], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    detached: group,
    env: { ...process.env, VMODEM_PORT: serving.link ?? serving.port },
  });
  const pid = child.pid ?? 0;
  const target = group ? -pid : pid;
  const stopForwarding = forwardSignals((signal) => {
    // An interrupt typed at a terminal reaches the command without us.
    if (group || (signal !== "SIGINT" && signal !== "SIGQUIT")) killQuietly(target, signal);
  });
  reaper.watch(target);
  const [go] = child.stdio.slice(3) as [Writable];
  go.on("error", () => undefined);
  go.end("go\n");
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal ?? "SIGTERM"];
  } finally {
    stopForwarding();
    if (group) killQuietly(target, "SIGTERM");
    reaper.release();
  }
}

/** Passes signals on until the returned function is called. */
function forwardSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  for (const signal of FORWARDED) process.on(signal, pass);
  return () => {
    for (const signal of FORWARDED) process.off(signal, pass);
  };
}

function killQuietly(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // Nobody is left.
  }
}
