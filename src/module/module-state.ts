import { type Events, noEvents, type StateName } from "../platform/events.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { Clock } from "../platform/time/clock.ts";
import { Calls } from "./calls/calls.ts";
import { Gps } from "./gps/gps.ts";
import { Hardware } from "./hardware.ts";
import { PhoneBook } from "./phone-book/phone-book.ts";
import { NetworkPreferences } from "./radio/network-preferences.ts";
import { PacketService } from "./radio/packet-service.ts";
import { Radio } from "./radio/radio.ts";
import { type ClockCourse, formatIsoTime, Rtc } from "./rtc.ts";
import type { Nvram } from "./settings/nvram.ts";
import { Sim, type SimCard } from "./sim.ts";
import { SimAccess } from "./sim-files/sim-access.ts";
import { CellBroadcasts } from "./sms/cell-broadcasts.ts";
import { Sms } from "./sms/sms.ts";
import { Ussd } from "./ussd/ussd.ts";

export interface ModuleStateParts {
  readonly clock: Clock;
  readonly nvram: Nvram;
  /** The card to start with, or an empty slot; without it the one that NVRAM keeps, or the standard one. */
  readonly sim?: { readonly inserted: SimCard | undefined } | undefined;
  /** How the module's clock starts and runs; without it as NVRAM keeps it, or with the program's clock. */
  readonly time?: ClockCourse | undefined;
  /** Whether GPS gives the dates of 1024 weeks ago. */
  readonly gpsWeekRollover?: boolean | undefined;
  readonly events?: Events | undefined;
  readonly log?: Log | undefined;
}

/** The state of the module and of its surroundings, which can be read, watched and changed at any time. */
export class ModuleState {
  readonly sim: Sim;
  readonly simAccess: SimAccess;
  readonly radio: Radio;
  readonly packetService: PacketService;
  readonly rtc: Rtc;
  readonly sms: Sms;
  readonly broadcasts: CellBroadcasts;
  readonly ussd: Ussd;
  readonly phoneBook: PhoneBook;
  readonly calls: Calls;
  readonly gps: Gps;
  readonly hardware: Hardware;
  readonly preferences: NetworkPreferences;
  readonly #events: Events;

  constructor(parts: ModuleStateParts) {
    const { clock, nvram, sim, time, gpsWeekRollover = false, events = noEvents, log = silentLog } = parts;
    this.rtc = new Rtc(clock, nvram, time);
    this.sim = new Sim(nvram, sim);
    this.radio = new Radio(clock, this.sim);
    this.packetService = new PacketService(nvram, this.radio);
    this.calls = new Calls(clock, this.sim, this.radio);
    this.ussd = new Ussd(clock, this.radio);
    this.phoneBook = new PhoneBook(nvram, this.sim, this.calls.changed);
    const { radio, rtc, phoneBook } = this;
    this.calls.nameOf = (number) => phoneBook.findNumber(number)?.name;
    this.sms = new Sms({ clock, nvram, radio, rtc, ownNumbers: () => phoneBook.ownNumbers });
    this.gps = new Gps({ clock, log, nvram, rtc, weekRollover: gpsWeekRollover });
    this.hardware = new Hardware(nvram);
    this.preferences = new NetworkPreferences(nvram);
    this.simAccess = new SimAccess(this.sim, this.preferences);
    this.broadcasts = new CellBroadcasts(radio);
    this.#events = events;
    this.#emitChanges();
  }

  /** The module starts: volatile state begins anew, and nothing is known of the SIM until it has been read. */
  powerOn(): void {
    this.sim.powerOn();
    this.simAccess.powerOn();
    this.radio.powerOn();
    this.packetService.powerOn();
    this.sms.powerOn();
    this.broadcasts.powerOn();
    this.phoneBook.powerOn();
    this.calls.powerOn();
    this.hardware.powerOn();
  }

  /** The power goes: what only lives with it ends. */
  powerOff(): void {
    this.calls.powerOff();
    this.ussd.cancel();
    this.sms.powerOff();
    this.gps.powerOff();
  }

  #emitChanges(): void {
    this.sim.changed.add((state) => this.#emit("sim", state));
    let registration = this.radio.registration;
    this.radio.changed.add((state) => {
      if (state.registration === registration) return;
      registration = state.registration;
      this.#emit("registration", registration);
    });
    this.radio.signalChanged.add((signal) => this.#emit("signal", signal));
    this.packetService.changed.add((attached) => this.#emit("attached", attached));
    this.gps.changed.add(() => this.#emit("gps", this.gps.state));
    this.hardware.changed.add((pin) => this.#emit("pin", pin));
    this.rtc.changed.add((time) => this.#emit("clock", formatIsoTime(time)));
  }

  #emit(what: StateName, value: unknown): void {
    this.#events.emit({ type: "state", what, value });
  }
}

/** Switches the power from within: AT+CPOF, AT+CRESET and AT+CFUN=6. What runs is dropped at once, the session included. */
export interface Power {
  off(): void;
  restart(): void;
}
