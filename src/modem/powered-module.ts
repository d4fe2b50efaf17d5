import type { Intercept } from "../at/interception.ts";
import { AtSession } from "../at/session.ts";
import { COMMAND_TABLE } from "../commands/all-commands.ts";
import type { ModemContext } from "../commands/modem-context.ts";
import type { Efs } from "../efs/efs.ts";
import type { Dialect } from "../module/dialect.ts";
import { GPS_MODES } from "../module/gps/gps.ts";
import type { Identity } from "../module/identity.ts";
import type { ModuleState, Power } from "../module/module-state.ts";
import { PeriodicReport } from "../module/periodic-report.ts";
import { reportChanges } from "../module/reports.ts";
import { driveConnectionCircuits } from "../module/settings/circuits.ts";
import type { Nvram } from "../module/settings/nvram.ts";
import { RingIndicator } from "../module/settings/ring-indicator.ts";
import { Settings } from "../module/settings/settings.ts";
import type { Timing } from "../module/timing.ts";
import type { Random } from "../platform/crypto.ts";
import type { Events } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Network } from "../platform/network/network.ts";
import type { Packet } from "../platform/packet.ts";
import type { ModemLines, SerialLine } from "../platform/serial-line.ts";
import { type Clock, sleep } from "../platform/time/clock.ts";
import type { WorkSet } from "../platform/work-set.ts";
import { DataCallService } from "../services/data-call/service.ts";
import { FileCopier } from "../services/file-copier.ts";
import { FtpService } from "../services/ftp/service.ts";
import { FtpsService } from "../services/ftps/service.ts";
import { HttpService } from "../services/http/service.ts";
import { HttpsService } from "../services/https/service.ts";
import { Pop3Service } from "../services/pop3/service.ts";
import { SmtpService } from "../services/smtp/service.ts";
import type { TransparentLink } from "../services/sockets/parts.ts";
import { PingService } from "../services/sockets/ping.ts";
import { PING_FORMS } from "../services/sockets/ping-form.ts";
import { SocketService } from "../services/sockets/service.ts";
import { TimeService } from "../services/time/service.ts";
import { ChannelService } from "../services/tls/channels.ts";
import { Credentials } from "../services/tls/credentials.ts";
import { XmodemService } from "../services/xmodem.ts";
import { RtsFlow } from "./rts-flow.ts";

/** What a module needs from outside itself while it has power. */
export interface PoweredModuleParts {
  readonly transport: SerialLine;
  /** The modem lines, on a medium that has them. */
  readonly lines: ModemLines | undefined;
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Events;
  readonly random: Random;
  readonly nvram: Nvram;
  readonly efs: Efs;
  readonly module: ModuleState;
  readonly identity: Identity;
  readonly dialect: Dialect;
  readonly timing: Timing;
  /** Where AT+SERVERSTART listens, an IP literal. */
  readonly serverAddress: string;
  readonly power: Power;
  readonly intercept: Intercept | undefined;
  /** Takes the sentences of the GPS receiver, second by second, where there is a port for them. */
  readonly nmea: ((sentences: string) => void) | undefined;
  /** What must settle before the next power-on. */
  readonly work: WorkSet;
}

/** The services behind the AT commands, from boot to power-off. */
export type ModemServices = Pick<
  ModemContext,
  | "smtp"
  | "pop3"
  | "ftp"
  | "http"
  | "copier"
  | "xmodem"
  | "sockets"
  | "pings"
  | "dataCalls"
  | "credentials"
  | "https"
  | "channels"
  | "ftps"
  | "time"
>;

/** What lives from boot to power-off: the current settings, the services and the AT session. A restart makes a new one. */
export class PoweredModule {
  readonly settings: Settings;
  readonly session: AtSession<ModemContext>;
  readonly #parts: PoweredModuleParts;
  readonly #power = new AbortController();
  readonly #ringIndicator: RingIndicator | undefined;
  readonly #flow: RtsFlow | undefined;
  #madeServices: ModemServices | undefined;

  /** Puts the line into service at once. Nothing is printed before {@link boot}. */
  constructor(parts: PoweredModuleParts) {
    this.#parts = parts;
    this.settings = new Settings(parts.nvram);
    const { lines, module, clock } = parts;
    const { signal } = this.#power;
    const carrier = lines && driveConnectionCircuits(lines, this.settings, clock, signal);
    this.#flow = lines && new RtsFlow(parts.transport, lines, this.settings, signal);
    this.#ringIndicator = lines && new RingIndicator(lines, module, clock, signal);
    this.session = this.#makeSession(carrier ?? (() => undefined));
  }

  /**
   * Reads the SIM. With an announcement the module prints the URCs of its identity and takes `bootTime` milliseconds;
   * without one it is ready at once. Resolves when it is ready, or when the power has gone again.
   */
  async boot(announcement: { readonly bootTime: number } | undefined): Promise<void> {
    const { module, identity, clock, nmea } = this.#parts;
    const { signal } = this.#power;
    if (announcement === undefined) module.sim.read();
    const urc = (text: string) => this.urc(text);
    reportChanges({ module, settings: this.settings, identity, clock, urc, nmea, signal });
    if (this.settings.get("+CGPSAUTO") === 1) module.gps.start(GPS_MODES.alone);
    if (announcement === undefined) return;
    for (const line of identity.boot.start) this.urc(line);
    // A power cut ends the wait; then nothing of the boot is left to do.
    if (announcement.bootTime > 0) await sleep(clock, announcement.bootTime, signal).catch(() => undefined);
    if (!signal.aborted) module.sim.read();
  }

