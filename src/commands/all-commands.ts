import { callCommands } from "./calls.ts";
import { fileCopyCommands } from "./file-copy.ts";
import { fileSystemCommands } from "./file-system.ts";
import { fileTransferCommands } from "./file-transfer.ts";
import { ftpCommands } from "./ftp.ts";
import { ftpTransferCommands } from "./ftp-transfer.ts";
import { generalCommands } from "./general.ts";
import { httpCommands } from "./http.ts";
import { identificationCommands } from "./identification.ts";
import { messageCommands } from "./messages.ts";
import type { Command } from "./modem-context.ts";
import { moduleStatusCommands } from "./module-status.ts";
import { networkCommands } from "./network.ts";
import { packetDomainCommands } from "./packet-domain.ts";
import { pop3Commands } from "./pop3.ts";
import { serialPortCommands } from "./serial-port.ts";
import { simCommands } from "./sim.ts";
import { smtpCommands } from "./smtp.ts";
import { storageCommands } from "./storage.ts";
import { xmodemCommands } from "./xmodem.ts";

/** Every command, chapter by chapter. */
export const ALL_COMMANDS: readonly Command[] = [
  ...generalCommands,
  ...serialPortCommands,
  ...identificationCommands,
  ...moduleStatusCommands,
  ...simCommands,
  ...networkCommands,
  ...callCommands,
  ...messageCommands,
  ...packetDomainCommands,
  ...smtpCommands,
  ...pop3Commands,
  ...ftpCommands,
  ...ftpTransferCommands,
  ...httpCommands,
  ...fileSystemCommands,
  ...storageCommands,
  ...fileCopyCommands,
  ...fileTransferCommands,
  ...xmodemCommands,
];
