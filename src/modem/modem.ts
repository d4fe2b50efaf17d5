import type { AtLine } from "../at/at-line.ts";
import { CommandTable } from "../at/command-table.ts";
import { AtSession } from "../at/session.ts";
import { ALL_COMMANDS } from "../commands/all-commands.ts";
import type { ModemContext } from "../commands/modem-context.ts";
import { Efs, type EfsOptions } from "../efs/efs.ts";
import { DIALECTS, type DialectName } from "../module/dialect.ts";
import { IDENTITIES, type Identity, type IdentityName } from "../module/identity.ts";
import { ModuleState, type ModuleStateParts } from "../module/module-state.ts";
import { PeriodicReport } from "../module/periodic-report.ts";
import { GatedNetwork } from "../module/radio/gated-network.ts";
import { reportChanges } from "../module/reports.ts";
import { driveCarrierDetect, hangsUpOnDtr } from "../module/settings/circuits.ts";
import { Nvram } from "../module/settings/nvram.ts";
import { Settings } from "../module/settings/settings.ts";
import type { Timing } from "../module/timing.ts";
import { type Random, SystemRandom } from "../platform/crypto.ts";
import { type Events, noEvents } from "../platform/events.ts";
import { type Log, silentLog } from "../platform/log.ts";
import { JournaledNetwork } from "../platform/network/journaled-network.ts";
import type { Network } from "../platform/network/network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import { type Clock, SystemClock, sleep } from "../platform/time/clock.ts";
import { FileCopier } from "../services/file-copier.ts";
import { FtpService } from "../services/ftp/service.ts";
import { HttpService } from "../services/http/service.ts";
import { Pop3Service } from "../services/pop3/service.ts";
import { SmtpService } from "../services/smtp/service.ts";
import type { Packet } from "../services/unsolicited-output.ts";
import { XmodemService } from "../services/xmodem.ts";

/** What a modem is made of. All but the transport has a default: a neutral module on the machine's own network. */
export interface ModemOptions {
  readonly transport: SerialLine;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Is told what happens on the network. */
  readonly events?: Events;
  /** Whether the bytes on the network are told, too. */
  readonly journalNetwork?: boolean;
  /** Makes what must be unique in a mail: its Message-ID and its boundaries. */
  readonly random?: Random;
  readonly dialect?: DialectName;
  /** One of the identities by name, or one of your own. */
  readonly identity?: IdentityName | Identity;
  /** Multiplies every network and data-entry time-out. */
  readonly timeoutScale?: number;
  /** Milliseconds before each DATA packet and before the final code; the dialect's own without it. */
  readonly packetGap?: number;
  /** The volumes; in memory and of the usual sizes without it. */
  readonly efs?: Omit<EfsOptions, "clock">;
  /** What the module remembers without power; nothing from before without it. */
  readonly nvram?: Nvram;
  /** The card to start with, or an empty slot; without it the one that NVRAM remembers, or one that asks for nothing. */
  readonly sim?: ModuleStateParts["sim"] | undefined;
  /** How the module's clock starts and how fast it runs. */
  readonly time?: ModuleStateParts["time"] | undefined;
  /** Milliseconds from power-on until the module is ready. */
  readonly bootTime?: number;
}

/** One module: its parts, put together on one serial line. */
export class Modem {
  readonly #options: ModemOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #nvram: Nvram;
  readonly #network: Network;
  readonly #identity: Identity;
  /** SIM, radio, packet service, clock and messages: to look at, to listen to and to change at any time. */
  readonly module: ModuleState;
  #efs: Efs | undefined;
  /** Ends when the power does. */
  #power = new AbortController();
  #session: AtSession<ModemContext> | undefined;
  #settings: Settings | undefined;
  /** One change of power at a time. */
  #transition: Promise<void> = Promise.resolve();
  #closed = false;
  /** Resolves when nothing is left of what a reset has dropped: no half a mail, for one. */
  #settled: () => Promise<void> = async () => undefined;

