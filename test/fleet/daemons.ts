import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { bounded } from "../support/program.ts";

/** A program that runs beside the tests. */
export interface Daemon {
  readonly child: ChildProcess;
  /** All that it has printed on its standard output so far. */
  readonly output: () => string;
  /** Resolves with its exit code; with `null` where it was killed, or could not be started. */
  readonly ended: Promise<number | null>;
}

export function startDaemon(command: string, args: readonly string[], options: SpawnOptions): Daemon {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"], ...options });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stdin?.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve).on("error", () => resolve(null)));
  return { child, output: () => output, ended };
}

/** Ends them, the last one first; kills those that do not end in time. */
export async function endDaemons(daemons: readonly Daemon[]): Promise<void> {
  for (const { child } of daemons.toReversed()) child.kill("SIGTERM");
  const ended = Promise.all(daemons.map((daemon) => daemon.ended));
  try {
    await bounded(ended, () => "the daemons to end");
  } catch {
    for (const { child } of daemons) child.kill("SIGKILL");
    await ended;
  }
}
