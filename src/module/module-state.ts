import type { Clock } from "../platform/time/clock.ts";
import { PacketService } from "./radio/packet-service.ts";
import { Radio } from "./radio/radio.ts";
import { type ClockCourse, Rtc } from "./rtc.ts";
import type { Nvram } from "./settings/nvram.ts";
import { Sim, type SimCard } from "./sim.ts";
import { Sms } from "./sms/sms.ts";

export interface ModuleStateParts {
  readonly clock: Clock;
  readonly nvram: Nvram;
  /** The card to start with, or an empty slot; without it the one that NVRAM remembers, or the standard one. */
  readonly sim?: { readonly inserted: SimCard | undefined } | undefined;
  /** How the module's clock starts and runs; without it as NVRAM remembers, or with the program's clock. */
  readonly time?: ClockCourse | undefined;
}

/** The module around the services, and the world around the module: to look at, to listen to and to change at any time. */
export class ModuleState {
  readonly sim: Sim;
  readonly radio: Radio;
  readonly packetService: PacketService;
  readonly rtc: Rtc;
  readonly sms: Sms;

  constructor({ clock, nvram, sim, time }: ModuleStateParts) {
    this.rtc = new Rtc(clock, nvram, time);
    this.sim = new Sim(nvram, sim);
    this.radio = new Radio(clock, this.sim);
    this.packetService = new PacketService(nvram, this.radio);
    this.sms = new Sms(this.radio, this.rtc);
  }

  /** The module starts: what is volatile begins anew, and nothing is known of the SIM until it has been read. */
  powerOn(): void {
    this.sim.powerOn();
    this.radio.powerOn();
    this.packetService.powerOn();
    this.sms.powerOn();
  }
}
