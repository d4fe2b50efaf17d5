import type { ModemLines } from "../../platform/serial-line.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import type { Calls } from "../calls/calls.ts";
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

/** How long circuit 125 stays on at each RING, in milliseconds. */
const RING_PULSE = 1000;

/** Drives circuit 125 (RI): on for a while with each RING, and off when the call rings no more. */
export function driveRingIndicator(lines: ModemLines, calls: Calls, clock: Clock, signal: AbortSignal): void {
  let pulse: Alarm | undefined;
  const off = () => {
    if (pulse === undefined) return;
    pulse.cancel();
    pulse = undefined;
    lines.set({ ri: false });
  };
  const ends = [
    calls.rang.add(() => {
      off();
      lines.set({ ri: true });
      pulse = clock.alarm(RING_PULSE, off);
    }),
    calls.changed.add(({ before }) => {
      if (before === "incoming") off();
    }),
  ];
  signal.addEventListener(
    "abort",
    () => {
      off();
      for (const end of ends) end();
    },
    { once: true },
  );
}
