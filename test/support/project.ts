import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..", "..");
/** How long a program of a project may run, in milliseconds: a C compiler on a busy machine takes its time. */
const PATIENCE = 60_000;

/** How a program ended. */
export interface Outcome {
  /** `null` when it did not end by itself. */
  readonly code: number | null;
  /** Both its outputs. */
  readonly output: string;
}

/** A folder of somebody who uses the built package; removed at the end of the test. */
export interface Project {
  readonly folder: string;
  run(command: string, args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Outcome>;
}

/** Makes a project that has vmodem and `packages` installed, with the files of the folder `from`. */
export async function newProject({ packages = [], from }: { packages?: readonly string[]; from?: string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-project-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const modules = join(folder, "node_modules");
  await mkdir(join(modules, ".bin"), { recursive: true });
  await symlink(root, join(modules, "vmodem"));
  await symlink(join(root, "bin", "vmodem.js"), join(modules, ".bin", "vmodem"));
  for (const name of packages) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, "node_modules", name), join(modules, name));
  }
  if (from !== undefined) await cp(join(root, from), folder, { recursive: true });
  return {
    folder,
    run: (command, args, environment = {}) => runIn(folder, command, args, environment),
  } satisfies Project;
}

/** Whether a program is there and ends well. */
export async function works(command: string, ...args: readonly string[]): Promise<boolean> {
  return (await runIn(tmpdir(), command, args, {})).code === 0;
}

function runIn(
  cwd: string,
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Outcome> {
  // Without what tells a test framework or vmodem that it runs inside another one.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|VMODEM|PYTEST)/.test(name));
  const env = { ...Object.fromEntries(inherited), NO_COLOR: "1", ...environment };
  return new Promise((resolve) => {
    const child = execFile(command, args, { cwd, env, timeout: PATIENCE }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ code, output: `${stdout}${stderr}${code === null ? String(error) : ""}` });
    });
    child.stdin?.end();
  });
}
