import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { UsageError } from "../platform/usage-error.ts";
import { endStarted, killStarted } from "./end-started.ts";
import { watchParent } from "./parent.ts";
import { parseOptions } from "./parse-options.ts";
import { findStarted, RUN_VARIABLE, type Started, signalAll, signalEnd } from "./processes.ts";
import { startReaper } from "./reaper.ts";
import { SessionReports } from "./run-report.ts";
import { type Serving, serve } from "./serve.ts";

/** Where `run` serves its control interface unless told otherwise. */
const LOOPBACK = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;

/** Signals that ask the command to end; it is killed when it does not. */
const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
/** Signals that are passed on to the command and mean nothing to us. */
const FORWARDED: readonly NodeJS.Signals[] = ["SIGQUIT", "SIGUSR1", "SIGUSR2"];
/** Signals that a terminal sends to the command itself. */
const TYPED: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/**
 * `vmodem run [OPTIONS] -- COMMAND...`: serves a modem for as long as the command runs, and gives the command's exit code
 * (127 when it cannot be started, as a shell does; 128 and its number for a signal). Nothing that the command started
 * outlives it.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const separator = argv.indexOf("--");
  const command = separator < 0 ? [] : argv.slice(separator + 1);
  const { given, checked } = parseOptions("run", separator < 0 ? argv : argv.slice(0, separator));
  if (command.length === 0) throw new UsageError("run needs a command: vmodem run [OPTIONS] -- COMMAND...");
  const signals = listen();
  const reports = await SessionReports.open(checked, (text) => process.stderr.write(text));
  try {
    const { control = LOOPBACK } = checked;
    const serving = await serve({ given, checked: { ...checked, control } }, signals.ending);
    process.on("exit", () => serving.closePorts());
    reports.follow(serving.rig);
    try {
      const code = await runCommand(command, serving, checked, signals);
      const { faults } = serving.rig;
      return await reports.finish(code, { faults: faults.known, color: process.stderr.isTTY && !process.env.NO_COLOR });
    } finally {
      await serving.close();
    }
  } catch (error) {
    await reports.abandon();
    // Ended while the modem was starting.
    if (error !== signals.ending.reason) throw error;
    return 128 + constants.signals[signals.ending.reason as NodeJS.Signals];
  }
}

/**
 * Both wait for a word on descriptor 3, which comes when the reaper knows what to watch. At a terminal the shell becomes
 * the command, in our process group, which is the one in the foreground.
 */
const IN_FOREGROUND = 'read -r go <&3 && exec "$@" 3<&-';

/**
 * Without a terminal the shell is a session and process group of its own, so that a signal to our group does not reach the
 * command twice. It runs the command as a child: a session leader that opens a terminal gets it as its controlling
 * terminal, and the modem must not become that. It outlives all signals but SIGKILL, to give the command's exit code, and
 * says nothing about how the command ended.
 */
const IN_SESSION = `
read -r go <&3 || exit
exec 3<&- 4>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2
(exec 2>&4 4>&- && exec "$@")
exit $?`;

interface RunOptions {
  readonly grace: number;
  readonly untilParentExits: boolean;
}

async function runCommand(
  command: readonly string[],
  serving: Serving,
  options: RunOptions,
  signals: Signals,
): Promise<number> {
  const { grace } = options;
  const foreground = process.stdin.isTTY === true;
  const id = randomUUID();
  const reaper = startReaper();
  const child = spawn("/bin/sh", ["-c", foreground ? IN_FOREGROUND : IN_SESSION, "vmodem", ...command], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    detached: !foreground,
    env: {
      ...process.env,
      ...variables(serving),
      [RUN_VARIABLE]: [process.env[RUN_VARIABLE], id].filter(Boolean).join(":"),
    },
  });
  const session = foreground ? undefined : child.pid;
  const started = (): Started => ({ id, root: hasEnded(child) ? undefined : child.pid, session });
  const hurry = new AbortController();
  let kill: NodeJS.Timeout | undefined;
  // When the command has ended, a further signal cuts the time short that is left to what it started.
  const hurryWhenOver = () => {
    if (hasEnded(child)) hurry.abort();
  };
  const end = (signal: NodeJS.Signals) => {
    hurryWhenOver();
    signalEnd(findStarted(started()), signal);
    kill ??= setTimeout(() => void killStarted(started()), grace);
  };
  signals.forward((signal) => {
    if (foreground && TYPED.includes(signal)) hurryWhenOver();
    else if (ENDING.includes(signal)) end(signal);
    else signalAll(commandTargets(child, session), signal);
  });
  const parent = watchParent(options.untilParentExits, () => end("SIGTERM"));
  const links = serving.modems.flatMap(({ link, port }) => (link === undefined ? [] : [{ link, device: port }]));
  reaper.watch({ started: started(), grace, links });
  const [go] = child.stdio.slice(3) as [Writable];
  go.on("error", () => undefined);
  go.end("go\n");
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    await endStarted(started(), grace, hurry.signal);
    return code ?? 128 + constants.signals[signal ?? "SIGTERM"];
  } finally {
    clearTimeout(kill);
    parent.release();
    signals.forward(() => undefined);
    reaper.release();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function commandTargets(child: ChildProcess, session: number | undefined): readonly number[] {
  if (session !== undefined) return [-session];
  return child.pid === undefined ? [] : [child.pid];
}

/** What the command is told by its environment; a variable that does not apply is not inherited either. */
function variables({ rig: { sandbox }, modem, modems, control }: Serving): NodeJS.ProcessEnv {
  const address = (server: string) => {
    const endpoint = sandbox?.servers[server];
    return endpoint === undefined ? undefined : `${endpoint.host}:${endpoint.port}`;
  };
  return {
    ...ports(modems),
    VMODEM_PORT: modem.link ?? modem.port,
    VMODEM_CONTROL: control?.address,
    VMODEM_CONTROL_TOKEN: control?.token,
    VMODEM_SANDBOX_HTTP: address("http"),
    VMODEM_SANDBOX_FTP: address("ftp"),
    VMODEM_SANDBOX_SMTP: address("smtp"),
    VMODEM_SANDBOX_POP3: address("pop3"),
  };
}

/** The ports by their numbers; those of a run around this one are not inherited. */
function ports(modems: Serving["modems"]): NodeJS.ProcessEnv {
  const inherited = Object.keys(process.env).filter((name) => /^VMODEM_PORT_\d+$/.test(name));
  return Object.fromEntries([
    ...inherited.map((name) => [name, undefined]),
    ...modems.map(({ link, port }, index) => [`VMODEM_PORT_${index + 1}`, link ?? port]),
  ]);
}

/** The signals of this process, until it has ended: one that comes late must not change its exit code. */
interface Signals {
  /** Aborted by the first signal that asks for the end. */
  readonly ending: AbortSignal;
  /** Passes signals on to `hear` from now on. */
  forward(hear: (signal: NodeJS.Signals) => void): void;
}

function listen(): Signals {
  const ending = new AbortController();
  let forward: (signal: NodeJS.Signals) => void = () => undefined;
  const hear = (signal: NodeJS.Signals) => {
    if (ENDING.includes(signal)) ending.abort(signal);
    forward(signal);
  };
  for (const signal of [...ENDING, ...FORWARDED]) process.on(signal, hear);
  return {
    ending: ending.signal,
    forward: (to) => {
      forward = to;
    },
  };
}
