import { type Log, lineLog } from "../platform/log.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { ControlPlace } from "../rig/address-kinds.ts";
import { type CheckedOptions, optionText, type RigModemOptions } from "../rig/options.ts";
import { Rig } from "../rig/rig.ts";
import type { RigModem } from "../rig/rig-modem.ts";
import type { Control, serveControl } from "./control.ts";
import { explainDirectory, explainError } from "./explain.ts";
import { fleetOf } from "./fleet.ts";
import { openMedium } from "./open-medium.ts";
import type { GivenOptions } from "./parse-options.ts";

/** Where a rig with a console listens that was given no other place. */
const LOOPBACK: ControlPlace = { kind: "tcp", host: "127.0.0.1", port: 0 };

/** So many modems or more are made with a small new space of V8's, which costs time and saves memory. */
const LARGE_FLEET = 16;

/** A rig that serves its lines, with its control interface. */
export interface Serving {
  readonly rig: Rig;
  /** Those that it was started with; {@link modem} is the first of them. */
  readonly modems: readonly RigModem[];
  readonly modem: RigModem;
  readonly control: Control | undefined;
  /** Resolves when all of them have lost their media. One that has is closed while others go on. */
  readonly lost: Promise<void>;
  /** Ends everything; nothing is left over. */
  close(): Promise<void>;
  /** The part of closing that a process can still do while it exits: the ports, their links and the files of the rig. */
  closePorts(): void;
}

/** Is given what serves as soon as hosts may open the ports. */
type Announce = (serving: Serving) => void;

/**
 * Starts what `start` and `run` were asked for, and gives it when it is ready. When it fails, or `signal` is aborted before,
 * nothing is left over.
 */
export async function serve(
  options: GivenOptions,
  signal: AbortSignal,
  announce: Announce = () => undefined,
): Promise<Serving> {
  const fleet = await fleetOf(options);
  const open = () => openAll(options, fleet, signal, announce);
  if (fleet.length < LARGE_FLEET) return open();
  const { withSmallNewSpace } = await import("./small-new-space.ts");
  return withSmallNewSpace(open);
}

async function openAll(
  { given, checked }: GivenOptions,
  fleet: readonly RigModemOptions[],
  signal: AbortSignal,
  announce: Announce,
): Promise<Serving> {
  const log = lineLog(checked.logLevel, (line) => process.stderr.write(line));
  checkDirectory("--state", checked.state);
  checkDirectory("--efs", checked.efs);
  const { seed, time, fault } = checked;
  const { sandbox, scenario } = given;
  const place = checked.control ?? (checked.console ? LOOPBACK : undefined);
  const journal = keepsJournal({ given, checked }) && { size: checked.journal };
  const rig = await named(() =>
    Rig.openPorts({
      modems: fleet,
      ...(sandbox === undefined ? {} : { sandbox: checked.sandbox }),
      ...(scenario === undefined ? {} : { scenario: String(scenario) }),
      ...(seed === undefined ? {} : { seed }),
      time,
      fault,
      journal,
      journalNetwork: checked.journalNetwork,
      redact: checked.redact,
      log,
      logLevel: checked.logLevel,
      openMedium,
    }),
  );
  let control: Control | undefined;
  const close = async () => {
    await control?.close();
    await rig.close();
  };
  // Ends the waits below; what is opened meanwhile is closed when they have ended.
  const stop = () => void rig.close();
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    checkTime(rig, place);
    const announcesFirst = place === undefined && scenario === undefined && journal === false && hidesPower(rig);
    const begin = async () => {
      await named(() => rig.switchOn());
      control = place && (await openControl(rig, place, checked.controlToken, log));
      await named(() => rig.whenReady());
      signal.throwIfAborted();
    };
    if (!announcesFirst) await begin();
    const closePorts = () => {
      control?.release();
      rig.closePorts();
    };
    const { modems } = rig;
    const serving = { rig, modems, modem: rig.modem("m1"), control, lost: whenLost(rig, log), close, closePorts };
    announce(serving);
    if (announcesFirst) await begin();
    return serving;
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Whether a host sees nothing of a module that gets its power a moment later: no modem lines, no boot. What it sends waits in
 * the kernel.
 */
function hidesPower({ modems }: Rig): boolean {
  return modems.length < LARGE_FLEET && modems.every(({ lines, setup }) => lines === undefined && setup.bootTime === 0);
}

/** Loaded only when it is asked for: a plain start is faster without it. */
async function openControl(...parts: Parameters<typeof serveControl>): Promise<Control> {
  const control = await import("./control.ts");
  return control.serveControl(...parts);
}

async function whenLost(rig: Rig, log: Log): Promise<void> {
  const { modems } = rig;
  let left = modems.length;
  await Promise.all(
    modems.map(async ({ id, lost }) => {
      const reason = await lost;
      left--;
      if (left === 0) return;
      log.error({ event: "modem-lost", modem: id, error: reason.message });
      await rig.removeModem(id);
    }),
  );
}

/** Whether a journal is kept: only where somebody can ask for it, so that a plain start pays nothing. */
export function keepsJournal({ given, checked: { control, console, record, lint } }: GivenOptions): boolean {
  return control !== undefined || console || record !== undefined || (given.lint !== undefined && lint !== "off");
}

function checkTime({ time, modems }: Rig, control: CheckedOptions["control"]): void {
  if (time !== "manual" || control !== undefined || modems.every(({ setup }) => setup.bootTime === 0)) return;
  throw new UsageError("--time manual with --boot-time needs --control: nothing else can end the boot");
}

/** Writes the options in messages of the rig as the command line has them. */
export async function named<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError) || error.option === undefined) throw error;
    const { option, message, cause } = error;
    if (option.startsWith("--") || !message.startsWith(`${option} `)) throw error;
    const reason = explainError(cause);
    const shown = reason === undefined ? message : message.replace(/: .*$/s, `: ${reason}`);
    const written = `--${optionText(option)}`;
    throw new UsageError(`${written}${shown.slice(option.length)}`, { option: written, cause });
  }
}

function checkDirectory(option: string, directory: string | undefined): void {
  const obstacle = directory === undefined ? undefined : explainDirectory(directory);
  if (obstacle !== undefined) throw new UsageError(`${option} ${directory}: ${obstacle}`);
}
