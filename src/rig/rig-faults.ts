import type { ModuleControl } from "../faults/dce/kind.ts";
import { FaultError, type FaultSpec } from "../faults/fault.ts";
import { Faults } from "../faults/faults.ts";
import type { Log } from "../platform/log.ts";
import type { Clock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { Journal } from "./journal.ts";
import type { RigModem } from "./rig-modem.ts";
import { RigRandom } from "./rig-random.ts";
import { readTrigger, triggersOf } from "./trigger.ts";

/** What the faults of a rig need of it. */
interface RigFaultsParts {
  readonly clock: Clock;
  readonly seed: number;
  readonly journal: Journal | undefined;
}

/** The faults of a rig, with those of its start. */
export function openFaults({ clock, seed, journal }: RigFaultsParts, lasting: readonly FaultSpec[]): Faults {
  const triggerOf = triggersOf(clock, journal);
  const parts = {
    clock,
    randomOf: (id: string) => new RigRandom(seed, `fault ${id}`),
    triggerOf: (given: unknown) => triggerOf(readTrigger(given)),
    fired: (modem: string | undefined, fault: { readonly id: string; readonly kind: string }) =>
      journal?.port(modem).emit({ type: "fault", ...fault }),
  };
  try {
    return new Faults(parts, lasting);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new UsageError(`fault: ${error.message}`, { option: "fault", cause: error });
  }
}

/** What faults do to a modem. */
export function controlOf(modem: RigModem, log: Log): ModuleControl {
  const watch = (change: Promise<unknown>) =>
    void change.catch((error: unknown) => log.error({ event: "fault-failed", error: String(error) }));
  return {
    read: (patch) => pickLike(patch, modem.state()),
    patch: (patch) => watch(modem.patch(patch)),
    fill: (volume) => modem.efs.fill(volume),
    crash: () => watch(modem.powerOff().then(() => modem.powerOn())),
  };
}

/** The values of `from` in the places in which `like` has some. */
function pickLike(like: object, from: object): object {
  const own = from as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(like).map(([name, value]) => [
      name,
      typeof value === "object" ? pickLike(value, own[name] as object) : own[name],
    ]),
  );
}
