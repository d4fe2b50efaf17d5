import type { Log, LogLevel } from "../platform/log.ts";
import type { Network } from "../platform/network/network.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { RigModemOptions, RigOptions } from "./options.ts";
import type { OpenMedium } from "./rig-modem.ts";
import type { Scenario } from "./scenario/scenario.ts";

/** The options of one modem of a rig: those of `vmodem start`, or a transport of your own. */
export interface RigModemStart extends RigModemOptions {
  /** Instead of a medium that the rig opens. The modem closes it. */
  readonly transport?: SerialLine | undefined;
}

/** What a rig is started with; everything has a default. */
export interface RigStart extends Omit<RigOptions, "modems"> {
  /** The modems to start with; one without options unless given. */
  readonly modems?: readonly RigModemStart[] | undefined;
  /**
   * Keeps what happens, for {@link Rig.journal} and {@link Rig.expect}: the last 16 MiB, or the last `size` bytes. Default:
   * no journal, which costs nothing.
   */
  readonly journal?: boolean | { readonly size?: number } | undefined;
  /** Whether the journal takes down the bytes on the network. Default: no. */
  readonly journalNetwork?: boolean | undefined;
  /** Whether the journal masks passwords and PINs in what the host sends, too; it shows them nowhere else. Default: no. */
  readonly redact?: boolean | undefined;
  /** With a `VirtualClock` every wait of the modules ends by `advance` only. Default: the machine's time. */
  readonly clock?: Clock | undefined;
  readonly network?: Network | undefined;
  readonly log?: Log | undefined;
  /** The lowest level of log records that the journal takes down. Default: `warn`. */
  readonly logLevel?: LogLevel | undefined;
  /**
   * A file of a scenario, or the object that it holds: first state, faults and a time line. What is given beside it goes
   * before what it says.
   */
  readonly scenario?: string | Scenario | undefined;
  /** Opens the media of modems without a transport. */
  readonly openMedium?: OpenMedium | undefined;
}

/** The options of a modem as the table of options knows them. */
export function withoutTransport(options: RigModemStart): RigModemOptions {
  const { transport, ...rest } = options;
  if (transport === undefined) return rest;
  const other = (["link", "mode", "group", "tcp", "rfc2217", "serial", "stdio"] as const).find(
    (name) => rest[name] !== undefined,
  );
  if (other === undefined) return rest;
  throw new UsageError(`transport and ${other} exclude each other`, { option: "transport" });
}

/** The options of a modem as the journal shows them: without its PIN. */
export function describe(options: RigModemStart): RigModemOptions {
  const { transport, pin, ...rest } = options;
  return rest;
}
