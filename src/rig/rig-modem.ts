import { frameText } from "../at/result-code.ts";
import { EfsError } from "../efs/efs-error.ts";
import type { Faults } from "../faults/faults.ts";
import type { FaultyLine } from "../faults/serial/faulty-line.ts";
import type { Reopen } from "../faults/serial/unpluggable-line.ts";
import { Modem } from "../modem/modem.ts";
import type { ModemOptions } from "../modem/modem-options.ts";
import type { ModemSnapshot } from "../modem/snapshot.ts";
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
import type { PtyOutlet } from "../transport/pty-outlet.ts";
import { openTcp, parseListenAddress } from "../transport/tcp.ts";
import { type ModemGps, openGps } from "./modem-gps.ts";
import type { Medium, ModemSetup } from "./options.ts";

/** Opens the medium of one modem. */
export type OpenMedium = (medium: Medium, clock: Clock, log: Log) => Promise<SerialLine>;

/** The rate of a module that finds out that of its host (AT+IPR=0). */
const RATE = 115_200;

/** What a rig gives to each of its modems. */
export interface RigModemParts {
  readonly id: string;
  readonly transport: SerialLine;
  /** Opens the medium again at the same address, where it is the rig's own. */
  readonly reopen: Reopen | undefined;
  readonly network: Network;
  /** Leads the names of the sandbox to its servers. */
  readonly rules: readonly ResolveRule[];
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Events;
  /** Whether the bytes on the network are events too. */
  readonly journalNetwork: boolean;
  readonly faults: Faults;
  readonly random: Random;
  /** Gives the modem its first state, before it gets its power: at the start and when it is restored. */
  readonly prepare?: (modem: RigModem) => Promise<void>;
  /** Whether it has no power at the start. */
  readonly isOff?: boolean;
}

/** The state of a modem of a rig. */
export interface RigModemState extends ModemSnapshot {
  readonly id: string;
  readonly link: string | null;
  /** What a host opens for the sentences of GPS. */
  readonly nmea: string | null;
}

/** One modem of a rig. */
export class RigModem extends Modem {
  /** `m1`, `m2`, ...; never given to another modem of the rig. */
  readonly id: string;
  /** The symbolic link to its port. */
  readonly link: string | undefined;
  /** Its options, checked and complete. */
  readonly setup: ModemSetup;
  /** The port for the sentences of GPS, where it has one. */
  readonly nmea: PtyOutlet | undefined;
  readonly #line: FaultyLine;
  readonly #isOff: boolean;

  private constructor(
    setup: ModemSetup,
    options: ModemOptions,
    line: FaultyLine,
    nmea: PtyOutlet | undefined,
    { id, isOff = false }: RigModemParts,
  ) {
    super(options);
    this.id = id;
    this.#isOff = isOff;
    this.setup = setup;
    this.link = setup.medium.kind === "pty" ? setup.medium.link : undefined;
    this.#line = line;
    this.nmea = nmea;
  }

  /** Makes a modem, with its files open: ready to be switched on. The transport is closed when that fails. */
  static async open(setup: ModemSetup, parts: RigModemParts): Promise<RigModem> {
    const modem = await RigModem.#make(setup, parts);
    await modem.#orClose(modem.openFiles());
    return modem;
  }

