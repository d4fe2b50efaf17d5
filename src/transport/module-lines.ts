import { SERIAL_LIMITS } from "../platform/serial-line.ts";
import type { Alarm, Clock } from "../platform/time/clock.ts";

/** The lines that a module drives, as a port can read them: circuits 109, 107 and 106. There is no way to read RI. */
export interface ModuleOutputs {
  readonly dcd: boolean;
  readonly dsr: boolean;
  readonly cts: boolean;
}

/** The part of serialport's open port that has to do with its lines. */
interface Port {
  get(): Promise<ModuleOutputs>;
  set(outputs: { readonly dtr: boolean; readonly rts: boolean }): Promise<void>;
}

/** The modem lines of a port with a module at its other end. */
export class ModuleLines {
  readonly #port: Port;
  readonly #clock: Clock;
  #outputs: ModuleOutputs;
  #inputs = { dtr: true, rts: true };
  #alarm: Alarm | undefined;
  #closed = false;

  /** Takes the lines of an open port, or gives `undefined` where it has none (a pty answers ENOTTY). */
  static async on(port: Port, clock: Clock): Promise<ModuleLines | undefined> {
    const outputs = await readOutputs(port);
    return outputs === undefined ? undefined : new ModuleLines(port, clock, outputs);
  }

  private constructor(port: Port, clock: Clock, outputs: ModuleOutputs) {
    this.#port = port;
    this.#clock = clock;
    this.#outputs = outputs;
  }

  /** What the module drives. */
  get outputs(): ModuleOutputs {
    return this.#outputs;
  }

  /** Drives what a host drives: circuits 108 (DTR) and 105 (RTS). */
  set(lines: { readonly dtr?: boolean; readonly rts?: boolean }): void {
    if (this.#closed) return;
    this.#inputs = { ...this.#inputs, ...lines };
    // A failure here means that the port is going away, which its flow reports.
    this.#port.set(this.#inputs).catch(() => undefined);
  }

  /** Reports what the module drives whenever it changes. No driver reports that by itself, so it is polled from now on. */
  onChange(listener: (outputs: ModuleOutputs) => void): void {
    this.#alarm = this.#clock.alarm(SERIAL_LIMITS.linePoll, async () => {
      const outputs = await readOutputs(this.#port);
      if (this.#closed || outputs === undefined) return;
      const before = this.#outputs;
      this.#outputs = outputs;
      if (before.dcd !== outputs.dcd || before.dsr !== outputs.dsr || before.cts !== outputs.cts) listener(outputs);
      this.onChange(listener);
    });
  }

  close(): void {
    this.#closed = true;
    this.#alarm?.cancel();
  }
}

/** What the module drives, or `undefined` when the port cannot tell. */
async function readOutputs(port: Port): Promise<ModuleOutputs | undefined> {
  try {
    const { dcd, dsr, cts } = await port.get();
    return { dcd, dsr, cts };
  } catch {
    return undefined;
  }
}
