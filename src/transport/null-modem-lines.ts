import { DTR_POLL } from "../platform/limits.ts";
import type { ModemLines } from "../platform/serial-line.ts";
import type { Alarm, Clock } from "../platform/time/clock.ts";

/** The part of serialport's open port that has to do with its lines. */
interface Port {
  get(): Promise<{ readonly dsr: boolean }>;
  set(outputs: { readonly dtr: boolean; readonly rts: boolean }): Promise<void>;
}

/**
 * The modem lines of a module that sits, like its host, on a DTE's connector with a null-modem cable between them: our DTR
 * arrives as the host's DCD and DSR, our RTS as its CTS, and its DTR as our DSR. The cable has no wire for RI.
 */
export class NullModemLines implements ModemLines {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #listeners: Array<(on: boolean) => void> = [];
  #dtr: boolean;
  #alarm: Alarm | undefined;
  #closed = false;

  /** Takes the lines of an open port, or gives `undefined` where it has none (a pty answers ENOTTY). */
  static async on(port: Port, clock: Clock): Promise<NullModemLines | undefined> {
    const dtr = await readDtr(port);
    return dtr === undefined ? undefined : new NullModemLines(port, clock, dtr);
  }

  private constructor(port: Port, clock: Clock, dtr: boolean) {
    this.#port = port;
    this.#clock = clock;
    this.#dtr = dtr;
  }

  set(lines: { readonly dcd?: boolean; readonly ri?: boolean }): void {
    // A failure here means that the port is going away, which the transport reports.
    if (lines.dcd === undefined || this.#closed) return;
    this.#port.set({ dtr: lines.dcd, rts: true }).catch(() => undefined);
  }

  onDtr(listener: (on: boolean) => void): void {
    this.#listeners.push(listener);
    if (this.#listeners.length === 1) this.#watch();
  }

  close(): void {
    this.#closed = true;
    this.#alarm?.cancel();
  }

  /** No driver reports a change by itself, so the line is polled, but only once somebody listens. */
  #watch(): void {
    this.#alarm = this.#clock.alarm(DTR_POLL, async () => {
      const dtr = await readDtr(this.#port);
      if (this.#closed || dtr === undefined) return;
      this.#watch();
      if (dtr === this.#dtr) return;
      this.#dtr = dtr;
      for (const listener of this.#listeners) listener(dtr);
    });
  }
}

/** The host's DTR, or `undefined` when the port cannot tell. */
async function readDtr(port: Port): Promise<boolean | undefined> {
  try {
    return (await port.get()).dsr;
  } catch {
    return undefined;
  }
}
