import type { Settings } from "../module/settings/settings.ts";
import { ECHO_BACKLOG } from "../platform/limits.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import { type Packet, framePackets } from "./packet.ts";
import { frameResult, frameText, type Result } from "./result-code.ts";

/** Collected output that is handed on without waiting for the end of a burst of commands. */
const BURST = 16 * 1024;

interface Unsolicited {
  /** Frames when it is printed, by the settings of that moment. */
  readonly render: () => readonly Uint8Array[];
  readonly printed: () => void;
}

/**
 * The one writer to the host. Whatever is printed goes through here, in order and in whole lines: echo, responses and
 * payload at once; what is unsolicited as soon as the line is free (decisions 1.11).
 */
export class HostWriter {
  readonly #transport: SerialLine;
  readonly #settings: Settings;
  readonly #lineIsFree: () => boolean;
  readonly #unsolicited: Unsolicited[] = [];
  #collected: Uint8Array[] = [];
  #collectedBytes = 0;
  #congestion: Promise<void> | undefined;

  constructor(transport: SerialLine, settings: Settings, lineIsFree: () => boolean) {
    this.#transport = transport;
    this.#settings = settings;
    this.#lineIsFree = lineIsFree;
  }

  /** Present while more waits for the host than we may buffer. */
  get congestion(): Promise<void> | undefined {
    return this.#congestion;
  }

  /** Echoes; dropped when the way out is full, so that a host that writes without reading does not lock itself out. */
  echo(bytes: Uint8Array): void {
    if (this.#transport.backlog < ECHO_BACKLOG) this.bytes(bytes);
  }

  /** Prints an information response, an intermediate result code or a prompt that ends with a line. */
  text(text: string): void {
    this.bytes(frameText(text, this.#settings));
  }

  result(result: Result): void {
    const framed = frameResult(result, this.#settings);
    if (framed !== undefined) this.bytes(framed);
  }

  /** Prints bytes as they are. They must not change afterwards. */
  bytes(bytes: Uint8Array): void {
    this.#collected.push(bytes);
    this.#collectedBytes += bytes.length;
    if (this.#collectedBytes >= BURST) void this.flush();
  }

  /** Hands on what was collected. Gives {@link congestion}. */
  flush(): Promise<void> | undefined {
    if (this.#collectedBytes > 0) {
      const [first] = this.#collected;
      const whole =
        this.#collected.length === 1 && first !== undefined
          ? first
          : Buffer.concat(this.#collected, this.#collectedBytes);
      this.#collected = [];
      this.#collectedBytes = 0;
      const full = this.#transport.write(whole);
      if (full !== undefined && this.#congestion === undefined) {
        this.#congestion = full.then(() => {
          this.#congestion = undefined;
          this.release();
        });
      }
    }
    return this.#congestion;
  }

  /** Prints an unsolicited line as soon as the line is free. */
  urc(text: string): void {
    void this.whenFree(() => [frameText(text, this.#settings)]);
  }

  /** Prints lines, each with raw bytes right behind it, as soon as the line is free; resolves when there is room. */
  packets(packets: readonly Packet[]): Promise<void> {
    return this.whenFree(() => [framePackets(packets, this.#settings)]);
  }

  /** Prints what `render` gives, in one piece, as soon as the line is free; resolves when there is room for more. */
  whenFree(render: () => readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve) => {
      this.#unsolicited.push({ render, printed: resolve });
      this.release();
    });
  }

  /** Prints what has waited, if the line is free now. */
  release(): void {
    while (this.#unsolicited.length > 0 && this.#congestion === undefined && this.#lineIsFree()) {
      const next = this.#unsolicited.shift();
      for (const bytes of next?.render() ?? []) this.bytes(bytes);
      const congestion = this.flush();
      if (congestion === undefined) next?.printed();
      else void congestion.then(() => next?.printed());
    }
  }
}
