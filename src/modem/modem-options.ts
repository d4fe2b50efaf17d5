import type { Intercept } from "../at/interception.ts";
import type { EfsOptions } from "../efs/efs.ts";
import { DIALECTS, type Dialect, type DialectName } from "../module/dialect.ts";
import { IDENTITIES, type Identity, type IdentityName } from "../module/identity.ts";
import type { ModuleStateParts } from "../module/module-state.ts";
import type { Nvram } from "../module/settings/nvram.ts";
import type { Timing } from "../module/timing.ts";
import type { Random } from "../platform/crypto.ts";
import type { Events } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Network } from "../platform/network/network.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";

/**
 * What a modem is made of. Everything but the transport has a default: a neutral module on the machine's own network.
 *
 * @example
 * const { module, host } = memoryPair();
 * const options: ModemOptions = { transport: module, dialect: "field", sim: { inserted: cardInState("pin") } };
 */
export interface ModemOptions {
  readonly transport: SerialLine;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Keeps commands from their handlers: answers them otherwise, or later. Default: none. */
  readonly intercept?: Intercept;
  /** Gets what happens in this modem, as typed events. */
  readonly events?: Events;
  /** Emits the bytes on the network as events, too. Default: no. */
  readonly journalNetwork?: boolean;
  /** The source of what must be unique in a message: its Message-ID and its boundaries. */
  readonly random?: Random;
  readonly dialect?: DialectName;
  /** The name of a built-in identity, or an identity of your own. */
  readonly identity?: IdentityName | Identity;
  /** Multiplies every network and data-entry time-out. */
  readonly timeoutScale?: number;
  /** Milliseconds before each DATA packet and before the final code. Default: the dialect's. */
  readonly packetGap?: number;
  /** The volumes. Default: in memory, of the usual sizes. */
  readonly efs?: Omit<EfsOptions, "clock" | "events">;
  /** What the module remembers without power. Default: nothing from before. */
  readonly nvram?: Nvram;
  /** The SIM at the start, or an empty slot. Default: the one that NVRAM remembers, or one that asks for nothing. */
  readonly sim?: ModuleStateParts["sim"] | undefined;
  /** How the module's clock starts and how fast it runs. */
  readonly time?: ModuleStateParts["time"] | undefined;
  /** Takes the sentences of the GPS receiver, those of a second at a time. It must not wait. */
  readonly nmea?: ((sentences: string) => void) | undefined;
  /** Whether GPS gives the dates of 1024 weeks ago, as old firmware does. Default: no. */
  readonly gpsWeekRollover?: boolean;
  /** The machine's address that AT+SERVERSTART listens at, an IP literal. Default: 127.0.0.1. */
  readonly serverAddress?: string;
  /** Milliseconds from power-on until the module is ready. */
  readonly bootTime?: number;
  /** Called before the first power-on, and whenever the modem is restored: for a state and files of its own. */
  readonly prepare?: () => Promise<void>;
}

/** How a module prints and how long it waits, by its options. */
export function behaviourOf(options: ModemOptions): { readonly dialect: Dialect; readonly timing: Timing } {
  const dialect = DIALECTS[options.dialect ?? "manual"];
  const { timeoutScale = 1, packetGap = dialect.packetGap } = options;
  return { dialect, timing: { timeoutScale, packetGap, promptDelay: dialect.promptDelay } };
}

/** Throws a `RangeError` that names the first option which is out of range or not a known name. */
export function checkModemOptions({ dialect, identity, timeoutScale, packetGap, bootTime }: ModemOptions): void {
  checkName("dialect", dialect, Object.keys(DIALECTS));
  if (typeof identity !== "object") checkName("identity", identity, Object.keys(IDENTITIES));
  checkNumber("timeoutScale", timeoutScale, Number.MIN_VALUE);
  checkNumber("packetGap", packetGap, 0);
  checkNumber("bootTime", bootTime, 0);
}

function checkName(option: string, value: unknown, names: readonly string[]): void {
  if (value === undefined || names.some((name) => name === value)) return;
  throw new RangeError(`${option} must be one of ${names.join(", ")}, not ${JSON.stringify(value)}`);
}

function checkNumber(option: string, value: unknown, min: number): void {
  if (value === undefined || (Number.isFinite(value) && (value as number) >= min)) return;
  throw new RangeError(`${option} must be a finite number ${min === 0 ? "from 0" : "above 0"}, not ${String(value)}`);
}
