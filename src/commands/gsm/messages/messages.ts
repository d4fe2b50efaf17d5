import type { Command } from "../../modem-context.ts";
import { messageReadingCommands } from "./reading.ts";
import { messageSendingCommands } from "./sending.ts";
import { messageSettingCommands } from "./settings.ts";
import { storedSendingCommands } from "./stored-sending.ts";
import { messageWritingCommands } from "./writing.ts";

/** Short messages (3GPP TS 27.005). */
export const messageCommands: readonly Command[] = [
  ...messageSettingCommands,
  ...messageReadingCommands,
  ...messageSendingCommands,
  ...storedSendingCommands,
  ...messageWritingCommands,
];
