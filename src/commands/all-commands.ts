import { CommandTable } from "../at/command-table.ts";
import { callSettingCommands } from "./gsm/call-settings.ts";
import { callCommands } from "./gsm/calls.ts";
import { dataCallCommands } from "./gsm/data-call.ts";
import { identificationCommands } from "./gsm/identification.ts";
import { messageCommands } from "./gsm/messages/messages.ts";
import { moduleStatusCommands } from "./gsm/module-status.ts";
import { networkCommands } from "./gsm/network.ts";
import { operatorCommands } from "./gsm/operators.ts";
import { packetDomainCommands } from "./gsm/packet-domain.ts";
import { phoneBookCommands } from "./gsm/phone-book.ts";
import { simAccessCommands } from "./gsm/sim-access.ts";
import { simCommands } from "./gsm/sim.ts";
import { supplementaryCommands } from "./gsm/supplementary.ts";
import { ussdCommands } from "./gsm/ussd.ts";
import { ftpCommands } from "./manual/ftp.ts";
import { ftpTransferCommands } from "./manual/ftp-transfer.ts";
import { httpCommands } from "./manual/http.ts";
import { pop3Commands } from "./manual/pop3.ts";
import { smtpCommands } from "./manual/smtp.ts";
import type { Command } from "./modem-context.ts";
import { cellCommands } from "./simcom/cell.ts";
import { fileCopyCommands } from "./simcom/file-copy.ts";
import { fileSystemCommands } from "./simcom/file-system.ts";
import { fileTransferCommands } from "./simcom/file-transfer.ts";
import { gpsReceiverCommands } from "./simcom/gps/receiver.ts";
import { gpsSettingCommands } from "./simcom/gps/settings.ts";
import { hardwareCommands } from "./simcom/hardware.ts";
import { socketCommands } from "./simcom/sockets/sockets.ts";
import { storageCommands } from "./simcom/storage.ts";
import { timeCommands } from "./simcom/time.ts";
import { certificateCommands } from "./simcom/tls/certificates.ts";
import { channelCommands } from "./simcom/tls/channels.ts";
import { ftpsCommands } from "./simcom/tls/ftps.ts";
import { ftpsTransferCommands } from "./simcom/tls/ftps-transfer.ts";
import { httpsCommands } from "./simcom/tls/https.ts";
import { xmodemCommands } from "./simcom/xmodem.ts";
import { generalCommands } from "./v250/general.ts";
import { serialPortCommands } from "./v250/serial-port.ts";

/** Every command, chapter by chapter. */
export const ALL_COMMANDS: readonly Command[] = [
  ...generalCommands,
  ...serialPortCommands,
  ...identificationCommands,
  ...moduleStatusCommands,
  ...simCommands,
  ...simAccessCommands,
  ...networkCommands,
  ...operatorCommands,
  ...cellCommands,
  ...callCommands,
  ...callSettingCommands,
  ...supplementaryCommands,
  ...messageCommands,
  ...ussdCommands,
  ...phoneBookCommands,
  ...packetDomainCommands,
  ...dataCallCommands,
  ...socketCommands,
  ...httpsCommands,
  ...ftpsCommands,
  ...ftpsTransferCommands,
  ...channelCommands,
  ...certificateCommands,
  ...timeCommands,
  ...gpsReceiverCommands,
  ...gpsSettingCommands,
  ...smtpCommands,
  ...pop3Commands,
  ...ftpCommands,
  ...ftpTransferCommands,
  ...httpCommands,
  ...hardwareCommands,
  ...fileSystemCommands,
  ...storageCommands,
  ...fileCopyCommands,
  ...fileTransferCommands,
  ...xmodemCommands,
];

/** The same by name. */
export const COMMAND_TABLE = CommandTable.of(ALL_COMMANDS);
