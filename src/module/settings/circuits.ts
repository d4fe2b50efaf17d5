import type { ModemLines } from "../../platform/serial-line.ts";
import type { Settings } from "./settings.ts";

/**
 * Drives circuit 109 (DCD) as AT&C says: 1 follows the carrier, anything else is always on. Returns the function that
 * sets whether there is a carrier; at first there is none.
 *
 * @spec V.250 6.2.8
 */
export function driveCarrierDetect(lines: ModemLines, settings: Settings, signal: AbortSignal): (on: boolean) => void {
  let carrier = false;
  const drive = () => lines.set({ dcd: carrier || settings.get("&C") !== 1 });
  drive();
  signal.addEventListener("abort", settings.changed.add(drive), { once: true });
  return (on) => {
    carrier = on;
    drive();
  };
}
