import { epochOfFields, fieldsOfEpoch } from "../platform/calendar.ts";
import type { Clock } from "../platform/clock.ts";

const QUARTER = 15 * 60_000;

/** A moment as the module shows it. */
export interface LocalTime {
  /** Milliseconds since the Unix epoch. */
  readonly epoch: number;
  /** Quarters of an hour that local time is ahead of UTC, -48 to 56 (27.007 8.15). */
  readonly zone: number;
}

/** The module's real time clock: runs with the program's clock from whatever it was set to. */
export class Rtc {
  readonly #clock: Clock;
  #offset = 0;
  #zone = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): LocalTime {
    return { epoch: this.#clock.now() + this.#offset, zone: this.#zone };
  }

  /** The program's clock with the module's time: what files are stamped with. */
  get clock(): Clock {
    return { now: () => this.now().epoch, alarm: (ms, callback) => this.#clock.alarm(ms, callback) };
  }

  set(time: LocalTime): void {
    this.#offset = time.epoch - this.#clock.now();
    this.#zone = time.zone;
  }
}

/** Local time as `YYMMDDhhmmss`, the form of which the module makes file and directory names. */
export function formatStamp({ epoch, zone }: LocalTime): string {
  const { year, month, day, hour, minute, second } = fieldsOfEpoch(epoch + zone * QUARTER);
  return [year % 100, month, day, hour, minute, second].map((field) => String(field).padStart(2, "0")).join("");
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Local time as AT+FSATTRI prints when a file was modified: `2008/04/28 10:24:46 Mon` (field.md 6). */
export function formatFileTime({ epoch, zone }: LocalTime): string {
  const { year, month, day, hour, minute, second, weekday } = fieldsOfEpoch(epoch + zone * QUARTER);
  const [mm, dd, hh, min, ss] = [month, day, hour, minute, second].map((field) => String(field).padStart(2, "0"));
  return `${year}/${mm}/${dd} ${hh}:${min}:${ss} ${WEEKDAYS[weekday]}`;
}

/** `yy/MM/dd,hh:mm:ss±zz`, as AT+CCLK prints it (27.007 8.15). */
export function formatClock(time: LocalTime): string {
  const stamp = formatStamp(time).replace(/^(..)(..)(..)(..)(..)(..)$/, "$1/$2/$3,$4:$5:$6");
  return `${stamp}${time.zone < 0 ? "-" : "+"}${String(Math.abs(time.zone)).padStart(2, "0")}`;
}

const CLOCK = /^(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)(?:([+-]\d\d))?$/;

/**
 * Reads what AT+CCLK sets; `undefined` for anything that is no moment. Without a zone it is local time in `zone`. The years
 * 80 to 99 are those of the last century: the clock of a module starts in 1980.
 */
export function parseClock(text: string, zone: number): LocalTime | undefined {
  const matched = CLOCK.exec(text);
  if (matched === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = matched.slice(1, 7).map(Number);
  const given = matched[7] === undefined ? zone : Number(matched[7]);
  if (given < -48 || given > 56) return undefined;
  const epoch = epochOfFields({ year: year + (year >= 80 ? 1900 : 2000), month, day, hour, minute, second });
  return epoch === undefined ? undefined : { epoch: epoch - given * QUARTER, zone: given };
}
