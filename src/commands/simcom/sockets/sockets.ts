import type { Command } from "../../modem-context.ts";
import { socketClosingCommands } from "./closing.ts";
import { socketNameCommands } from "./names.ts";
import { socketNetworkCommands } from "./network.ts";
import { socketOpeningCommands } from "./opening.ts";
import { socketReceivingCommands } from "./receiving.ts";
import { socketSendingCommands } from "./sending.ts";
import { socketServingCommands } from "./serving.ts";
import { socketSettingCommands } from "./settings.ts";

/** Sockets of both generations, module.md 1. */
export const socketCommands: readonly Command[] = [
  ...socketNetworkCommands,
  ...socketSettingCommands,
  ...socketOpeningCommands,
  ...socketSendingCommands,
  ...socketReceivingCommands,
  ...socketClosingCommands,
  ...socketServingCommands,
  ...socketNameCommands,
];