  static async #make(setup: ModemSetup, parts: RigModemParts): Promise<RigModem> {
    const { id, transport, reopen, network, rules, clock, log, events, journalNetwork, faults, random, prepare } =
      parts;
    let gps: ModemGps | undefined;
    try {
      gps = await openGps(setup);
      const { track, outlet } = gps;
      const module = {
        rate: () => modem.settings.get("+IPR") || RATE,
        phase: () => modem.snapshot().host.phase,
        framed: (text: string) => frameText(text, modem.settings),
      };
      const line = faults.line({ line: transport, modem: id, module, reopen });
      const options: ModemOptions = {
        transport: line,
        network: faults.network(id, new ResolvingNetwork(network, [...setup.resolve, ...rules])),
        clock,
        log,
        events,
        journalNetwork,
        intercept: (name, form, signal) => faults.intercept(id, name, form, signal),
        random,
        ...(prepare === undefined && track === undefined
          ? {}
          : {
              async prepare() {
                await prepare?.(modem);
                if (track !== undefined) modem.module.gps.follow(track);
              },
            }),
        nmea: outlet && ((sentences) => outlet.send(Buffer.from(sentences))),
        gpsWeekRollover: setup.gpsWeekRollover,
        dialect: setup.dialect,
        identity: setup.identity,
        sim: setup.sim,
        time: setup.clock,
        serverAddress: setup.serverAddress,
        bootTime: setup.bootTime,
        efs: {
          fails: (volume, operation) => faults.failsFile(id, { volume, operation }),
          ...efsOptions(setup),
        },
        timeoutScale: setup.timeoutScale,
        ...(setup.packetGap === undefined ? {} : { packetGap: setup.packetGap }),
        ...(setup.state === undefined ? {} : { nvram: await openNvram(setup.state, log) }),
      };
      const modem: RigModem = new RigModem(setup, options, line, outlet, parts);
      return modem;
    } catch (error) {
      gps?.outlet?.close();
      await transport.close();
      throw withOption(error, setup);
    }
  }

  /** Switches the modem on, and off again where it is to begin without power. It is closed when that fails. */
  override async switchOn(): Promise<{ readonly ready: Promise<void> }> {
    const { ready } = await this.#orClose(super.switchOn());
    return { ready: this.#orClose(this.#isOff ? ready.then(() => this.powerOff()) : ready) };
  }

  async #orClose<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      await this.close();
      throw withOption(error, this.setup);
    }
  }

  override async restore(): Promise<void> {
    await super.restore();
    if (this.#isOff) await this.powerOff();
  }

  /** What a host opens: the device of a pseudo-terminal, whatever link leads to it. */
  override get port(): string {
    return this.#line.medium.device ?? super.port;
  }

  /** Everything that the control interface shows of the modem, as values of JSON. */
  state(): RigModemState {
    return {
      id: this.id,
      link: this.link ?? null,
      nmea: this.nmea?.link ?? null,
      ...this.snapshot(),
      identity: this.setup.identity,
    };
  }

  /** Rate and framing of the serial line, where it has them. */
  get serialPort(): LinePort | undefined {
    return this.#line.port;
  }

  /** The part of closing that a process can still do while it exits: the port and its link. */
  closePort(): void {
    // A transport does the first part of its closing before it returns, and a pseudo-terminal all of it.
    void this.#line.close();
    this.nmea?.close();
  }

  override async close(): Promise<void> {
    this.nmea?.close();
    await super.close();
  }
}

/** The start of a modem, which has its power. */
export interface ModemStart {
  /** Resolves when it is ready. */
  readonly booted: Promise<void>;
}

/** Opens a medium that needs nothing but the system. What needs native code is loaded only when it is asked for. */
export async function openMedium(medium: Medium, clock: Clock, log: Log): Promise<SerialLine> {
  switch (medium.kind) {
    case "pty": {
      const { openPty } = await import("../transport/pty.ts");
      const { link, mode, group } = medium;
      return openPty({ link, mode, group, log });
    }
    case "tcp":
      return openTcp(medium.local);
    case "rfc2217": {
      const { openRfc2217 } = await import("../transport/rfc2217.ts");
      return openRfc2217(medium.local, { log });
    }
    case "serial": {
      const { openSerial } = await import("../transport/serial.ts");
      return openSerial({ path: medium.path, baudRate: medium.baud }, clock);
    }
    case "stdio":
      throw new UsageError("stdio: give the transport of the streams instead", { option: "stdio" });
  }
}

/** The same medium at the address that it has got. */
export function mediumAt(medium: Medium, address: string): Medium {
  if (medium.kind !== "tcp" && medium.kind !== "rfc2217") return medium;
  return { ...medium, local: parseListenAddress(address.replace("rfc2217://", "")) };
}

/** Names the option that is to blame for the failure of a directory. */
function withOption(error: unknown, { state, efs }: ModemSetup): unknown {
  if (error instanceof NvramError) {
    return new UsageError(`state ${state}: ${error.message}`, { option: "state", cause: error });
  }
  if (!(error instanceof EfsError)) return error;
  return new UsageError(`efs ${efs.directory}: ${error.message}`, { option: "efs", cause: error });
}

function openNvram(directory: string, log: Log): Promise<Nvram> {
  return Nvram.open({ disk: new SystemDisk(), directory }, log);
}

function efsOptions({ efs: { directory, sizes, card } }: ModemSetup): NonNullable<ModemOptions["efs"]> {
  const backing = directory === undefined ? {} : { backing: { disk: new SystemDisk(), directory } };
  return { sizes, card, ...backing };
}
