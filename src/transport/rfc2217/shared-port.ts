import type { LinePort, LineSettings, ModemLines, ModemOutputs } from "../../platform/serial-line.ts";
import type { Clock } from "../../platform/time/clock.ts";

/** What the port is set to while no host has said otherwise. */
const FACTORY: LineSettings = { rate: 115_200, dataBits: 8, parity: "none", stopBits: 1 };

/** Rates that a host may set, in bit/s. */
const RATE = { min: 50, max: 4_000_000 };

type Circuit = "dtr" | "rts";
type Listener<Value> = (value: Value) => void;

/** What a present host hears of the module's side. */
export interface PortWatcher {
  /** Circuits that the module drives have changed. */
  outputsChanged(before: Required<ModemOutputs>): void;
  /** The module's break has begun or ended. */
  breakChanged(): void;
}

/**
 * Rate, framing, break and modem lines of a port that hosts drive from afar. It lives as long as the transport: a host that
 * connects raises DTR and RTS, and lets them go when it is gone.
 */
export class SharedPort implements ModemLines {
  /** What the module sees of rate, framing and break. */
  readonly line: LinePort = {
    settings: async () => this.#told,
    onSettings: (listener) => void this.#listeners.settings.push(listener),
    onBreak: (listener) => void this.#listeners.break.push(listener),
    sendBreak: (ms) => this.#sendBreak(ms),
  };
  readonly #clock: Clock;
  readonly #listeners = {
    dtr: [] as Listener<boolean>[],
    rts: [] as Listener<boolean>[],
    settings: [] as Listener<Partial<LineSettings>>[],
    break: [] as (() => void)[],
  };
  #told: Partial<LineSettings> = {};
  #inputs = { dtr: false, rts: false };
  #outputs: Required<ModemOutputs> = { dcd: false, ri: false, dsr: true, cts: true };
  #breaking = false;
  #watcher: PortWatcher | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A host is there, and hears what changes; `undefined` when it has gone. */
  attach(watcher: PortWatcher | undefined): void {
    this.#watcher = watcher;
    this.drive("dtr", watcher !== undefined);
    this.drive("rts", watcher !== undefined);
  }

  get inputs(): Readonly<Record<Circuit, boolean>> {
    return this.#inputs;
  }

  get outputs(): Required<ModemOutputs> {
    return this.#outputs;
  }

  /** Whether the module holds the line in the break state. */
  get breaking(): boolean {
    return this.#breaking;
  }

  /** What is in force, whether a host has set it or not. */
  get current(): LineSettings {
    return { ...FACTORY, ...this.#told };
  }

  set(lines: ModemOutputs): void {
    const before = this.#outputs;
    this.#outputs = { ...before, ...lines };
    this.#watcher?.outputsChanged(before);
  }

  onDtr(listener: Listener<boolean>): void {
    this.#listeners.dtr.push(listener);
  }

  onRts(listener: Listener<boolean>): void {
    this.#listeners.rts.push(listener);
  }

  /** The host sets rate or framing; a rate that no UART has is left alone. */
  configure(settings: Partial<LineSettings>): void {
    const { rate } = settings;
    if (rate !== undefined && (rate < RATE.min || rate > RATE.max)) return;
    this.#told = { ...this.#told, ...settings };
    for (const listener of this.#listeners.settings) listener(settings);
  }

  /** The host drives circuit 108 (DTR) or 105 (RTS). */
  drive(circuit: Circuit, on: boolean): void {
    if (this.#inputs[circuit] === on) return;
    this.#inputs = { ...this.#inputs, [circuit]: on };
    for (const listener of this.#listeners[circuit]) listener(on);
  }

  /** The host begins a break. */
  hostBreak(): void {
    for (const listener of this.#listeners.break) listener();
  }

  #sendBreak(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#setBreaking(true);
      this.#clock.alarm(ms, () => {
        this.#setBreaking(false);
        resolve();
      });
    });
  }

  #setBreaking(on: boolean): void {
    this.#breaking = on;
    this.#watcher?.breakChanged();
  }
}
