import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

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
