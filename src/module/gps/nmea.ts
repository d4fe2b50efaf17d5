import type { GpsFix, GpsView } from "./gps.ts";
import { dateField, knots, latitudeField, longitudeField, padded, timeField } from "./nmea-fields.ts";
import { DILUTION, SATELLITES } from "./satellites.ts";

/** The sentences by their bit in the masks of AT+CGPSNMEA and AT+CGPSINFOCFG, in the order in which they are sent. */
const SENTENCES: ReadonlyArray<readonly [bit: number, make: (view: GpsView) => readonly string[]]> = [
  [4, satellitesInView],
  [1, ({ fix }) => [fixData(fix)]],
  [16, ({ fix }) => [courseAndSpeed(fix)]],
  [2, ({ fix }) => [recommendedMinimum(fix)]],
  [8, ({ fix }) => [activeSatellites(fix)]],
];

/** What the receiver says in one second: the sentences of NMEA 0183 that the mask asks for, without their line ends. */
export function nmeaSentences(view: GpsView, mask: number): readonly string[] {
  return SENTENCES.filter(([bit]) => (mask & bit) !== 0).flatMap(([, make]) => make(view).map(framed));
}

/** Puts the head and the checksum around a sentence: all its characters combined by exclusive or. */
function framed(body: string): string {
  let sum = 0;
  for (let index = 0; index < body.length; index++) sum ^= body.charCodeAt(index);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}`;
}

function fixData(fix: GpsFix | undefined): string {
  if (fix === undefined) return "GPGGA,,,,,,0,,,,,,,,";
  const { epoch, latitude, longitude, altitude } = fix;
  const place = `${latitudeField(latitude)},${longitudeField(longitude)}`;
  const used = padded(SATELLITES.length);
  return `GPGGA,${timeField(epoch)},${place},1,${used},${DILUTION.horizontal},${altitude.toFixed(1)},M,0.0,M,,`;
}

function recommendedMinimum(fix: GpsFix | undefined): string {
  if (fix === undefined) return "GPRMC,,V,,,,,,,,,,N";
  const { epoch, latitude, longitude, speed, course } = fix;
  const place = `${latitudeField(latitude)},${longitudeField(longitude)}`;
  return `GPRMC,${timeField(epoch)},A,${place},${knots(speed)},${course.toFixed(1)},${dateField(epoch, 2)},,,A`;
}

function courseAndSpeed(fix: GpsFix | undefined): string {
  if (fix === undefined) return "GPVTG,,T,,M,,N,,K,N";
  // The magnetic variation is not known.
  return `GPVTG,${fix.course.toFixed(1)},T,,M,${knots(fix.speed)},N,${fix.speed.toFixed(1)},K,A`;
}

/** Places for satellites in a sentence of those that are used, and of those in view. */
const ACTIVE = 12;
const IN_VIEW = 4;

function activeSatellites(fix: GpsFix | undefined): string {
  const used = fix === undefined ? [] : SATELLITES.map(({ number }) => padded(number));
  const places = Array.from({ length: ACTIVE }, (_, index) => used[index] ?? "").join(",");
  const { position, horizontal, vertical } = DILUTION;
  const dilution = fix === undefined ? ",," : `${position},${horizontal},${vertical}`;
  return `GPGSA,A,${fix === undefined ? 1 : 3},${places},${dilution}`;
}

function satellitesInView({ skyOpen }: GpsView): readonly string[] {
  if (!skyOpen) return ["GPGSV,1,1,00"];
  const total = Math.ceil(SATELLITES.length / IN_VIEW);
  return Array.from({ length: total }, (_, index) => {
    const shown = SATELLITES.slice(index * IN_VIEW, (index + 1) * IN_VIEW).map(
      ({ number, elevation, azimuth, strength }) => `,${padded(number)},${elevation},${padded(azimuth, 3)},${strength}`,
    );
    return `GPGSV,${total},${index + 1},${padded(SATELLITES.length)}${shown.join("")}`;
  });
}
