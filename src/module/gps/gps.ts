import type { Log } from "../../platform/log.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { Listeners } from "../listeners.ts";
import type { Rtc } from "../rtc.ts";
import { KeptValue } from "../settings/kept-value.ts";
import type { Nvram } from "../settings/nvram.ts";
import type { Movement } from "./position.ts";
import type { Track } from "./track.ts";

/** What the receiver does. */
export type ReceiverState = "off" | "searching" | "fixed" | "stopping";

/** How positions are found: by the module alone, with help of the network, or by the network, which ends with the first one. */
export const GPS_MODES = { alone: 1, based: 2, assisted: 3 } as const;

/** What the receiver knows before it searches: nothing, where the satellites are, or one of these as it comes. */
type Start = "cold" | "hot" | "as it comes";

/** A position and when it was found: milliseconds since the Unix epoch. */
export interface GpsFix extends Movement {
  readonly epoch: number;
}

/** What can be said of the satellites now. */
export interface GpsView {
  readonly fix: GpsFix | undefined;
  /** Whether there are satellites to receive. */
  readonly skyOpen: boolean;
}

/** What is around the receiver. The user of the emulator sets it. */
export interface GpsSurroundings extends Movement {
  /** Whether satellites can be received; not in a tunnel. */
  readonly fix: boolean;
  /** Seconds from the start of the search to the fix. */
  readonly timeToFix: { readonly cold: number; readonly hot: number };
}

/** What of it changes. */
export interface GpsMove extends Partial<Omit<GpsSurroundings, "timeToFix">> {
  readonly timeToFix?: Partial<GpsSurroundings["timeToFix"]>;
}

/** What was changed: the receiver or what is around it. */
export interface GpsChange {
  readonly before: ReceiverState;
  readonly receiver: ReceiverState;
  /** The position that the network has found. */
  readonly located?: GpsFix;
}

/** The receiver and what is around it, as an event shows them. */
export interface GpsState extends Movement {
  readonly receiver: ReceiverState;
  readonly fix: boolean;
  /** The track that leads it. */
  readonly track: { readonly points: number; readonly seconds: number } | null;
}

const HERE: GpsSurroundings = {
  fix: true,
  latitude: 46.948,
  longitude: 7.4474,
  altitude: 540,
  speed: 0,
  course: 0,
  timeToFix: { cold: 35, hot: 2 },
};

/** Milliseconds until the receiver has stopped (module.md 4). */
const STOP_TIME = 2000;
/** Milliseconds for which the receiver still knows where the satellites are. */
const AIDING_LASTS = 2 * 3_600_000;
/** GPS counts weeks with ten bits. */
const ROLLOVER = 1024 * 7 * 86_400_000;

interface GpsParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly nvram: Nvram;
  readonly rtc: Rtc;
  /** Whether dates are those of 1024 weeks ago, as old firmware has them. */
  readonly weekRollover: boolean;
}

/** The GPS receiver, and where it is. It needs neither SIM nor network. */
export class Gps {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rtc: Rtc;
  readonly #rollover: number;
  readonly #nvram: Nvram;
  #server: KeptValue<string> | undefined;
  #surroundings = HERE;
  #track: { readonly track: Track; readonly begun: number } | undefined;
  #state: ReceiverState = "off";
  #mode: number = GPS_MODES.alone;
  #start: Start = "as it comes";
  /** When the receiver last had a fix; `undefined` before the first one, and after AT+CGPSDEL. */
  #lastFix: number | undefined;
  #alarm: Alarm | undefined;
  /** Called when the receiver or what is around it was changed; not while a track leads it. */
  readonly changed = new Listeners<GpsChange>();

  constructor({ clock, log, nvram, rtc, weekRollover }: GpsParts) {
    this.#clock = clock;
    this.#log = log;
    this.#rtc = rtc;
    this.#rollover = weekRollover ? ROLLOVER : 0;
    this.#nvram = nvram;
  }

  /** The power goes, and the receiver with it; what it knows stays. */
  powerOff(): void {
    if (this.#state !== "off") this.#become("off");
  }

  get receiver(): ReceiverState {
    return this.#state;
  }

  /** Whether it searches for a position or has one. */
  get runs(): boolean {
    return this.#state === "searching" || this.#state === "fixed";
  }

  /** The mode in which it was last started. */
  get mode(): number {
    return this.#mode;
  }

  /** The server that helps to find positions. It is stored, and nothing is asked of it. */
  get server(): string {
    return this.#keptServer.value;
  }

  /** Rejects, and the old one stays, where the disk refuses to keep it. */
  setServer(server: string): Promise<void> {
    return this.#keptServer.update(() => server);
  }

  /** Few modules are ever asked for it. */
  get #keptServer(): KeptValue<string> {
    const parse = (value: unknown) => (typeof value === "string" ? value : undefined);
    this.#server ??= new KeptValue(this.#nvram, "gps", this.#nvram.load("gps", parse) ?? "");
    return this.#server;
  }