  /** Takes over the transport, and closes it in the end. */
  constructor(options: ModemOptions) {
    const { clock = new SystemClock(), log = silentLog, nvram = Nvram.inMemory(), identity = "wcdma" } = options;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#nvram = nvram;
    this.#identity = typeof identity === "string" ? IDENTITIES[identity] : identity;
    this.module = new ModuleState({ clock, nvram, sim: options.sim, time: options.time });
    const network = new GatedNetwork(options.network ?? new TcpNetwork(), this.module.packetService);
    this.#network = new JournaledNetwork(network, options.events ?? noEvents, {
      bytes: options.journalNetwork ?? false,
    });
  }

  /**
   * Switches the module on and listens to the host. Resolves when it is ready. With a boot time it announces itself as a
   * module does; without one it is ready at once and silent, so that the first host finds a quiet line. `lost` is told
   * when the medium has gone.
   */
  async start(lost: (reason: Error) => void = () => undefined): Promise<void> {
    const { efs, transport, bootTime = 0 } = this.#options;
    this.#efs = await Efs.open({ ...efs, clock: this.module.rtc.clock });
    if (this.#closed) return;
    const ready = this.#boot(this.#efs, bootTime > 0);
    transport.start({ data: (chunk) => this.#session?.data(chunk), lost });
    transport.lines?.onDtr((on) => {
      if (!on && this.#settings !== undefined && hangsUpOnDtr(this.#settings)) this.#session?.hangUp();
    });
    await this.#change(() => ready);
  }

  /** Whether the module has power. */
  get powered(): boolean {
    return this.#session !== undefined;
  }

  /**
   * Restarts the module: whatever runs is dropped without a word; what NVRAM and EFS keep stays. It announces itself as at
   * {@link start}: with a boot time only.
   */
  reset(): Promise<void> {
    return this.#restart((this.#options.bootTime ?? 0) > 0);
  }

  /** Takes the power away: whatever runs is dropped, and the line is silent until {@link powerOn}. */
  powerOff(): Promise<void> {
    this.#cut();
    return this.#change(async () => this.#cut());
  }

  /** Gives a module that is off its power back; it announces itself. Resolves when it is ready. */
  powerOn(): Promise<void> {
    return this.#change(async (efs) => {
      if (!this.powered) await this.#reboot(efs, true);
    });
  }

  /** Whether a card is in the slot. */
  get cardInserted(): boolean {
    return this.#efs?.cardInserted ?? false;
  }

  /** Takes the card out while the module runs: what is open on it fails, nothing half written stays. */
  async pullCard(): Promise<void> {
    await this.#efs?.pullCard();
  }

  /** Puts the card back, with what was on it. */
  async insertCard(): Promise<void> {
    await this.#efs?.insertCard();
  }

  /** Drops whatever runs, keeps what is to be kept and closes the transport. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cut();
    await this.#settled();
    await this.#options.transport.close();
    await this.#transition;
    await this.#nvram.settle();
  }

  #cut(): void {
    this.#session = undefined;
    this.#power.abort(new Error("the module has lost its power"));
  }

  /** Takes one step after the other. Before the start, and after the end, there is nothing to change. */
  #change(step: (efs: Efs) => Promise<void>): Promise<void> {
    const changed = this.#transition.then(async () => {
      if (!this.#closed && this.#efs !== undefined) await step(this.#efs);
    });
    this.#transition = changed.catch(() => undefined);
    return changed;
  }

  #restart(announced: boolean): Promise<void> {
    this.#cut();
    return this.#change((efs) => this.#reboot(efs, announced));
  }

  async #reboot(efs: Efs, announced: boolean): Promise<void> {
    await this.#settled();
    await efs.powerOn();
    if (!this.#closed) await this.#boot(efs, announced);
  }

  /** Puts the line into service at once; resolves when the module is ready, or the power has gone again. */
  async #boot(efs: Efs, announced: boolean): Promise<void> {
    this.#cut();
    this.#power = new AbortController();
    const { signal } = this.#power;
    const { sim } = this.module;
    const settings = new Settings(this.#nvram);
    this.module.powerOn();
    const session = this.#newSession(efs, settings, signal);
    this.#session = session;
    this.#settings = settings;
    const { lines } = this.#options.transport;
    if (lines !== undefined) driveCarrierDetect(lines, settings, signal);
    if (!announced) sim.read();
    const urc = (text: string) => this.#urc(session, settings, text);
    reportChanges({ module: this.module, settings, identity: this.#identity, urc, signal });
    if (!announced) return;
    for (const line of this.#identity.boot.start) urc(line);
    const { bootTime = 0 } = this.#options;
    // Cut short, it is over all the same.
    if (bootTime > 0) await sleep(this.#clock, bootTime, signal).catch(() => undefined);
    if (!signal.aborted) sim.read();
  }

  #newSession(efs: Efs, settings: Settings, signal: AbortSignal): AtSession<ModemContext> {
    const { transport, random = new SystemRandom(), dialect: dialectName = "manual" } = this.#options;
    const dialect = DIALECTS[dialectName];
    const timing: Timing = {
      timeoutScale: this.#options.timeoutScale ?? 1,
      packetGap: this.#options.packetGap ?? dialect.packetGap,
      promptDelay: dialect.promptDelay,
    };
    const clock = this.#clock;
    const log = this.#log;
    const network = this.#network;
    const { sim, radio, packetService, rtc, sms } = this.module;
    const table = new CommandTable(ALL_COMMANDS.filter(({ name }) => !this.#identity.lacks.includes(name)));
    const outlet = {
      urc: (text: string) => this.#urc(session, settings, text),
      packets: async (packets: readonly Packet[]) => {
        if (reachesUart(settings)) await session.packets(packets);
      },
    };
    const pop3 = new Pop3Service({ network, clock, outlet, dialect, timing, log, settings, efs, rtc, signal });
    const smtp = new SmtpService({ network, clock, random, log, timing, rtc, efs, outlet, signal });
    this.#settled = async () => {
      await Promise.all([pop3.settled(), smtp.settled()]);
    };
    const parts: Omit<ModemContext, "line"> = {
      port: transport.port,
      clock,
      timing,
      settings,
      dialect,
      identity: this.#identity,
      sim,
      radio,
      rtc,
      efs,
      packetService,
      sms,
      power: {
        off: () => this.#unasked(this.powerOff()),
        restart: () => this.#unasked(this.#restart(true)),
      },
      systemReport: new PeriodicReport(clock, signal, outlet.urc),
      copier: new FileCopier({ efs, outlet, log }),
      xmodem: new XmodemService({ clock, timing, log }),
      smtp,
      pop3,
      http: new HttpService({ network, clock, outlet, dialect, timing, log }),
      ftp: new FtpService({ network, clock, outlet, efs, dialect, timing, log }),
      commands: table.commands,
    };
    const session: AtSession<ModemContext> = new AtSession({
      transport,
      settings,
      table,
      clock,
      timing,
      log,
      signal,
      context: (line: AtLine) => ({ ...parts, line }),
      simState: () => sim.state,
    });
    return session;
  }

  /** Prints what is unsolicited, unless AT+CATR leads it to a port that is not ours. */
  #urc(session: AtSession<ModemContext>, settings: Settings, text: string): void {
    if (reachesUart(settings)) session.urc(text);
  }

  /** Nobody waits for what a command has set off; when it fails, the operator is told. */
  #unasked(change: Promise<void>): void {
    change.catch((error: unknown) => this.#log.error({ event: "power failed", error: String(error) }));
  }
}

/** field.md 7: 0 is every port, 1 the UART, which is what our host is on; the others are not ours. */
function reachesUart(settings: Settings): boolean {
  return settings.get("+CATR") <= 1;
}
