import type { ModemLines } from "../../platform/serial-line.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import type { Settings } from "./settings.ts";

/** How long circuit 109 goes off when a connection ends with AT&C2, in milliseconds. */
const WINK = 1000;

/**
 * Drives circuit 109 (DCD) as AT&C says and circuit 107 (DSR) as AT&S says: with 1 they follow the connection, otherwise
 * they are on; AT&C2 lets DCD go off for a moment when a connection ends. Returns the function that sets whether there is
 * a connection; at first there is none.
 *
 * @spec V.250 6.2.8
 */
export function driveConnectionCircuits(
  lines: ModemLines,
  settings: Settings,
  clock: Clock,
  signal: AbortSignal,
): (on: boolean) => void {
  let connected = false;
  let wink: Alarm | undefined;
  const drive = () => {
    const follows = settings.get("&C");
    const dcd = connected || (follows !== 1 && (follows !== 2 || wink === undefined));
    lines.set({ dcd, dsr: connected || settings.get("&S") !== 1 });
  };
  const endWink = () => {
    wink?.cancel();
    wink = undefined;
  };
  drive();
  const forget = settings.changed.add(drive);
  signal.addEventListener(
    "abort",
    () => {
      endWink();
      forget();
    },
    { once: true },
  );
  return (on) => {
    const ends = connected && !on;
    connected = on;
    endWink();
    if (ends && !signal.aborted) {
      wink = clock.alarm(WINK, () => {
        wink = undefined;
        drive();
      });
    }
    drive();
  };
}