  /** Starts the receiver; tells whether it was off. */
  start(mode: number, start: Start = "as it comes"): boolean {
    if (this.#state !== "off") return false;
    this.#mode = mode;
    this.#start = start;
    this.#search();
    return true;
  }

  /** Stops the receiver, which takes a while. */
  stop(): void {
    if (!this.runs) return;
    this.#become("stopping");
    this.#alarm = this.#clock.alarm(STOP_TIME, () => this.#become("off"));
  }

  /** Forgets where the satellites are. */
  forget(): void {
    this.#lastFix = undefined;
  }

  get view(): GpsView {
    const { fix: skyOpen } = this.#surroundings;
    return { fix: this.#state === "fixed" ? this.#measured : undefined, skyOpen };
  }

  /** What is around it, and where the track has led it by now. */
  get surroundings(): GpsSurroundings {
    if (this.#track === undefined) return this.#surroundings;
    return { ...this.#surroundings, ...this.#track.track.at(this.#played) };
  }

  /** Changes what is around the receiver. A position or a movement ends the track. */
  move({ timeToFix, fix, ...movement }: GpsMove): void {
    const before = this.surroundings;
    this.#surroundings = {
      ...before,
      ...movement,
      fix: fix ?? before.fix,
      timeToFix: { ...before.timeToFix, ...timeToFix },
    };
    if (this.#track !== undefined && Object.keys(movement).length > 0) {
      this.#track = undefined;
      this.#log.warn({
        event: "gps-track-ended",
        reason: "a position or a movement was set",
        set: Object.keys(movement),
      });
    }
    if (this.#surroundings.fix !== before.fix && this.runs) this.#search();
    else this.#tell(this.#state);
  }

  /** The track that leads the receiver, and for how many milliseconds it has. */
  get track(): { readonly track: Track; readonly played: number } | undefined {
    return this.#track && { track: this.#track.track, played: this.#played };
  }

  /** Leads the receiver over a track from now on; without one it stands where it is. */
  follow(track: Track | undefined): void {
    if (track === undefined && this.#track === undefined) return;
    this.#surroundings = { ...this.surroundings, speed: 0 };
    this.#track = track && { track, begun: this.#clock.monotonic() };
    this.#tell(this.#state);
  }

  /** What an event shows. */
  get state(): GpsState {
    const { fix, latitude, longitude, altitude, speed, course } = this.surroundings;
    const led = this.#track?.track;
    const track = led === undefined ? null : { points: led.size, seconds: led.duration / 1000 };
    return { receiver: this.#state, fix, latitude, longitude, altitude, speed, course, track };
  }

  get #played(): number {
    return this.#track === undefined ? 0 : this.#clock.monotonic() - this.#track.begun;
  }

  get #measured(): GpsFix {
    const { latitude, longitude, altitude, speed, course } = this.surroundings;
    return { latitude, longitude, altitude, speed, course, epoch: this.#rtc.trueEpoch - this.#rollover };
  }

  /** Searches, anew after a fix was lost. Under a closed sky nothing is found until it opens. */
  #search(): void {
    const { fix, timeToFix } = this.#surroundings;
    const seconds = this.#knowsSatellites ? timeToFix.hot : timeToFix.cold;
    this.#become("searching");
    if (fix) this.#alarm = this.#clock.alarm(seconds * 1000, () => this.#found());
  }

  get #knowsSatellites(): boolean {
    if (this.#start !== "as it comes") return this.#start === "hot";
    if (this.#state === "fixed") return true;
    return this.#lastFix !== undefined && this.#clock.monotonic() - this.#lastFix < AIDING_LASTS;
  }

  #found(): void {
    // What it knows from now on decides about the next search.
    this.#start = "as it comes";
    this.#lastFix = this.#clock.monotonic();
    if (this.#mode === GPS_MODES.assisted) this.#become("off", this.#measured);
    else this.#become("fixed");
  }

  /** Changes the state, and cancels the alarm of the old one. */
  #become(state: ReceiverState, located?: GpsFix): void {
    const before = this.#state;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (before === "fixed") this.#lastFix = this.#clock.monotonic();
    this.#state = state;
    this.#tell(before, located);
  }

  #tell(before: ReceiverState, located?: GpsFix): void {
    this.changed.tell({ before, receiver: this.#state, ...(located === undefined ? {} : { located }) });
  }
}
