import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { UsageError } from "../platform/usage-error.ts";
import { endStarted, killStarted } from "./end-started.ts";
import { watchParent } from "./parent.ts";
import { parseOptions } from "./parse-options.ts";
import { findStarted, type Started, signalAll, signalEnd } from "./processes.ts";
import { type Reaper, startReaper } from "./reaper.ts";
import { SessionReports } from "./run-report.ts";
import { variablesOf } from "./run-variables.ts";
import { type Serving, serve } from "./serve.ts";
import { prepareCommand, type WaitingCommand } from "./waiting-command.ts";

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
  const reaper = startReaper();
  const waiting = prepareCommand(command);
  try {
    const { control = LOOPBACK } = checked;
    const serving = await serve({ given, checked: { ...checked, control } }, signals.ending);
    process.on("exit", () => serving.closePorts());
    reports.follow(serving.rig);
    try {
      const code = await runCommand(waiting, reaper, serving, checked, signals);
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
  } finally {
    waiting.abandon();
    reaper.release();
  }
}

interface RunOptions {
  readonly grace: number;
  readonly untilParentExits: boolean;
}

async function runCommand(
  { child, id, session, begin, ended }: WaitingCommand,
  reaper: Reaper,
  serving: Serving,
  { grace, untilParentExits }: RunOptions,
  signals: Signals,
): Promise<number> {
  const foreground = session === undefined;
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
  const parent = watchParent(untilParentExits, () => end("SIGTERM"));
  const links = serving.modems.flatMap(({ link, port, nmea }) => [
    ...(link === undefined ? [] : [{ link, device: port }]),
    ...(nmea === undefined ? [] : [{ link: nmea.link, device: nmea.device }]),
  ]);
  reaper.watch({ started: started(), grace, links });
  begin(variablesOf(serving));
  try {
    const { code, signal } = await ended;
    await endStarted(started(), grace, hurry.signal);
    return code ?? 128 + constants.signals[signal ?? "SIGTERM"];
  } finally {
    clearTimeout(kill);
    parent.release();
    signals.forward(() => undefined);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function commandTargets(child: ChildProcess, session: number | undefined): readonly number[] {
  if (session !== undefined) return [-session];
  return child.pid === undefined ? [] : [child.pid];
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
