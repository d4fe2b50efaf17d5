import { closeSync, constants, openSync } from "node:fs";
import { isatty } from "node:tty";
import type { Log } from "../platform/log.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { Medium } from "../rig/options.ts";
import { openMedium as openOwnMedium } from "../rig/rig-modem.ts";
import { hostAndPort } from "../transport/flow/host-visits.ts";
import { explainError } from "./explain.ts";

/** Opens the medium of the serial line. Throws a {@link UsageError} that names the option and says what a user can do. */
export async function openMedium(medium: Medium, clock: Clock, log: Log): Promise<SerialLine> {
  try {
    if (medium.kind !== "stdio") return await openOwnMedium(medium, clock, log);
    const { openStdio } = await import("../transport/stdio.ts");
    return openStdio(process.stdin, process.stdout);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    log.debug({ event: "medium-failed", error: error instanceof Error ? error.stack : String(error) });
    const message = error instanceof Error ? error.message : String(error);
    // The pseudo-terminal names the option itself: it has several.
    if (message.startsWith("--")) throw new UsageError(message, { cause: error });
    const reason =
      (medium.kind === "serial" ? explainPort(medium.path) : undefined) ??
      explainError(error) ??
      withoutSubject(message);
    throw new UsageError(`${mediumOption(medium)}: ${reason}`, { cause: error });
  }
}

/** The transports name what they could not do before the reason, and the message does already. */
function withoutSubject(reason: string): string {
  return reason.replace(/^cannot open [^:]*: /, "");
}

function mediumOption(medium: Medium): string {
  switch (medium.kind) {
    case "pty":
      return "cannot open a pseudo-terminal";
    case "tcp":
    case "rfc2217":
      return `--${medium.kind} ${hostAndPort(medium.local)}`;
    case "serial":
      return `--serial ${medium.path}`;
    case "stdio":
      return "--stdio";
  }
}

/** What is wrong with the device of a serial port, where that can be seen from outside. */
export function explainPort(path: string): string | undefined {
  try {
    const { O_RDWR, O_NONBLOCK, O_NOCTTY } = constants;
    const descriptor = openSync(path, O_RDWR | O_NONBLOCK | O_NOCTTY);
    const isPort = isatty(descriptor);
    closeSync(descriptor);
    return isPort ? undefined : NOT_A_PORT;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "there is no such port";
    if (code === "EISDIR" || code === "ENXIO") return NOT_A_PORT;
    return code === "EACCES" ? "no permission to open it; see ls -l for its group" : explainError(error);
  }
}

const NOT_A_PORT = "it is not a serial port";
