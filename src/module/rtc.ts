import { epochOfFields, fieldsOfEpoch } from "../platform/time/calendar.ts";
import type { Clock } from "../platform/time/clock.ts";
import { Listeners } from "./listeners.ts";
import { KeptValue } from "./settings/kept-value.ts";
import { isRecord, type Nvram } from "./settings/nvram.ts";

const QUARTER = 15 * 60_000;
const ZONES = { min: -48, max: 56 } as const;

/** A moment as the module shows it. */
export interface LocalTime {
  /** Milliseconds since the Unix epoch. */
  readonly epoch: number;
  /** Quarters of an hour that local time is ahead of UTC, -48 to 56 (27.007 8.15). */
  readonly zone: number;
}

/** How the module's clock starts, and how fast it runs: 1 as fast as the program's clock, 0 not at all. */
export interface ClockCourse extends LocalTime {
  readonly scale: number;
}

/** The module's real time clock: runs with the program's clock from whatever it was set to. NVRAM keeps how it was set. */
export class Rtc {
  readonly #clock: Clock;
  readonly #scale: number;
  readonly #kept: KeptValue<ClockOffset>;
  /** The program's clock when ours was set, and the time that it was set to. */
  #reference: number;
  #epoch: number;
  #zone: number;
  /** The program's clock at the start, and the true time then. */
  readonly #start: { readonly reference: number; readonly epoch: number };
  /** Called with local time as the network gives it. */
  readonly networkTime = new Listeners<LocalTime>();
  /** Called after the clock was set. */
  readonly changed = new Listeners<LocalTime>();

  /** With a course the clock starts as that says; else with the time that it would show had it never lost power. */
  constructor(clock: Clock, nvram: Nvram, course: ClockCourse | undefined) {
    this.#clock = clock;
    this.#scale = course?.scale ?? 1;
    this.#reference = clock.now();
    const kept = nvram.load("clock", parseClockOffset) ?? { offset: 0, zone: 0 };
    this.#kept = new KeptValue(nvram, "clock", kept);
    this.#epoch = course?.epoch ?? this.#reference + kept.offset;
    this.#zone = course?.zone ?? kept.zone;
    this.#start = { reference: this.#reference, epoch: course?.epoch ?? this.#reference };
  }

  now(): LocalTime {
    return { epoch: this.#epoch + (this.#clock.now() - this.#reference) * this.#scale, zone: this.#zone };
  }

  /** The time that satellites give: what the clock would show had nobody ever set it. */
  get trueEpoch(): number {
    const { reference, epoch } = this.#start;
    return epoch + (this.#clock.now() - reference) * this.#scale;
  }

  /** The program's clock with the module's time, which dates files. */
  get clock(): Clock {
    const clock = this.#clock;
    return {
      now: () => this.now().epoch,
      monotonic: () => clock.monotonic(),
      alarm: (ms, callback) => clock.alarm(ms, callback),
    };
  }

  /** Sets the clock; rejects, and it runs on as before, where the disk refuses to keep that. */
  set({ epoch, zone }: LocalTime): Promise<void> {
    const reference = this.#clock.now();
    return this.#kept.update(
      () => ({ offset: epoch - reference, zone }),
      () => {
        this.#reference = reference;
        this.#epoch = epoch;
        this.#zone = zone;
        this.changed.tell({ epoch, zone });
      },
    );
  }
}

/** How far local time is ahead of the program's clock. */
interface ClockOffset {
  readonly offset: number;
  readonly zone: number;
}

function parseClockOffset(value: unknown): ClockOffset | undefined {
  if (!isRecord(value)) return undefined;
  const { offset, zone } = value;
  if (typeof offset !== "number" || typeof zone !== "number" || !Number.isFinite(offset)) return undefined;
  return zone >= ZONES.min && zone <= ZONES.max ? { offset, zone } : undefined;
}

/** Local time as `YYMMDDhhmmss`, the form that the module uses in file and directory names. */
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
  return formatStampedTime(formatStamp(time), time.zone);
}

/** The same for a moment that is given by its stamp. */
export function formatStampedTime(stamp: string, zone: number): string {
  return `${stamp.replace(/^(..)(..)(..)(..)(..)(..)$/, "$1/$2/$3,$4:$5:$6")}${formatZone({ zone })}`;
}

/** `±zz`: quarters of an hour, two digits. */
export function formatZone({ zone }: Pick<LocalTime, "zone">): string {
  return `${zone < 0 ? "-" : "+"}${String(Math.abs(zone)).padStart(2, "0")}`;
}

const CLOCK = /^(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)(?:([+-]\d\d))?$/;

/**
 * Reads what AT+CCLK sets; `undefined` for anything that is not a moment. Without a zone it is local time in `zone`. The years
 * 80 to 99 are those of the last century: the clock of a module starts in 1980.
 */
export function parseClock(text: string, zone: number): LocalTime | undefined {
  const matched = CLOCK.exec(text);
  if (matched === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = matched.slice(1, 7).map(Number);
  const given = matched[7] === undefined ? zone : Number(matched[7]);
  if (given < ZONES.min || given > ZONES.max) return undefined;
  const epoch = epochOfFields({ year: year + (year >= 80 ? 1900 : 2000), month, day, hour, minute, second });
  return epoch === undefined ? undefined : { epoch: epoch - given * QUARTER, zone: given };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** `2010-02-05T12:00:00+08:00`: ISO 8601 with the zone of the module, which {@link parseIsoTime} reads. */
export function formatIsoTime({ epoch, zone }: LocalTime): string {
  const local = fieldsOfEpoch(epoch + zone * QUARTER);
  const two = (field: number) => String(field).padStart(2, "0");
  const date = `${String(local.year).padStart(4, "0")}-${two(local.month)}-${two(local.day)}`;
  const minutes = Math.abs(zone) * 15;
  const offset = `${zone < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${date}T${two(local.hour)}:${two(local.minute)}:${two(local.second)}${offset}`;
}

/** Reads ISO 8601 with a zone (`2010-02-05T12:00:00+08:00`) whose minutes are quarters of an hour; `undefined` otherwise. */
export function parseIsoTime(text: string): LocalTime | undefined {
  const matched = ISO.exec(text);
  if (matched === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = matched
    .slice(1, 7)
    .map((field) => Number(field ?? 0));
  const quarters = Number(matched[8] ?? 0) * 4 + Number(matched[9] ?? 0) / 15;
  const zone = matched[7] === "-" ? -quarters : quarters;
  if (!Number.isInteger(zone) || zone < ZONES.min || zone > ZONES.max) return undefined;
  const epoch = epochOfFields({ year, month, day, hour, minute, second });
  return epoch === undefined ? undefined : { epoch: epoch - zone * QUARTER, zone };
}
