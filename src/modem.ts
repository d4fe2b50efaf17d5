import type { AtLine } from "./at/at-line.ts";
import { CommandTable } from "./at/command-table.ts";
import { AtSession } from "./at/session.ts";
import { ALL_COMMANDS } from "./commands/all-commands.ts";
import type { ModemContext } from "./commands/modem-context.ts";
import { Efs, type EfsOptions } from "./efs/efs.ts";
import { DIALECTS, type DialectName } from "./module/dialect.ts";
import { IDENTITIES, type Identity, type IdentityName } from "./module/identity.ts";
import { PacketService } from "./module/packet-service.ts";
import { Radio } from "./module/radio.ts";
import { Rtc } from "./module/rtc.ts";
import { type SettingName, Settings } from "./module/settings.ts";
import { Sim } from "./module/sim.ts";
import type { Timing } from "./module/timing.ts";
import { type Clock, SystemClock } from "./platform/clock.ts";
import { type Log, silentLog } from "./platform/log.ts";
import type { Network } from "./platform/network.ts";
import { type Random, SystemRandom } from "./platform/random.ts";
import { TcpNetwork } from "./platform/tcp-network.ts";
import type { Transport } from "./platform/transport.ts";
import { FileCopier } from "./services/file-copier.ts";
import { FtpService } from "./services/ftp/ftp-service.ts";
import { HttpService } from "./services/http/http-service.ts";
import type { Packet } from "./services/outlet.ts";
import { Pop3Service } from "./services/pop3/pop3-service.ts";
import { SmtpService } from "./services/smtp/smtp-service.ts";
import { XmodemService } from "./services/xmodem-service.ts";

/** What a modem is made of. All but the transport has a default: a neutral module on the machine's own network. */
export interface ModemOptions {
  readonly transport: Transport;
  readonly network?: Network;
  readonly clock?: Clock;
  readonly log?: Log;
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
}

/** One module: its parts, put together on one serial line. */
export class Modem {
  readonly #options: ModemOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  /** What outlives a reset: the stored profile, the clock and, once the module is on, the files. */
  readonly #profile = new Map<SettingName, number>();
  readonly #rtc: Rtc;
  #efs: Efs | undefined;
  #power = new AbortController();
  #session: AtSession<ModemContext> | undefined;
  /** Resolves when nothing is left of what a reset has dropped: no half a mail, for one. */
  #settled: () => Promise<void> = async () => undefined;

  /** Takes over the transport, and closes it in the end. */
  constructor(options: ModemOptions) {
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    this.#log = options.log ?? silentLog;
    this.#rtc = new Rtc(this.#clock);
  }

  /** Switches the module on and, when it is ready, starts to listen to the host. `lost` is told when the medium has gone. */
  async start(lost: (reason: Error) => void = () => undefined): Promise<void> {
    const { efs, transport } = this.#options;
    this.#efs = await Efs.open({ ...efs, clock: this.#rtc.clock });
    this.#session = this.#boot(this.#efs);
    transport.start({ data: (chunk) => this.#session?.data(chunk), lost });
  }

  /** Restarts the module: whatever runs is dropped without a word; stored settings, clock and files stay. */
  async reset(): Promise<void> {
    this.#power.abort(new Error("the module resets"));
    this.#power = new AbortController();
    if (this.#efs === undefined) return;
    await this.#settled();
    await this.#efs.powerOn();
    this.#session = this.#boot(this.#efs);
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

  /** Drops whatever runs and closes the transport. */
  async close(): Promise<void> {
    this.#power.abort(new Error("the module is closed"));
    await this.#settled();
    await this.#options.transport.close();
  }

  #boot(efs: Efs): AtSession<ModemContext> {
    const {
      transport,
      network = new TcpNetwork(),
      random = new SystemRandom(),
      dialect: dialectName = "manual",
      identity = "wcdma",
    } = this.#options;
    const dialect = DIALECTS[dialectName];
    const timing: Timing = {
      timeoutScale: this.#options.timeoutScale ?? 1,
      packetGap: this.#options.packetGap ?? dialect.packetGap,
      promptDelay: dialect.promptDelay,
    };
    const clock = this.#clock;
    const log = this.#log;
    const { signal } = this.#power;
    const rtc = this.#rtc;
    const settings = new Settings(this.#profile);
    const table = new CommandTable(ALL_COMMANDS);
    const sim = new Sim();
    const outlet = {
      urc: (text: string) => session.urc(text),
      packets: (packets: readonly Packet[]) => session.packets(packets),
    };
    const pop3 = new Pop3Service({ network, clock, outlet, dialect, timing, log, settings, efs, rtc, signal });
    const smtp = new SmtpService({ network, clock, random, log, timing, rtc, efs, outlet, signal });
    this.#settled = async () => {
      await Promise.all([pop3.settled(), smtp.settled()]);
    };
    const parts: Omit<ModemContext, "line"> = {
      clock,
      timing,
      settings,
      dialect,
      identity: typeof identity === "string" ? IDENTITIES[identity] : identity,
      sim,
      radio: new Radio(),
      rtc,
      efs,
      copier: new FileCopier({ efs, outlet, log }),
      xmodem: new XmodemService({ clock, timing, log }),
      packetService: new PacketService(),
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
}
