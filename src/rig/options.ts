import type { VolumeName } from "../efs/path.ts";
import type { FaultSpec } from "../faults/fault.ts";
import type { DialectName } from "../module/dialect.ts";
import { IDENTITIES, type IdentityName } from "../module/identity.ts";
import type { ClockCourse } from "../module/rtc.ts";
import { cardInState, type SIM_STATES, type SimCard } from "../module/sim.ts";
import { didYouMean } from "../platform/nearest.ts";
import type { Endpoint } from "../platform/network/network.ts";
import type { ResolveRule } from "../platform/network/resolving-network.ts";
import { UsageError } from "../platform/usage-error.ts";
import { type OptionKind, type VolumeSizes, WrongValue } from "./option-kinds.ts";
import { OPTIONS, type OptionName } from "./option-table.ts";
import type { OptionDefinition } from "./option-tables/definition.ts";

/**
 * The options of one modem of a rig: those of `vmodem start` without the dashes. `boot-time` and `bootTime` are the same
 * option. A value may have the form that the command line takes.
 */
export interface RigModemOptions {
  /** Path of a symbolic link to the pseudo-terminal. */
  readonly link?: string | undefined;
  /** Permissions of the pseudo-terminal: `0o660` or `"660"`. */
  readonly mode?: number | string | undefined;
  /** Group of the pseudo-terminal, by name or number. */
  readonly group?: number | string | undefined;
  /** Listens on TCP instead: a port of loopback, or `"ADDRESS:PORT"`; 0 picks a free port. */
  readonly tcp?: number | string | undefined;
  /** Listens as a serial port server (RFC 2217) instead: a port of loopback, or `"ADDRESS:PORT"`; 0 picks a free port. */
  readonly rfc2217?: number | string | undefined;
  /** Uses a real serial port. */
  readonly serial?: string | undefined;
  /** Rate of `serial` in bit/s. */
  readonly baud?: number | string | undefined;
  /** Talks on the standard streams of the process. */
  readonly stdio?: boolean | undefined;
  /** Path of a symbolic link to a pseudo-terminal for the sentences of GPS. */
  readonly nmeaLink?: string | undefined;
  /** Leads names elsewhere: `"NAME[:PORT]=HOST[:PORT]"`. */
  readonly resolve?: string | readonly string[] | undefined;
  readonly dialect?: DialectName | undefined;
  readonly identity?: IdentityName | undefined;
  /** Inserts a SIM in this state. */
  readonly sim?: SimChoice | undefined;
  /** PIN of that SIM. */
  readonly pin?: string | undefined;
  /** Directory of what the module remembers without power. */
  readonly state?: string | undefined;
  /** Directory of the file system. */
  readonly efs?: string | undefined;
  /** Sizes of the volumes: `"C=8M,D=64M"`, or bytes. */
  readonly efsSize?: string | VolumeSizes | undefined;
  /** Leaves the slot of the storage card empty. */
  readonly noCard?: boolean | undefined;
  /** The module's clock: `"2010-02-05T12:00:00Z"`, with `,SCALE` that many times as fast. */
  readonly clock?: string | undefined;
  /** File of a track that leads the GPS receiver. */
  readonly gpsTrack?: string | undefined;
  /** Lets GPS give the dates of 1024 weeks ago. */
  readonly gpsWeekRollover?: boolean | undefined;
  /** The machine's address that AT+SERVERSTART listens at. */
  readonly serverAddress?: string | undefined;
  /** Milliseconds from power-on until the module is ready. */
  readonly bootTime?: number | string | undefined;
  /** Milliseconds before each DATA packet. */
  readonly packetGap?: number | string | undefined;
  /** Multiplies every network and data-entry time-out. */
  readonly timeoutScale?: number | string | undefined;
}

/** The options of a rig that can be given as data. */
export interface RigOptions {
  /** The modems to start with; one without options unless given. */
  readonly modems?: readonly RigModemOptions[] | undefined;
  /** Starts the embedded servers and leads every name to them. */
  readonly sandbox?: boolean | undefined;
  /** Seed of all random choices, 0 to 2^32 - 1; a random one unless given. */
  readonly seed?: number | string | undefined;
  /** `manual`: the clock of the modules stands still until {@link Rig.advance}. */
  readonly time?: "real" | "manual" | undefined;
  /** Faults that hold from the start, and again after each reset: objects, or their JSON. */
  readonly fault?: FaultSpec | string | readonly (FaultSpec | string)[] | undefined;
}

