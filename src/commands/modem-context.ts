import type { AtLine } from "../at/at-line.ts";
import type { CommandDefinition, Command as CommandOf } from "../at/command-definition.ts";
import type { CommandTable } from "../at/command-table.ts";
import type { Parameter } from "../at/parameter.ts";
import type { Efs } from "../efs/efs.ts";
import type { Calls } from "../module/calls/calls.ts";
import type { Dialect } from "../module/dialect.ts";
import type { Gps } from "../module/gps/gps.ts";
import type { Hardware } from "../module/hardware.ts";
import type { Identity } from "../module/identity.ts";
import type { Power } from "../module/module-state.ts";
import type { PeriodicReport } from "../module/periodic-report.ts";
import type { PhoneBook } from "../module/phone-book/phone-book.ts";
import type { NetworkPreferences } from "../module/radio/network-preferences.ts";
import type { PacketService } from "../module/radio/packet-service.ts";
import type { Radio } from "../module/radio/radio.ts";
import type { Rtc } from "../module/rtc.ts";
import type { Settings } from "../module/settings/settings.ts";
import type { SimAccess } from "../module/sim-files/sim-access.ts";
import type { Sim } from "../module/sim.ts";
import type { CellBroadcasts } from "../module/sms/cell-broadcasts.ts";
import type { Sms } from "../module/sms/sms.ts";
import type { Timing } from "../module/timing.ts";
import type { Ussd } from "../module/ussd/ussd.ts";
import type { LinePort } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { DataCallService } from "../services/data-call/service.ts";
import type { FileCopier } from "../services/file-copier.ts";
import type { FtpService } from "../services/ftp/service.ts";
import type { FtpsService } from "../services/ftps/service.ts";
import type { HttpService } from "../services/http/service.ts";
import type { HttpsService } from "../services/https/service.ts";
import type { Pop3Service } from "../services/pop3/service.ts";
import type { SmtpService } from "../services/smtp/service.ts";
import type { PingService } from "../services/sockets/ping.ts";
import type { SocketService } from "../services/sockets/service.ts";
import type { TimeService } from "../services/time/service.ts";
import type { ChannelService } from "../services/tls/channels.ts";
import type { Credentials } from "../services/tls/credentials.ts";
import type { XmodemService } from "../services/xmodem.ts";

/** What a handler may touch: the line that its answer goes to, and the parts of the module. */
export interface ModemContext {
  readonly line: AtLine;
  /** Rate and framing of the serial line, where it has them. */
  readonly port?: LinePort | undefined;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly settings: Settings;
  readonly dialect: Dialect;
  readonly identity: Identity;
  readonly sim: Sim;
  readonly simAccess: SimAccess;
  readonly radio: Radio;
  readonly rtc: Rtc;
  readonly packetService: PacketService;
  readonly sms: Sms;
  readonly broadcasts: CellBroadcasts;
  readonly ussd: Ussd;
  readonly phoneBook: PhoneBook;
  readonly calls: Calls;
  readonly gps: Gps;
  readonly hardware: Hardware;
  readonly preferences: NetworkPreferences;
  readonly power: Power;
  /** What AT+CPSI prints again and again. */
  readonly systemReport: PeriodicReport;
  readonly efs: Efs;
  readonly copier: FileCopier;
  readonly xmodem: XmodemService;
  readonly pop3: Pop3Service;
  readonly smtp: SmtpService;
  readonly http: HttpService;
  readonly ftp: FtpService;
  readonly sockets: SocketService;
  readonly pings: PingService;
  readonly dataCalls: DataCallService;
  readonly credentials: Credentials;
  readonly https: HttpsService;
  readonly channels: ChannelService;
  readonly ftps: FtpsService;
  readonly time: TimeService;
  /** Every command of this module. */
  readonly table: CommandTable<ModemContext>;
}

export type Command = CommandOf<ModemContext>;

/** Defines a command; the types of its arguments follow from its parameters. */
export function defineCommand<const L extends readonly Parameter[]>(
  definition: CommandDefinition<ModemContext, L>,
): Command {
  return definition;
}
