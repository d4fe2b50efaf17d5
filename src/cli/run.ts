import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { startReaper } from "./reaper.ts";
import { type Serving, serve } from "./serve.ts";
import { parseStartOptions } from "./start-options.ts";
import { UsageError } from "./usage-error.ts";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * `vmodem run [OPTIONS] -- COMMAND...`: serves a modem for as long as the command runs, and gives the command's exit code
 * (127 when it cannot be started, as a shell does; 128 and its number for a signal).
 */
export async function run(argv: readonly string[]): Promise<number> {
  const separator = argv.indexOf("--");
  const [program, ...args] = separator < 0 ? [] : argv.slice(separator + 1);
  if (program === undefined) throw new UsageError("vmodem run needs -- and a command");
  const options = parseStartOptions(argv.slice(0, separator));
  if (options.medium.kind === "stdio")
    throw new UsageError("--stdio does not go with run: the command has the terminal");
  if (options.json) throw new UsageError("--json does not go with run: the command has the standard output");
  const serving = await serve(options);
  process.on("exit", () => serving.closePort());
  try {
    return await runCommand(program, args, serving);
  } finally {
    await serving.close();
  }
}

function runCommand(program: string, args: readonly string[], serving: Serving): Promise<number> {
  // At a terminal the command must stay in our process group to be in the foreground; without one it gets a group of its
  // own, so that whatever it leaves running can be ended with it.
  const group = !process.stdin.isTTY;
  const child = spawn(program, args, {
    stdio: "inherit",
    detached: group,
    env: { ...process.env, VMODEM_PORT: serving.link ?? serving.port },
  });
  const stopForwarding = forwardSignals(child, group);
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      stopForwarding();
      process.stderr.write(`vmodem: cannot run ${program}: ${error.code ?? error.message}\n`);
      resolve(error.code === "ENOENT" ? 127 : 126);
    });
    child.once("spawn", () => {
      const reaper = startReaper(child, group, serving.link);
      child.once("exit", (code, signal) => {
        stopForwarding();
        reaper.release();
        if (group) killQuietly(-(child.pid ?? 0), "SIGTERM");
        resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]);
      });
    });
  });
}

/** Passes signals on. An interrupt typed at a terminal reaches the command's process group without us. */
function forwardSignals(child: ChildProcess, group: boolean): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (group) killQuietly(-(child.pid ?? 0), signal);
    else if (signal !== "SIGINT" && signal !== "SIGQUIT") child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, onSignal);
  return () => {
    for (const signal of FORWARDED) process.off(signal, onSignal);
  };
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid !== 0) process.kill(pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