export type SimChoice = (typeof SIM_STATES)[number];

/** The medium of the serial line. */
export type Medium =
  | {
      readonly kind: "pty";
      readonly link: string | undefined;
      readonly mode: number | undefined;
      readonly group: string | number | undefined;
    }
  | { readonly kind: "tcp" | "rfc2217"; readonly local: Endpoint }
  | { readonly kind: "serial"; readonly path: string; readonly baud: number }
  | { readonly kind: "stdio" };

/** The file system as it was asked for. */
export interface EfsChoice {
  /** The host directory that holds the volumes; in memory without it. */
  readonly directory: string | undefined;
  readonly sizes: Partial<Readonly<Record<VolumeName, number>>>;
  readonly card: boolean;
}

/** A modem as it was asked for, checked and complete. */
export interface ModemSetup {
  readonly medium: Medium;
  readonly resolve: readonly ResolveRule[];
  readonly dialect: DialectName;
  readonly identity: IdentityName;
  /** What is inserted in the SIM slot; without it the SIM that `state` keeps stays there. */
  readonly sim: { readonly inserted: SimCard | undefined } | undefined;
  /** The directory of NVRAM; in memory without it. */
  readonly state: string | undefined;
  readonly efs: EfsChoice;
  readonly clock: ClockCourse | undefined;
  /** The link to the port for the sentences of GPS; no port without it. */
  readonly nmeaLink: string | undefined;
  readonly gpsTrack: string | undefined;
  readonly gpsWeekRollover: boolean;
  readonly serverAddress: string;
  readonly bootTime: number;
  /** The dialect's own without it. */
  readonly packetGap: number | undefined;
  readonly timeoutScale: number;
}

/** A rig as it was asked for, checked and complete. */
export interface RigSetup {
  readonly modems: readonly ModemSetup[];
  readonly sandbox: boolean;
  /** A random one without it. */
  readonly seed: number | undefined;
  readonly time: "real" | "manual";
  readonly faults: readonly FaultSpec[];
}

type ValueOf<Definition> = Definition extends { readonly kind: OptionKind<infer Value> } ? Value : never;

/** Every option, checked; without it its default, or `undefined` where it has none. */
export type CheckedOptions = {
  readonly [Name in OptionName]:
    | ValueOf<(typeof OPTIONS)[Name]>
    | ((typeof OPTIONS)[Name] extends { readonly default: unknown } ? never : undefined);
};

type Scope = OptionDefinition["scope"];

/** How a check speaks of the options. */
export interface OptionNaming {
  /** Which options there are. */
  knows(name: OptionName, definition: OptionDefinition): boolean;
  /** How the caller writes an option. */
  write(name: string): string;
}

/** Checks the options of one modem. Throws a {@link UsageError} that names the option. */
export function checkModemOptions(given: RigModemOptions): ModemSetup {
  return modemSetup(checkOptions(given, apiNaming(["modem"])));
}

/** Checks the options of a rig and of its modems. Throws a {@link UsageError} that names the option. */
export function checkRigOptions(given: RigOptions): RigSetup {
  const { modems = [{}], ...rest } = given;
  const { sandbox, seed, time, fault } = checkOptions(rest, apiNaming(["rig"]));
  if (!Array.isArray(modems)) throw new UsageError("modems: not a list", { option: "modems" });
  return {
    modems: modems.map((modem, index) => modemSetup(checkOptions(modem, apiNaming(["modem"], `modems[${index}].`)))),
    sandbox,
    seed,
    time,
    faults: fault,
  };
}

function apiNaming(scopes: readonly Scope[], prefix = ""): OptionNaming {
  return { knows: (_, { scope }) => scopes.includes(scope), write: (name) => `${prefix}${name}` };
}

/** Checks options by the table: known, each value right, no conflicts. */
export function checkOptions(given: object, naming: OptionNaming): CheckedOptions {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new UsageError("options: not an object");
  const values: Values = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = findOption(key, naming);
    if (Object.hasOwn(values, name))
      throw new UsageError(`${naming.write(key)} is given twice`, { option: naming.write(key) });
    values[name] = readValue(name, value, naming.write(key));
  }
  for (const name of Object.keys(values) as OptionName[]) refuseConflicts(name, values, naming);
  const defaults = Object.entries<OptionDefinition>(OPTIONS).map(([name, definition]) => [name, definition.default]);
  // Each value was read by the kind that the type of the result is derived from.
  return { ...Object.fromEntries(defaults), ...values } as CheckedOptions;
}

