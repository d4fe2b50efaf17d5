import { SystemClock } from "../../platform/time/clock.ts";
import { type End, listenForEnd } from "../end-signals.ts";
import { type ConsoleOptions, readConsoleArguments } from "./arguments.ts";
import { type Attachment, Lost } from "./attachment.ts";
import { ConsoleSession } from "./console-session.ts";
import { runCtlLine } from "./ctl-line.ts";
import { HistoryFile, historyPath } from "./history.ts";
import { Interactive } from "./interactive.ts";
import { openAttachment } from "./open-attachment.ts";
import { onPipes } from "./pipes.ts";

/** What a shell gives to a process that a signal has ended. */
const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * `vmodem console`: a user's end of a modem. Gives 0 at the end of the input, 1 when the rig or the port is lost or, without a
 * terminal, a line was refused, and what a shell gives for a signal.
 */
export async function runConsole(argv: readonly string[]): Promise<number> {
  const options = readConsoleArguments(argv);
  return attachConsole(options, listenForEnd());
}

/** Attaches a console and runs it until it or `end` ends. */
export async function attachConsole(options: ConsoleOptions, end: End): Promise<number> {
  const attachment = await openAttachment(options, end.signal);
  try {
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    const code = await (isTerminal ? onTerminal(attachment, end.signal) : onPipes(attachment, end.signal));
    return end.signal.aborted ? (SIGNAL_CODES[String(end.signal.reason)] ?? 1) : code;
  } finally {
    await attachment.close();
  }
}

/** Runs until the input ends, the rig or port is lost, or a signal comes. */
async function onTerminal(attachment: Attachment, ended: AbortSignal): Promise<number> {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ended]);
  let code = 0;
  let command = new AbortController();
  const interactive: Interactive = new Interactive({
    attachment,
    history: new HistoryFile(historyPath()),
    session: () => session,
    end: (wanted) => {
      code = wanted;
      closing.abort();
    },
    interrupt: () => command.abort(),
  });
  const session: ConsoleSession = new ConsoleSession({
    attachment,
    clock: new SystemClock(),
    show: (shown) => interactive.show(shown),
    changed: () => interactive.changed(),
    ctl: (line) => {
      command = new AbortController();
      return interactive.lend(() => runCtlLine(line, attachment, AbortSignal.any([signal, command.signal])));
    },
    signal,
  });
  const closed = () => interactive.close();
  process.on("exit", closed);
  try {
    interactive.begin(attachment.greeting);
    await session.watch();
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    interactive.show([{ kind: "error", text: error.message }]);
    code = 1;
  } finally {
    process.off("exit", closed);
    interactive.close();
  }
  return code;
}
