import type { Settings } from "../module/settings/settings.ts";
import type { LinePort, ModemLines, Receiver, SerialLine } from "../platform/serial-line.ts";
import { Backlog } from "../transport/flow/backlog.ts";

/** Of AT+IFC: the host holds the module's output back with circuit 105 (RTS). @spec V.250 6.2.12 */
const BY_RTS = 2;

/**
 * A serial line whose output waits while the host keeps RTS off and AT+IFC heeds that. No more waits than on a line that
 * the host does not read. With DTR off, too, there is no host: what is written then goes where the line takes it.
 */
export class RtsFlow implements SerialLine {
  readonly #transport: SerialLine;
  readonly #lines: ModemLines;
  readonly #settings: Settings;
  readonly #waiting = new Backlog();

  /** Lives until the signal aborts; what waits then is lost. */
  constructor(transport: SerialLine, lines: ModemLines, settings: Settings, signal: AbortSignal) {
    this.#transport = transport;
    this.#lines = lines;
    this.#settings = settings;
    const forget = settings.changed.add(() => this.update());
    signal.addEventListener(
      "abort",
      () => {
        forget();
        this.#waiting.clear();
      },
      { once: true },
    );
  }

  get address(): string {
    return this.#transport.address;
  }

  get lines(): ModemLines {
    return this.#lines;
  }

  get port(): LinePort | undefined {
    return this.#transport.port;
  }

  get backlog(): number {
    return this.#waiting.length + this.#transport.backlog;
  }

  get returnsMemory(): boolean {
    return this.#transport.returnsMemory === true;
  }

  start(receiver: Receiver): void {
    this.#transport.start(receiver);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#waiting.length === 0 && !this.#isHeld) return this.#transport.write(bytes);
    this.#waiting.push(bytes);
    return this.#waiting.room();
  }

  /** A line or the setting has changed: what waits goes out if it may. */
  update(): void {
    while (!this.#isHeld) {
      const piece = this.#waiting.first();
      if (piece === undefined) return;
      // What the medium does not take at once waits there, and is bounded by what has waited here.
      void this.#transport.write(piece);
      this.#waiting.consume(piece.length);
    }
  }

  settle(): Promise<void> {
    return this.#transport.settle();
  }

  close(): Promise<void> {
    this.#waiting.clear();
    return this.#transport.close();
  }

  get #isHeld(): boolean {
    const { dtr, rts } = this.#lines.inputs;
    return rts === false && dtr && this.#settings.get("+IFC") === BY_RTS;
  }
}