function findOption(key: string, naming: OptionNaming): OptionName {
  const known = (Object.keys(OPTIONS) as OptionName[]).filter((name) => naming.knows(name, OPTIONS[name]));
  const name = known.find((candidate) => candidate === key || optionText(candidate) === key);
  if (name !== undefined) return name;
  const written = known.map((candidate) => naming.write(candidate));
  const hint = didYouMean(naming.write(key), written);
  throw new UsageError(`unknown option ${naming.write(key)}${hint}`, { option: naming.write(key) });
}

function readValue(name: OptionName, value: unknown, written: string): unknown {
  try {
    return OPTIONS[name].kind.read(value);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    const shown = showValue(error.part ?? value);
    throw new UsageError(`${written}${shown === "" ? "" : ` ${shown}`}: ${error.message}`, { option: written });
  }
}

function showValue(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

type Values = Partial<Record<OptionName, unknown>>;

function refuseConflicts(name: OptionName, values: Values, naming: OptionNaming): void {
  // A flag that is off conflicts with nothing.
  const isSet = (other: string) => ![undefined, false].includes(values[other as OptionName] as undefined | false);
  if (!isSet(name)) return;
  const { excludes = [], needs, differsFrom, command }: OptionDefinition = OPTIONS[name];
  const written = naming.write(name);
  const excluded = excludes.find(isSet);
  if (excluded !== undefined) {
    throw new UsageError(`${written} and ${naming.write(excluded)} exclude each other`, { option: written });
  }
  const known = needs?.filter((other) => naming.knows(other as OptionName, OPTIONS[other as OptionName])) ?? [];
  if (known.length > 0 && !known.some(isSet)) {
    throw new UsageError(`${written} goes with ${known.map(naming.write).join(" or ")}`, { option: written });
  }
  if (differsFrom !== undefined && values[differsFrom as OptionName] === values[name]) {
    const both = `${naming.write(differsFrom)} and ${written}`;
    throw new UsageError(`${both} both name ${showValue(values[name])}; give each a path of its own`, {
      option: written,
    });
  }
  if (command !== undefined) refuseLack(command, values, naming, written);
}

/** Refuses an option that is about a command which the chosen identity does not have. */
function refuseLack(command: string, values: Values, naming: OptionNaming, written: string): void {
  const has = (identity: IdentityName) => !(IDENTITIES[identity].lacks as readonly string[]).includes(command);
  const identity = (values.identity ?? OPTIONS.identity.default) as IdentityName;
  if (has(identity)) return;
  const having = (Object.keys(IDENTITIES) as IdentityName[]).filter(has);
  throw new UsageError(
    `${written} needs AT${command}, which ${naming.write("identity")} ${identity} does not have; ${having.join(", ")} have it`,
    { option: written },
  );
}

/** A modem from its checked options. */
function modemSetup(options: CheckedOptions): ModemSetup {
  const { resolve, dialect, identity, state, clock, nmeaLink, gpsTrack, gpsWeekRollover } = options;
  const { serverAddress, bootTime, packetGap, timeoutScale } = options;
  return {
    medium: mediumOf(options),
    resolve,
    dialect,
    identity,
    sim: simOf(options),
    state,
    efs: { directory: options.efs, sizes: options.efsSize, card: !options.noCard },
    clock,
    nmeaLink,
    gpsTrack,
    gpsWeekRollover,
    serverAddress,
    bootTime,
    packetGap,
    timeoutScale,
  };
}

/** The medium that options ask for. */
export function mediumOf({ tcp, rfc2217, serial, baud, stdio, link, mode, group }: CheckedOptions): Medium {
  if (tcp !== undefined) return { kind: "tcp", local: tcp };
  if (rfc2217 !== undefined) return { kind: "rfc2217", local: rfc2217 };
  if (serial !== undefined) return { kind: "serial", path: serial, baud };
  return stdio ? { kind: "stdio" } : { kind: "pty", link, mode, group };
}

function simOf({ sim, pin }: CheckedOptions): ModemSetup["sim"] {
  if (sim === undefined && pin === undefined) return undefined;
  return { inserted: cardInState(sim ?? "ready", pin) };
}

/** How the command line writes the name of an option, without the dashes: `boot-time`. */
export function optionText(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
