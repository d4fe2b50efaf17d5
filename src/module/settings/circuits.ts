import type { ModemLines } from "../../platform/serial-line.ts";
import type { Settings } from "./settings.ts";

/**
 * Drives circuit 109 (DCD) as AT&C says: 1 follows the carrier, of which there is never one; anything else is always on.
 *
 * @spec V.250 6.2.8
 */
export function driveCarrierDetect(lines: ModemLines, settings: Settings, signal: AbortSignal): void {
  const drive = () => lines.set({ dcd: settings.get("&C") !== 1 });
  drive();
  signal.addEventListener("abort", settings.changed.add(drive), { once: true });
}

/** Whether circuit 108 (DTR) going off ends what the host was entering. @spec V.250 6.2.9 */
export function hangsUpOnDtr(settings: Settings): boolean {
  return settings.get("&D") === 2;
}
