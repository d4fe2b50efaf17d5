import { type ControlAddress, parseControlAddress } from "../../control/client.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { findRig } from "./rig-file.ts";

/** A rig to call: where it listens, and its token. */
export interface Target {
  readonly address: ControlAddress;
  readonly token: string | undefined;
}

/**
 * Where the rig is: as given, as `VMODEM_CONTROL` and `VMODEM_CONTROL_TOKEN` say, or the one that runs here.
 *
 * @throws UsageError
 */
export async function findTarget(wanted: {
  readonly control: string | undefined;
  readonly token: string | undefined;
}): Promise<Target> {
  const { control = process.env.VMODEM_CONTROL, token = process.env.VMODEM_CONTROL_TOKEN } = wanted;
  if (control !== undefined && control !== "") {
    const address = parseControlAddress(control);
    if (address === undefined) throw new UsageError(`--control ${control}: not HOST:PORT, a URL or unix:PATH`);
    return { address, token };
  }
  const found = await findRig();
  const address = parseControlAddress(found.control);
  if (address === undefined) throw new UsageError(`the file of process ${found.pid} names no control interface`);
  return { address, token: token ?? found.token };
}
