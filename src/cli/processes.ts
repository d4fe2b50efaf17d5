import { readdirSync, readFileSync } from "node:fs";

/** The variable that marks what a `vmodem run` started: the ids of all runs that a process descends from, outermost first. */
export const RUN_VARIABLE = "VMODEM_RUN";

/** What a `vmodem run` started. */
export interface Started {
  /** The id of the run, which the environment of its children carries. */
  readonly id: string;
  /** The first process, while it has not been waited for. */
  readonly root: number | undefined;
  /** Its session and process group, where it has its own. */
  readonly session: number | undefined;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/**
 * Finds what still runs of it, as targets for `kill`. On Linux these are all processes that carry the id in their
 * environment or belong to the session, and all their descendants: a child that makes a session of its own keeps its
 * environment, and one that clears its environment usually keeps its session or its parent. Elsewhere it is the process
 * group only, as one target.
 */
export function findStarted(started: Started): readonly number[] {
  const processes = readProcesses();
  if (processes === undefined) return findGroup(started);
  const found = new Set<number>();
  for (const { pid, session } of processes) {
    if (pid === started.root || session === started.session || carriesId(pid, started.id)) found.add(pid);
  }
  // A process may come before its parent in the list, so look until nothing new is found.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function findGroup({ root, session }: Started): readonly number[] {
  const target = session === undefined ? root : -session;
  if (target === undefined) return [];
  try {
    process.kill(target, 0);
    return [target];
  } catch {
    return [];
  }
}

/** Asks each target to end. A stopped process acts on the signal only when it continues. */
export function signalEnd(targets: readonly number[], signal: NodeJS.Signals): void {
  signalAll(targets, signal);
  signalAll(targets, "SIGCONT");
}

/** Sends a signal to each target that still exists. */
export function signalAll(targets: readonly number[], signal: NodeJS.Signals): void {
  for (const target of targets) {
    try {
      process.kill(target, signal);
    } catch {
      // It has ended, or belongs to another user.
    }
  }
}

/** All running processes, without those that have ended and wait for their parent; `undefined` without /proc. */
function readProcesses(): readonly Process[] | undefined {
  if (process.platform !== "linux") return undefined;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** One process as /proc/PID/stat describes it; `undefined` when it has ended. */
export function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the name in parentheses, which may hold blanks and parentheses itself.
    const [state, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : { pid, parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}

function carriesId(pid: number, id: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
    const value = variables.find((variable) => variable.startsWith(`${RUN_VARIABLE}=`));
    return (
      value
        ?.slice(RUN_VARIABLE.length + 1)
        .split(":")
        .includes(id) ?? false
    );
  } catch {
    return false;
  }
}
