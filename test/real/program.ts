import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { answering } from "./answering.ts";

const run = promisify(execFile);

/** Where a program is; `undefined` when it is not installed. */
export function locate(name: string): string | undefined {
  const directories = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`.split(":");
  return directories.map((directory) => `${directory}/${name}`).find((path) => existsSync(path));
}

/** Whether a program is installed and runs. */
export function present(name: string): boolean {
  const path = locate(name);
  return path !== undefined && spawnSync(path, ["--version"]).error === undefined;
}

/** Runs a program to its end, and gives what it printed. A failure shows what it complained of. */
export async function output(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(name, args, { encoding: "latin1", timeout: 30_000 });
  return stdout;
}

/** Starts a server and waits until it takes connections. `close` resolves when it has ended. */
export async function startServer(
  name: string,
  args: readonly string[],
  port: number,
): Promise<{ close(): Promise<void> }> {
  const child = spawn(locate(name) ?? name, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  try {
    await answering(port, child);
  } catch {
    await stop(child);
    throw new Error(`${name} does not start: ${said}`);
  }
  return { close: () => stop(child) };
}

/** Ends a process, and resolves when it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill();
  await exit;
}
