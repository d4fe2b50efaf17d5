import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The file that starts it. */
export const VMODEM = join(import.meta.dirname, "..", "..", "bin", "vmodem.js");

/** How long a test waits for the program before it calls it hung, in milliseconds. */
const PATIENCE = 30_000;

/** The program, started for one test and killed at its end if it still runs. */
export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** All that it has printed so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** Waits until the standard output holds `text`, and gives all of it. */
  waitFor(text: string): Promise<string>;
  /** Waits for its end. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export function startProgram(args: readonly string[], file = VMODEM): Program {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("latin1");
    for (const watcher of watchers) watcher();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.on("error", () => undefined);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = bounded(
    new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal }));
    }),
    () => `vmodem ${args.join(" ")} to end; it printed ${JSON.stringify(output + errors)}`,
  );
  ended.catch(() => undefined);
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended,
    waitFor: (text) =>
      bounded(
        new Promise((resolve) => {
          const look = () => {
            if (output.includes(text)) resolve(output);
          };
          watchers.add(look);
          look();
        }),
        () => `${JSON.stringify(text)} in ${JSON.stringify(output)}`,
      ),
  };
}

/** Runs the program to its end. */
export async function runProgram(args: readonly string[], input = "") {
  const program = startProgram(args);
  program.child.stdin.end(input, "latin1");
  const { code } = await program.ended;
  return { code, output: program.output(), errors: program.errors() };
}

/** Settles as the promise does, or fails with what was waited for. */
export async function bounded<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `done` holds, by looking again and again. */
export function until(done: () => boolean, what: string): Promise<void> {
  return bounded(
    new Promise((resolve) => {
      const look = () => (done() ? resolve() : setTimeout(look, 20));
      look();
    }),
    () => what,
  );
}
