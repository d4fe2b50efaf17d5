import type { Events } from "../platform/events.ts";
import type { ModemLines, ModemOutputs, SerialLine } from "../platform/serial-line.ts";

/** The modem lines of a medium that has them; each change of one is an event. */
export class ObservedLines implements ModemLines {
  readonly #lines: ModemLines;
  readonly #events: Events;
  readonly #listeners = { dtr: [] as ((on: boolean) => void)[], rts: [] as ((on: boolean) => void)[] };
  #shown: string;

  /** Gives the lines of a medium, or nothing where it has none. */
  static of({ lines }: SerialLine, events: Events): ObservedLines | undefined {
    return lines && new ObservedLines(lines, events);
  }

  private constructor(lines: ModemLines, events: Events) {
    this.#lines = lines;
    this.#events = events;
    this.#shown = JSON.stringify(this.#state);
  }

  /** Begins to hear the host. */
  listen(): void {
    for (const [line, on] of [
      ["dtr", "onDtr"],
      ["rts", "onRts"],
    ] as const) {
      this.#lines[on]?.((isOn) => {
        this.#show();
        for (const listener of this.#listeners[line]) listener(isOn);
      });
    }
  }

  get inputs(): ModemLines["inputs"] {
    return this.#lines.inputs;
  }

  get outputs(): Required<ModemOutputs> {
    return this.#lines.outputs;
  }

  set(lines: ModemOutputs): void {
    this.#lines.set(lines);
    this.#show();
  }

  onDtr(listener: (on: boolean) => void): void {
    this.#listeners.dtr.push(listener);
  }

  onRts(listener: (on: boolean) => void): void {
    this.#listeners.rts.push(listener);
  }

  get #state() {
    return { ...this.inputs, ...this.outputs };
  }

  #show(): void {
    if (!this.#events.active) return;
    const value = this.#state;
    const shown = JSON.stringify(value);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#events.emit({ type: "state", what: "lines", value });
  }
}
