import { existsSync } from "node:fs";
import { formatControlAddress, parseControlAddress } from "../../control/client.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { findTarget } from "../ctl/target.ts";
import { explainSilence } from "../explain.ts";
import { isNetworkPort } from "../open-module-port.ts";
import type { ConsoleOptions } from "./arguments.ts";
import type { Attachment } from "./attachment.ts";
import { PortAttachment } from "./port-attachment.ts";
import { RigAttachment } from "./rig-attachment.ts";

/**
 * Attaches to a port where a path, `tcp:HOST:PORT` or `rfc2217://HOST:PORT` is given, otherwise to a rig, found as `vmodem ctl` finds it.
 *
 * @throws UsageError where there is none
 */
export async function openAttachment(options: ConsoleOptions, signal: AbortSignal): Promise<Attachment> {
  const { place, modem, baud, token } = options;
  if (place !== undefined && (isNetworkPort(place) || isPath(place))) return PortAttachment.open(place, baud, signal);
  if (place !== undefined && parseControlAddress(place) === undefined) {
    throw new UsageError(
      `console ${place}: there is no such port, and it is no address of a control interface (HOST:PORT, a URL or unix:PATH)`,
    );
  }
  const target = await findTarget({ control: place, token });
  try {
    return await RigAttachment.open(target, modem, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError) throw new UsageError(`console: ${error.message}`);
    throw new UsageError(`console ${formatControlAddress(target.address)}: ${explainSilence(error)}`);
  }
}

function isPath(place: string): boolean {
  return /^[./]/.test(place) || (!/^(?:https?|unix):/.test(place) && existsSync(place));
}
