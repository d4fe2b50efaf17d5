import type { Settings } from "../../module/settings/settings.ts";
import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import { withBytes } from "../../platform/long-bytes.ts";
import { framePackets, type Packet } from "../../platform/packet.ts";
import type { SerialLine } from "../../platform/serial-line.ts";
import { AT_LIMITS } from "../limits.ts";
import { frameEnds, frameResult, frameText, frameUnsolicited, type Result } from "../result-code.ts";
import { type Unsolicited, UnsolicitedQueue } from "./unsolicited-queue.ts";

export interface HostWriterParts {
  readonly transport: SerialLine;
  readonly settings: Settings;
  readonly events: Events;
  readonly log: Log;
  /** Whether unsolicited output may be printed now. */
  readonly lineIsFree: () => boolean;
  /** Called when the host has room again. */
  readonly hasRoom: () => void;
}

/**
 * The one writer to the host. Everything that is printed goes through here, in order and in whole lines: echo, responses
 * and payload at once; unsolicited output as soon as the line is free (decisions 1.11).
 */
export class HostWriter {
  readonly #parts: HostWriterParts;
  readonly #unsolicited = new UnsolicitedQueue();
  #collected: Uint8Array[] = [];
  #collectedBytes = 0;
  #congestion: Promise<void> | undefined;

  constructor(parts: HostWriterParts) {
    this.#parts = parts;
  }

  /** Present while more waits for the host than may be buffered. */
  get congestion(): Promise<void> | undefined {
    return this.#congestion;
  }

  /** Echoes; dropped when the way out is full, so that a host that writes without reading does not lock itself out. */
  echo(bytes: Uint8Array): void {
    if (this.#parts.transport.backlog < AT_LIMITS.echoBacklog) this.bytes(bytes);
  }

  /** Prints an information response, an intermediate result code or a prompt that ends with a line. */
  text(text: string): void {
    this.bytes(frameText(text, this.#parts.settings));
  }

  result(result: Result): void {
    const framed = frameResult(result, this.#parts.settings);
    if (framed !== undefined) this.bytes(framed);
  }

  /** Prints bytes as they are. They must not change afterwards. */
  bytes(bytes: Uint8Array): void {
    this.#collected.push(bytes);
    this.#collectedBytes += bytes.length;
    if (this.#collectedBytes >= AT_LIMITS.burst) void this.flush();
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
      const { transport, events } = this.#parts;
      if (events.active) events.emit(withBytes({ type: "module" }, whole));
      const full = transport.write(whole);
      if (full !== undefined && this.#congestion === undefined) {
        this.#congestion = full.then(() => {
          this.#congestion = undefined;
          this.#parts.hasRoom();
        });
      }
    }
    return this.#congestion;
  }

  /** Prints an unsolicited line as soon as the line is free. A `report` may be dropped when too many wait. */
  urc(text: string, report: boolean): void {
    this.#queue({ render: () => [frameUnsolicited(text, this.#parts.settings)], text, report });
  }

  /** Prints packets as soon as the line is free; resolves when there is room for more. */
  packets(packets: readonly Packet[]): Promise<void> {
    return this.whenFree(() => [this.#framed(packets)]);
  }

  /** Prints packets at once; resolves when there is room for more. */
  packetsNow(packets: readonly Packet[]): Promise<void> | undefined {
    this.bytes(this.#framed(packets));
    return this.flush();
  }

  /** Prints what `render` gives, in one piece, as soon as the line is free; resolves when there is room for more. */
  whenFree(render: () => readonly Uint8Array[]): Promise<void> {
    return new Promise((resolve) => this.#queue({ render, printed: resolve }));
  }

  /** Prints what has waited, if the line is free now. */
  release(): void {
    while (!this.#unsolicited.isEmpty && this.#congestion === undefined && this.#parts.lineIsFree()) {
      const entry = this.#unsolicited.shift();
      if (entry !== undefined) this.#print(entry);
    }
    const dropped = this.#unsolicited.isEmpty ? this.#unsolicited.takeDropped() : 0;
    if (dropped > 0) this.#parts.log.warn({ event: "reports-dropped", count: dropped });
  }

  #queue(entry: Unsolicited): void {
    this.#unsolicited.push(entry);
    this.release();
  }

  #print({ render, printed, text }: Unsolicited): void {
    const { events } = this.#parts;
    if (text !== undefined && events.active) events.emit({ type: "urc", text });
    for (const bytes of render()) this.bytes(bytes);
    const congestion = this.flush();
    if (printed === undefined) return;
    if (congestion === undefined) printed();
    else void congestion.then(printed);
  }

  #framed(packets: readonly Packet[]): Buffer {
    return framePackets(packets, frameEnds(this.#parts.settings));
  }
}
