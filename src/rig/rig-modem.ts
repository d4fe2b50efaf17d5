import { EfsError } from "../efs/efs-error.ts";
import { Modem } from "../modem/modem.ts";
import type { ModemOptions } from "../modem/modem-options.ts";
import { Nvram, NvramError } from "../module/settings/nvram.ts";
import type { Random } from "../platform/crypto.ts";
import { SystemDisk } from "../platform/disk/system-disk.ts";
import type { Events } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Network } from "../platform/network/network.ts";
import { type ResolveRule, ResolvingNetwork } from "../platform/network/resolving-network.ts";
import type { LinePort, SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import { openPty, PtyTransport } from "../transport/pty.ts";
import { openSerial } from "../transport/serial.ts";
import { openTcp } from "../transport/tcp.ts";
import type { Medium, ModemSetup } from "./options.ts";

/** Opens the medium of one modem. */
export type OpenMedium = (medium: Medium, clock: Clock, log: Log) => Promise<SerialLine>;

/** What a rig gives to each of its modems. */
export interface RigModemParts {
  readonly id: string;
  readonly transport: SerialLine;
  readonly network: Network;
  /** Leads the names of the sandbox to its servers. */
  readonly rules: readonly ResolveRule[];
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Events;
  /** Whether the bytes on the network are events too. */
  readonly journalNetwork: boolean;
  readonly random: Random;
}

/** One modem of a rig. */
export class RigModem extends Modem {
  /** `m1`, `m2`, ...; never given to another modem of the rig. */
  readonly id: string;
  /** The symbolic link to its port. */
  readonly link: string | undefined;
  /** Its options, checked and complete. */
  readonly setup: ModemSetup;
  readonly #transport: SerialLine;

  private constructor(id: string, setup: ModemSetup, options: ModemOptions) {
    super(options);
    this.id = id;
    this.setup = setup;
    this.link = setup.medium.kind === "pty" ? setup.medium.link : undefined;
    this.#transport = options.transport;
  }

  /** Makes a modem and starts it; it is ready. The transport is closed when that fails. */
  static async start(setup: ModemSetup, parts: RigModemParts): Promise<RigModem> {
    const { id, transport, network, rules, clock, log, events, journalNetwork, random } = parts;
    let modem: RigModem | undefined;
    try {
      modem = new RigModem(id, setup, {
        transport,
        network: new ResolvingNetwork(network, [...setup.resolve, ...rules]),
        clock,
        log,
        events,
        journalNetwork,
        random,
        dialect: setup.dialect,
        identity: setup.identity,
        sim: setup.sim,
        time: setup.clock,
        bootTime: setup.bootTime,
        efs: efsOptions(setup),
        timeoutScale: setup.timeoutScale,
        ...(setup.packetGap === undefined ? {} : { packetGap: setup.packetGap }),
        ...(setup.state === undefined ? {} : { nvram: await openNvram(setup.state, log) }),
      });
      await modem.start();
      return modem;
    } catch (error) {
      await (modem ?? transport).close();
      if (error instanceof NvramError) {
        throw new UsageError(`state ${setup.state}: ${error.message}`, { option: "state", cause: error });
      }
      if (!(error instanceof EfsError)) throw error;
      throw new UsageError(`efs ${setup.efs.directory}: ${error.message}`, { option: "efs", cause: error });
    }
  }

  /** What a host opens: the device of a pseudo-terminal, whatever link leads to it. */
  override get port(): string {
    return this.#transport instanceof PtyTransport ? this.#transport.device : super.port;
  }

  /** Rate and framing of the serial line, where it has them. */
  get serialPort(): LinePort | undefined {
    return this.#transport.port;
  }

  /** The part of closing that a process can still do while it exits: the port and its link. */
  closePort(): void {
    // A transport does the first part of its closing before it returns, and a pseudo-terminal all of it.
    void this.#transport.close();
  }
}

/** Opens a medium that needs nothing but the system. */
export async function openMedium(medium: Medium, clock: Clock, log: Log): Promise<SerialLine> {
  switch (medium.kind) {
    case "pty": {
      const { link, mode, group } = medium;
      return openPty({ link, mode, group, log });
    }
    case "tcp":
      return openTcp(medium.local);
    case "serial":
      return openSerial({ path: medium.path, baudRate: medium.baud }, clock);
    case "stdio":
      throw new UsageError("stdio: give the transport of the streams instead", { option: "stdio" });
  }
}

function openNvram(directory: string, log: Log): Promise<Nvram> {
  return Nvram.open({ disk: new SystemDisk(), directory }, log);
}

function efsOptions({ efs: { directory, sizes, card } }: ModemSetup): NonNullable<ModemOptions["efs"]> {
  const backing = directory === undefined ? {} : { backing: { disk: new SystemDisk(), directory } };
  return { sizes, card, ...backing };
}
