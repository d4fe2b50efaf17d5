import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import { type ModulePort, openModulePort as open } from "../transport/module-port.ts";
import { explainError } from "./explain.ts";
import { explainPort } from "./open-medium.ts";

/** Opens the port of a module. Throws a {@link UsageError} that names the option and says what a user can do. */
export async function openModulePort(
  option: string,
  place: { readonly path: string; readonly baudRate: number },
  clock: Clock,
): Promise<ModulePort> {
  try {
    return await open(place, clock);
  } catch (error) {
    const message = (error as Error).message.replace(/^Error: /, "");
    const reason = explainPort(place.path) ?? explainError(error) ?? message;
    throw new UsageError(`${option} ${place.path}: ${reason}`, { option, cause: error });
  }
}
