import { ROUTES } from "../../control/routes/routes.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { ctlCommands, parseCtlLine } from "../ctl/arguments.ts";
import { ctl } from "../ctl/ctl.ts";
import type { Attachment } from "./attachment.ts";
import { splitWords } from "./words.ts";

/** The commands that follow a `:`: those of `vmodem ctl`. */
export const CTL_COMMANDS = ctlCommands(ROUTES);

/** Runs a `:` command for a user, on the modem and the rig of the console. Prints a mistake in it and goes on. */
export async function runCtlLine(line: string, attachment: Attachment, signal: AbortSignal): Promise<void> {
  try {
    const words = splitWords(line);
    const { bound, own } = parseCtlLine(words, CTL_COMMANDS);
    const options = bound?.command.options ?? {};
    const modem =
      "modem" in options && own.modem === undefined && attachment.ctl.length > 0 ? ["--modem", attachment.name] : [];
    const asText = "text" in options || words.includes("--text") ? [] : ["--text"];
    await ctl([...attachment.ctl, ...modem, ...asText, ...words], signal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message.replace(/^ctl: /, "")}\n`);
  }
}
