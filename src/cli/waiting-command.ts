import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { RUN_VARIABLE } from "./processes.ts";
import { withoutRunVariables } from "./run-variables.ts";

/** A process that waits until it may become the command. */
export interface WaitingCommand {
  readonly child: ChildProcess;
  /** What the environment of the command and of its children carries. */
  readonly id: string;
  /** Its session and process group, where it has its own. */
  readonly session: number | undefined;
  /** Resolves when the command has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Lets it begin, with these variables beside those of this process. */
  begin(variables: Readonly<Record<string, string>>): void;
  /** Ends it if it has not begun. */
  abandon(): void;
}

/**
 * Waits for the variables on descriptor 3. When that is closed without a word, or this process ends, there is no command
 * to run. The shell keeps nothing in variables of its own: the user may have exported one of that name. It reports a missing
 * command in our words, because its own message names a line of this text. A file that cannot be run is not missing.
 */
const AWAIT_VARIABLES = `
eval "$(cat <&3)"
[ -n "\${VMODEM_PORT-}" ] || exit
command -v -- "$1" >/dev/null 2>&1 || [ -e "$1" ] || { printf 'vmodem: run: there is no command %s\\n' "$1" >&2; exit 127; }
`;

/** At a terminal the shell becomes the command, in our process group, which is the one in the foreground. */
const IN_FOREGROUND = `${AWAIT_VARIABLES}exec "$@" 3<&-`;

/**
 * Without a terminal the shell is a session and process group of its own, so that a signal to our group does not reach the
 * command twice. It runs the command as a child: a session leader that opens a terminal gets it as its controlling
 * terminal, and the modem must not become that. It outlives all signals but SIGKILL, to give the command's exit code, and
 * says nothing about how the command ended.
 */
const IN_SESSION = `${AWAIT_VARIABLES}
exec 3<&- 4>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2
(exec 2>&4 4>&- && exec "$@")
exit $?`;

/**
 * Starts the process of the command before a port is open. A process inherits the descriptors of every pseudo-terminal that
 * is open when it is started, and would keep a port in being that was closed.
 */
export function prepareCommand(command: readonly string[]): WaitingCommand {
  const foreground = process.stdin.isTTY === true;
  const id = randomUUID();
  const child = spawn("/bin/sh", ["-c", foreground ? IN_FOREGROUND : IN_SESSION, "vmodem", ...command], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    detached: !foreground,
    env: {
      ...withoutRunVariables(process.env),
      [RUN_VARIABLE]: [process.env[RUN_VARIABLE], id].filter(Boolean).join(":"),
    },
  });
  const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  // One that fails before it is waited for fails whoever waits.
  ended.catch(() => undefined);
  const [words] = child.stdio.slice(3) as [Writable];
  words.on("error", () => undefined);
  return {
    child,
    id,
    session: foreground ? undefined : child.pid,
    ended,
    begin: (variables) => void words.end(exports(variables)),
    abandon: () => void words.end(),
  };
}

/** A line of the shell that sets and exports variables, whatever their values hold. */
function exports(variables: Readonly<Record<string, string>>): string {
  const words = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
  return `export ${words.join(" ")}`;
}
