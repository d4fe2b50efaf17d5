import type { Clock } from "../../platform/time/clock.ts";
import { PeriodicReport } from "../periodic-report.ts";
import type { SettingName, Settings } from "../settings/settings.ts";
import type { Gps } from "./gps.ts";
import { infoLines, locationLine } from "./gps-lines.ts";
import { nmeaSentences, SATELLITES_ONLY } from "./nmea.ts";

export interface GpsReportParts {
  readonly gps: Gps;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly urc: (text: string) => void;
  /** Takes the sentences of a second, each with its line end, where there is a port for them. */
  readonly nmea: ((sentences: string) => void) | undefined;
  /** Ends with the power. */
  readonly signal: AbortSignal;
}

const SECOND = 1000;

/** `+CGPSSWITCH`: the sentences go to the port of their own, or to the UART as well. */
const TO_UART = 2;

/** Prints what the receiver has to say unasked, as the settings ask for it. Returns what ends that. */
export function reportGps(parts: GpsReportParts): () => void {
  const { gps, settings, urc } = parts;
  const sentences = (mask: number) => (gps.runs ? nmeaSentences(gps.view, mask) : []);
  const ends = [
    gps.stopped.add(() => urc("+CGPS: 0")),
    gps.located.add((fix) => urc(locationLine(fix))),
    every("+CGPSINFO", () => infoLines(gps.view), parts),
    every("+CGPSINFOCFG", () => sentences(settings.get("+CGPSINFOCFG:1")), parts),
    // The test mode measures satellites whether there is a position to find or not.
    every("+CGPSFTM", () => nmeaSentences(gps.view, SATELLITES_ONLY), parts),
    feedPorts(parts),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Prints lines again and again, as many seconds apart as a setting says; 0 is never. */
function every(
  name: SettingName,
  describe: () => readonly string[],
  { settings, clock, urc, signal }: GpsReportParts,
): () => void {
  const report = new PeriodicReport(clock, signal, urc);
  let period = 0;
  return settings.changed.add(() => {
    if (settings.get(name) === period) return;
    period = settings.get(name);
    if (period === 0) report.stop();
    else report.start(period * SECOND, describe);
  });
}

/** Gives the sentences of each second in which the receiver runs to the port for them, and to the UART if that is its port. */
function feedPorts({ gps, settings, clock, urc, nmea, signal }: GpsReportParts): () => void {
  // A change of the port holds after a restart.
  const toUart = settings.get("+CGPSSWITCH") === TO_UART;
  if (nmea === undefined && !toUart) return () => undefined;
  const report = new PeriodicReport(clock, signal, urc);
  const describe = () => {
    const sentences = nmeaSentences(gps.view, settings.get("+CGPSNMEA"));
    nmea?.(sentences.map((sentence) => `${sentence}\r\n`).join(""));
    return toUart ? sentences : [];
  };
  let running = false;
  return gps.changed.add(() => {
    if (gps.runs === running) return;
    running = !running;
    if (running) report.start(SECOND, describe);
    else report.stop();
  });
}
