import type { GpsFix, GpsView } from "./gps.ts";
import { dateField, knots, latitudeField, longitudeField, timeField } from "./nmea-fields.ts";
import { SATELLITES } from "./satellites.ts";

/** How strong the receiver hears its own noise; modules print about the same everywhere. */
const NOISE = "AmpI/AmpQ: 1057/1057";

/**
 * The lines of AT+CGPSINFO. Hosts take what stands right behind the colon, so no blank comes there.
 *
 * @spec module.md 4
 */
export function infoLines({ fix }: GpsView): readonly string[] {
  return [`+CGPSINFO:${fix === undefined ? ",,,,,,,," : infoFields(fix)}`, NOISE];
}

function infoFields({ epoch, latitude, longitude, altitude, speed, course }: GpsFix): string {
  const place = `${latitudeField(latitude)},${longitudeField(longitude)}`;
  const moment = `${dateField(epoch, 2)},${timeField(epoch)}`;
  return `${place},${moment},${altitude.toFixed(1)},${knots(speed)},${Number(course.toFixed(1))}`;
}

/** The report of a position that the network has found. */
export function locationLine({ epoch, latitude, longitude, altitude }: GpsFix): string {
  const place = [latitude, longitude].map((angle) => Math.round(angle * 1e8)).join(",");
  return `+CAGPSINFO:${place},${altitude.toFixed(1)},${dateField(epoch, 4)},${timeField(epoch)}`;
}

/**
 * What test mode prints of the satellites in view: number and strength of each. It is no sentence of NMEA: a host (vznncv's
 * driver) counts the pairs, and waits longer for a position where there are some.
 */
export function strengthLine({ skyOpen }: GpsView): string {
  const pairs = skyOpen ? SATELLITES.map(({ number, strength }) => `,${number},${strength}`) : [];
  return `$GPGSV${pairs.join("")}`;
}
