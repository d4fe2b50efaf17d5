import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { sha256 } from "../crypto.ts";

/** A process as its mark names it. */
export interface MarkedProcess {
  readonly pid: number;
  /** Whether it ran on this machine. Nothing can be found out about processes of another one. */
  readonly local: boolean;
  readonly running: boolean;
}

const MARK = /^(\d{1,10})-(\d{1,20}|x)-([0-9a-f]{8})-([0-9a-f]{8})$/;

/**
 * The mark of a process that runs on this machine, this one unless a pid is given: its pid, when it started, and digests of
 * the boot and of the machine. It is fit for a file name, and differs from that of every other process, also of an earlier one
 * that had the same pid.
 */
export function markOf(pid = process.pid): string {
  return `${pid}-${startOf(pid) ?? "x"}-${digest(bootId())}-${digest(hostname())}`;
}

/** Reads a mark and looks for its process; `undefined` if the text is no mark. */
export function findProcess(mark: string): MarkedProcess | undefined {
  const [, digits, start, boot, machine] = MARK.exec(mark) ?? [];
  if (digits === undefined) return undefined;
  const pid = Number(digits);
  if (machine !== digest(hostname())) return { pid, local: false, running: true };
  if (start === "x") return { pid, local: true, running: exists(pid) };
  return { pid, local: true, running: boot === digest(bootId()) && startOf(pid) === start };
}

/**
 * The start of a live process in ticks since boot. `undefined` if there is no such process, or no Linux. A zombie, which
 * only waits for its parent to ask for its exit code, does not count as live.
 *
 * @spec proc(5), /proc/pid/stat: field 3 is the state, field 22 the start time. Field 2, the name, may hold anything.
 */
function startOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? undefined : fields[18];
}

/** Where `/proc` is missing, a pid is all that there is to go by. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function bootId(): string {
  return readText("/proc/sys/kernel/random/boot_id");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function digest(text: string): string {
  return sha256(text).slice(0, 8);
}
