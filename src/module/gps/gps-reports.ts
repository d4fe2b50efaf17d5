import type { Clock } from "../../platform/time/clock.ts";
import { PeriodicReport } from "../periodic-report.ts";
import type { SettingName, Settings } from "../settings/settings.ts";
import type { Gps, GpsChange } from "./gps.ts";
import { infoLines, locationLine, strengthLine } from "./gps-lines.ts";
import { nmeaSentences } from "./nmea.ts";

export interface GpsReportParts {
  readonly module: { readonly gps: Gps };
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

/** What a setting has printed again and again, as many seconds apart as it says; 0 is never. */
const PERIODIC: ReadonlyArray<
  readonly [name: SettingName, describe: (gps: Gps, settings: Settings) => readonly string[]]
> = [
  ["+CGPSINFO", (gps) => infoLines(gps.view)],
  ["+CGPSINFOCFG", (gps, settings) => (gps.runs ? nmeaSentences(gps.view, settings.get("+CGPSINFOCFG:1")) : [])],
  // The test mode measures satellites whether there is a position to find or not.
  ["+CGPSFTM", (gps) => [strengthLine(gps.view)]],
];

/** Prints what the receiver has to say unasked, as the settings ask for it. Returns what ends that. */
export function reportGps(parts: GpsReportParts): () => void {
  const { module, settings } = parts;
  // A change of the port holds after a restart.
  const toUart = settings.get("+CGPSSWITCH") === TO_UART;
  const feed = parts.nmea === undefined && !toUart ? undefined : feedPorts(parts, toUart);
  const endChanges = module.gps.changed.add((change) => {
    reportChange(change, parts.urc);
    feed?.();
  });
  const endPeriodic = settings.changed.add(followSettings(parts));
  return () => {
    endChanges();
    endPeriodic();
  };
}

function reportChange({ before, receiver, located }: GpsChange, urc: GpsReportParts["urc"]): void {
  if (located !== undefined) urc(locationLine(located));
  if (before === "stopping" && receiver === "off") urc("+CGPS: 0");
}

/** Begins and ends what is printed at regular times, as the settings change. Most modules never print any of it. */
function followSettings({ module, settings, clock, urc, signal }: GpsReportParts): () => void {
  const running: Partial<Record<SettingName, { readonly period: number; readonly report: PeriodicReport }>> = {};
  return () => {
    for (const [name, describe] of PERIODIC) {
      const period = settings.get(name);
      const before = running[name];
      if (period === (before?.period ?? 0)) continue;
      const report = before?.report ?? new PeriodicReport(clock, signal, urc);
      running[name] = { period, report };
      if (period === 0) report.stop();
      else report.start(period * SECOND, () => describe(module.gps, settings));
    }
  };
}

/** Gives the sentences of each second in which the receiver runs to the port for them, and to the UART if that is its port. */
function feedPorts({ module, settings, clock, urc, nmea, signal }: GpsReportParts, toUart: boolean): () => void {
  const { gps } = module;
  const report = new PeriodicReport(clock, signal, urc);
  const describe = () => {
    const sentences = nmeaSentences(gps.view, settings.get("+CGPSNMEA"));
    nmea?.(sentences.map((sentence) => `${sentence}\r\n`).join(""));
    return toUart ? sentences : [];
  };
  let running = false;
  return () => {
    if (gps.runs === running) return;
    running = !running;
    if (running) report.start(SECOND, describe);
    else report.stop();
  };
}
