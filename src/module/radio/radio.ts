import type { Clock } from "../../platform/time/clock.ts";
import { Listeners } from "../listeners.ts";
import type { Sim } from "../sim.ts";
import { type SignalCourse, type SignalQuality, signalAt } from "./signal.ts";

/** Registration as `<stat>` of AT+CREG counts it (27.007 7.2). */
export const REGISTRATION = { none: 0, home: 1, searching: 2, denied: 3, unknown: 4, roaming: 5 } as const;
export type Registration = keyof typeof REGISTRATION;

/** The technology of the cell: `<AcT>` of AT+COPS (27.007 7.3), `<stat>` of SIMCom's AT+CNSMOD, the system in AT+CPSI. */
export const TECHNOLOGY = {
  gsm: { cops: 0, cnsmod: 1, system: "GSM" },
  gprs: { cops: 0, cnsmod: 2, system: "GSM" },
  edge: { cops: 3, cnsmod: 3, system: "GSM" },
  wcdma: { cops: 2, cnsmod: 4, system: "WCDMA" },
  hsdpa: { cops: 4, cnsmod: 5, system: "WCDMA" },
  hsupa: { cops: 5, cnsmod: 6, system: "WCDMA" },
  hspa: { cops: 6, cnsmod: 7, system: "WCDMA" },
} as const;
export type Technology = keyof typeof TECHNOLOGY;

/** The network's operator (27.007 7.3): a long and a short name, and country and network code. */
export interface Operator {
  readonly long: string;
  readonly short: string;
  readonly numeric: string;
}

/** What the network around the module offers it. The user of the emulator sets it. */
export interface Surroundings {
  /** The outcome of a search for the network, once the module may search. */
  readonly registration: Registration;
  readonly technology: Technology;
  readonly operator: Operator;
  readonly signal: SignalCourse;
  /** Location area code and cell identity, 16 and 32 bits. */
  readonly lac: number;
  readonly cell: number;
}

/** A cell of a test network, with a good signal. */
const HERE: Surroundings = {
  registration: "home",
  technology: "wcdma",
  operator: { long: "Test PLMN 1-1", short: "TEST", numeric: "00101" },
  signal: { kind: "fixed", rssi: 22, ber: 0 },
  lac: 0xed2e,
  cell: 0x0001,
};

/** How AT+COPS chooses the network: 0 by itself, 1 as told, 2 not at all. */
export type Selection = 0 | 1 | 2;

/** The part of the radio's state that is watched. */
export interface RadioState {
  readonly registration: Registration;
  readonly technology: Technology | undefined;
  readonly lac: number;
  readonly cell: number;
}

/** The radio: what is around the module, what the module may do, and where it is registered as a result. */
export class Radio {
  readonly #clock: Clock;
  readonly #sim: Sim;
  #surroundings = HERE;
  #functionality = 1;
  #selection: Selection = 0;
  /** Called when registration, technology or cell have changed. */
  readonly changed = new Listeners<RadioState>();
  /** Called when the signal was changed; not while it drifts. */
  readonly signalChanged = new Listeners<SignalQuality>();
  #told: RadioState;
  #toldSignal: SignalQuality;

  constructor(clock: Clock, sim: Sim) {
    this.#clock = clock;
    this.#sim = sim;
    this.#told = this.#state;
    this.#toldSignal = this.signal;
    sim.changed.follow(() => this.#tell());
  }

  /** The module starts: full functionality, automatic selection. The surroundings stay. */
  powerOn(): void {
    this.#functionality = 1;
    this.#selection = 0;
    this.#tell();
  }

  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  /** Changes the given properties of the surroundings. */
  move(to: Partial<Surroundings>): void {
    this.#surroundings = { ...this.#surroundings, ...to };
    this.#tell();
  }

  /** `<fun>` of AT+CFUN: 1 is full functionality; with any other value the radio is silent (27.007 8.2). */
  get functionality(): number {
    return this.#functionality;
  }

  setFunctionality(level: number): void {
    this.#functionality = level;
    this.#tell();
  }

  get selection(): Selection {
    return this.#selection;
  }

  select(selection: Selection): void {
    this.#selection = selection;
    this.#tell();
  }

  get registration(): Registration {
    const mayRegister = this.#functionality === 1 && this.#sim.state === "ready" && this.#selection !== 2;
    return mayRegister ? this.#surroundings.registration : "none";
  }

  get registered(): boolean {
    return this.registration === "home" || this.registration === "roaming";
  }

  /** Of the cell in use; none while not registered. */
  get technology(): Technology | undefined {
    return this.registered ? this.#surroundings.technology : undefined;
  }

  get operator(): Operator | undefined {
    return this.registered ? this.#surroundings.operator : undefined;
  }

  get signal(): SignalQuality {
    if (this.#functionality !== 1) return { rssi: 99, ber: 99 };
    return signalAt(this.#surroundings.signal, this.#clock);
  }

  get #state(): RadioState {
    const { lac, cell } = this.#surroundings;
    return { registration: this.registration, technology: this.technology, lac, cell };
  }

  #tell(): void {
    this.#tellSignal();
    const state = this.#state;
    const told = this.#told;
    const same = state.registration === told.registration && state.technology === told.technology;
    if (same && state.lac === told.lac && state.cell === told.cell) return;
    this.#told = state;
    this.changed.tell(state);
  }

  #tellSignal(): void {
    const { signal } = this;
    if (signal.rssi === this.#toldSignal.rssi && signal.ber === this.#toldSignal.ber) return;
    this.#toldSignal = signal;
    this.signalChanged.tell(signal);
  }
}