  /** Made at the first command, or when they are asked for: most modems of a fleet only wait. */
  get services(): ModemServices {
    this.#madeServices ??= this.#makeServices();
    return this.#madeServices;
  }

  /** Nothing before the first command. */
  get madeServices(): ModemServices | undefined {
    return this.#madeServices;
  }

  /** Ends everything that runs, without a word to the host. */
  cutPower(): void {
    this.#power.abort(new Error("the module has lost its power"));
  }

  /** Circuit 108 (DTR) has changed. */
  dtrChanged(on: boolean): void {
    this.#flow?.update();
    if (!on) this.session.dtrDropped();
  }

  /** Circuit 105 (RTS) has changed. */
  rtsChanged(): void {
    this.#flow?.update();
  }

  /** Prints an unsolicited line as soon as the line is free, unless AT+CATR leads it to another port. */
  urc(text: string, kind?: "report" | "outcome"): void {
    if (!this.#reachesUart) return;
    this.#ringIndicator?.unsolicited();
    this.session.urc(text, kind);
  }

  /** field.md 7: 0 is every port, 1 the UART, which is what our host is on; the others are not ours. */
  get #reachesUart(): boolean {
    return this.settings.get("+CATR") <= 1;
  }

  #makeServices(): ModemServices {
    const { network, clock, random, log, timing, dialect, identity, efs, module, serverAddress, work } = this.#parts;
    const { settings } = this;
    const { rtc } = module;
    const { signal } = this.#power;
    const outlet = this.#outlet;
    const { packetService } = module;
    const common = { network, clock, outlet, settings, packetService, timing };
    // Plain properties first, as above.
    const sockets = { random, log, dialect, serverAddress, signal, work, ...common };
    const credentials = new Credentials(efs);
    const { timeoutScale } = timing;
    const secure = { network, clock, log, work, timeoutScale, signal, outlet, credentials };
    return {
      smtp: new SmtpService({ network, clock, random, log, timing, rtc, efs, outlet, signal, work }),
      pop3: new Pop3Service({ network, clock, outlet, dialect, timing, log, settings, efs, rtc, signal, work }),
      ftp: new FtpService({ network, clock, outlet, efs, dialect, timing, log, work }),
      http: new HttpService({ network, clock, outlet, dialect, timing, log, work }),
      copier: new FileCopier({ efs, outlet, log, work }),
      xmodem: new XmodemService({ clock, timing, log }),
      sockets: new SocketService(sockets),
      pings: new PingService({ form: PING_FORMS[identity.pingForm], ...sockets }),
      dataCalls: new DataCallService({ network, packetService, clock, random, log, signal }),
      credentials,
      https: new HttpsService(secure),
      channels: new ChannelService(secure),
      ftps: new FtpsService({ efs, ...secure }),
      time: new TimeService({ network, clock, rtc, outlet, timing, log, work, signal }),
    };
  }

  get #outlet() {
    return {
      urc: (text: string) => this.urc(text, "outcome"),
      packets: async (packets: readonly Packet[]) => {
        if (this.#reachesUart) await this.session.packets(packets);
      },
      bytes: async (bytes: Uint8Array) => {
        if (this.#reachesUart) await this.session.bytes(bytes);
      },
      answer: (text: string, link: TransparentLink, farewell: () => string) =>
        this.session.answer(text, link, farewell),
    };
  }

  #makeSession(carrier: (on: boolean) => void): AtSession<ModemContext> {
    const { transport, clock, timing, log, events, work, intercept, identity, module } = this.#parts;
    const { settings } = this;
    const { signal } = this.#power;
    const table = COMMAND_TABLE.without(identity.lacks);
    const systemReport = new PeriodicReport(clock, signal, (text) => this.urc(text));
    return new AtSession<ModemContext>({
      transport: this.#flow ?? transport,
      settings,
      table,
      clock,
      timing,
      log,
      events,
      signal,
      work,
      context: (line) => ({ line, table, systemReport, ...this.#handlerParts, ...this.services }),
      simState: () => module.sim.state,
      intercept,
      carrier,
    });
  }

  /** What handlers may touch of the module itself. */
  get #handlerParts() {
    const { settings } = this;
    const { transport, clock, timing, dialect, identity, efs, power, module } = this.#parts;
    const { sim, simAccess, radio, packetService, rtc, hardware, preferences } = module;
    const { sms, broadcasts, ussd, phoneBook, calls, gps } = module;
    return {
      port: transport.port,
      clock,
      timing,
      settings,
      dialect,
      identity,
      sim,
      simAccess,
      radio,
      rtc,
      efs,
      packetService,
      sms,
      broadcasts,
      ussd,
      phoneBook,
      calls,
      gps,
      hardware,
      preferences,
      power,
    };
  }
}
