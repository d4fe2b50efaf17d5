import { callCommands } from "./calls.ts";
import { generalCommands } from "./general.ts";
import { httpCommands } from "./http.ts";
import { identificationCommands } from "./identification.ts";
import { messageCommands } from "./messages.ts";
import type { Command } from "./modem-context.ts";
import { moduleStatusCommands } from "./module-status.ts";
import { networkCommands } from "./network.ts";
import { packetDomainCommands } from "./packet-domain.ts";
import { serialPortCommands } from "./serial-port.ts";
import { simCommands } from "./sim.ts";

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
  ...httpCommands,
];
