import { readFileSync } from "node:fs";
import { readProcess } from "./processes.ts";

/** How often to look whether the parent has ended, in milliseconds. */
const LOOK_INTERVAL = 250;

/**
 * Calls `gone` once when the parent process has ended, if that was asked for. It is on by default where npm or npx started
 * this program: they do not pass signals on, so that ending them would leave it running. Between npm and this program
 * there is a shell, which may outlive npm; therefore the parent of the parent is watched then, too.
 */
export function watchParent(asked: boolean, gone: () => void): { release(): void } {
  const parent = process.ppid;
  const npm = findNpm(parent);
  if (!asked && npm === undefined) return { release: () => undefined };
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || npm === parent || readProcess(parent)?.parent === npm)) return;
    clearInterval(timer);
    gone();
  }, LOOK_INTERVAL);
  timer.unref();
  return { release: () => clearInterval(timer) };
}

/** The process of npm or npx that started this program, directly or by a shell. */
function findNpm(parent: number): number | undefined {
  if (process.env.npm_command === undefined) return undefined;
  // Without /proc, what npm says of itself must do; below `npm run` it may be inherited from further up.
  if (process.platform !== "linux") return process.env.npm_command === "exec" ? parent : undefined;
  const grandparent = readProcess(parent)?.parent;
  return [parent, grandparent].find((pid) => pid !== undefined && isNpm(pid));
}

function isNpm(pid: number): boolean {
  try {
    return /(^|[/\0 ])np[mx]([-. \0]|$)/.test(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
  } catch {
    return false;
  }
}
