import { ftpCommands } from "./ftp.ts";
import { ftpTransferCommands } from "./ftp-transfer.ts";
import { generalCommands } from "./general.ts";
import { httpCommands } from "./http.ts";
import { identificationCommands } from "./identification.ts";
import type { Command } from "./modem-context.ts";
import { moduleStatusCommands } from "./module-status.ts";
import { packetDomainCommands } from "./packet-domain.ts";
import { serialPortCommands } from "./serial-port.ts";
import { smtpCommands } from "./smtp.ts";

/** Every command, chapter by chapter. */
export const ALL_COMMANDS: readonly Command[] = [
  ...generalCommands,
  ...serialPortCommands,
  ...identificationCommands,
  ...moduleStatusCommands,
  ...packetDomainCommands,
  ...smtpCommands,
  ...ftpCommands,
  ...ftpTransferCommands,
  ...httpCommands,
];
