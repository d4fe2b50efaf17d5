import { type ModemLines, type ModemOutputs, SERIAL_LIMITS } from "../platform/serial-line.ts";
import type { Alarm, Clock } from "../platform/time/clock.ts";

/** The part of serialport's open port that has to do with its lines. */
interface Port {
  get(): Promise<{ readonly dsr: boolean; readonly cts: boolean }>;
  set(outputs: { readonly dtr: boolean; readonly rts: boolean; readonly brk?: boolean }): Promise<void>;
}

type Inputs = ModemLines["inputs"] & { readonly rts: boolean };
type Listener = (on: boolean) => void;

/**
 * The modem lines of a module that sits, like its host, on a DTE's connector with a null-modem cable between them: our DTR
 * arrives as the host's DCD and DSR, our RTS as its CTS, and its DTR and RTS as our DSR and CTS. The cable has no wire for
 * RI, and none for a DSR that differs from DCD.
 */
export class NullModemLines implements ModemLines {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #listeners = { dtr: [] as Listener[], rts: [] as Listener[] };
  #inputs: Inputs;
  #outputs = { dtr: true, rts: true };
  /** Whether the outputs were ever driven; until then they are as the driver has left them. */
  #driven = false;
  #alarm: Alarm | undefined;
  #closed = false;

  /** Takes the lines of an open port, or gives `undefined` where it has none (a pty answers ENOTTY). */
  static async on(port: Port, clock: Clock): Promise<NullModemLines | undefined> {
    const inputs = await readInputs(port);
    return inputs === undefined ? undefined : new NullModemLines(port, clock, inputs);
  }

  private constructor(port: Port, clock: Clock, inputs: Inputs) {
    this.#port = port;
    this.#clock = clock;
    this.#inputs = inputs;
  }

  get inputs(): Inputs {
    return this.#inputs;
  }

  get outputs(): Required<ModemOutputs> {
    const { dtr, rts } = this.#outputs;
    return { dcd: dtr, ri: false, dsr: dtr, cts: rts };
  }

  set({ dcd = this.#outputs.dtr, cts = this.#outputs.rts }: ModemOutputs): void {
    if (this.#closed || (dcd === this.#outputs.dtr && cts === this.#outputs.rts && this.#driven)) return;
    this.#outputs = { dtr: dcd, rts: cts };
    this.#driven = true;
    this.#drive();
  }

  onDtr(listener: Listener): void {
    this.#listen("dtr", listener);
  }

  onRts(listener: Listener): void {
    this.#listen("rts", listener);
  }

  /** Holds the line in the break state for `ms` milliseconds. */
  sendBreak(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#drive(true);
      this.#clock.alarm(ms, () => {
        this.#drive(false);
        resolve();
      });
    });
  }

  close(): void {
    this.#closed = true;
    this.#alarm?.cancel();
  }

  #drive(brk?: boolean): void {
    if (this.#closed) return;
    const outputs = brk === undefined ? this.#outputs : { ...this.#outputs, brk };
    // A failure here means that the port is going away, which the transport reports.
    this.#port.set(outputs).catch(() => undefined);
  }

  #listen(line: "dtr" | "rts", listener: Listener): void {
    const first = this.#listeners.dtr.length + this.#listeners.rts.length === 0;
    this.#listeners[line].push(listener);
    if (first) this.#watch();
  }

  /** No driver reports a change by itself, so the lines are polled, but only once somebody listens. */
  #watch(): void {
    this.#alarm = this.#clock.alarm(SERIAL_LIMITS.linePoll, async () => {
      const inputs = await readInputs(this.#port);
      if (this.#closed || inputs === undefined) return;
      this.#watch();
      const before = this.#inputs;
      this.#inputs = inputs;
      for (const line of ["dtr", "rts"] as const) {
        if (inputs[line] !== before[line]) for (const listener of this.#listeners[line]) listener(inputs[line]);
      }
    });
  }
}

/** What the host drives, or `undefined` when the port cannot tell. */
async function readInputs(port: Port): Promise<Inputs | undefined> {
  try {
    const { dsr, cts } = await port.get();
    return { dtr: dsr, rts: cts };
  } catch {
    return undefined;
  }
}
