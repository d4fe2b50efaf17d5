import type { Settings } from "../../module/settings/settings.ts";
import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import { withBytes } from "../../platform/long-bytes.ts";
import { framedLength, type Packet, writeFramed } from "../../platform/packet.ts";
import { SERIAL_LIMITS, type SerialLine } from "../../platform/serial-line.ts";
import { AT_LIMITS } from "../limits.ts";
import { frameEnds, frameResult, frameText, frameUnsolicited, type Result } from "../result-code.ts";
import { OutputMemory } from "./output-memory.ts";
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

/** Bytes, or packets that are framed when they are handed on. */
type Collected = Uint8Array | readonly Packet[];

/**
 * The one writer to the host. Everything that is printed goes through here, in order and in whole lines: echo, responses
 * and payload at once; unsolicited output as soon as the line is free (decisions 1.11).
 */
export class HostWriter {
  readonly #parts: HostWriterParts;
  readonly #unsolicited = new UnsolicitedQueue();
  #collected: Collected[] = [];
  #collectedBytes = 0;
  readonly #memory = new OutputMemory();
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
    this.#collect(bytes, bytes.length);
  }

  /** Hands on what was collected. Gives {@link congestion}. */
  flush(): Promise<void> | undefined {
    if (this.#collectedBytes > 0) {
      const whole = this.#takeCollected();
      const { transport, events } = this.#parts;
      if (events.active) events.emit(withBytes({ type: "module" }, whole));
      this.#memory.written(whole);
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
    this.#queue({ print: () => this.bytes(frameUnsolicited(text, this.#parts.settings)), text, report });
  }

  /** Prints packets as soon as the line is free; resolves when there is room for more. They may change then. */
  packets(packets: readonly Packet[]): Promise<void> {
    return new Promise((resolve) => this.#queue({ print: () => this.#packets(packets), printed: resolve }));
  }

  /** Prints packets at once; resolves when there is room for more. They may change then. */
  packetsNow(packets: readonly Packet[]): Promise<void> | undefined {
    this.#packets(packets);
    return this.flush();
  }

  /** Prints what `render` gives, in one piece, as soon as the line is free; resolves when there is room for more. */
  whenFree(render: () => readonly Uint8Array[]): Promise<void> {
    const print = () => {
      for (const bytes of render()) this.bytes(bytes);
    };
    return new Promise((resolve) => this.#queue({ print, printed: resolve }));
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

  #print({ print, printed, text }: Unsolicited): void {
    const { events } = this.#parts;
    if (text !== undefined && events.active) events.emit({ type: "urc", text });
    print();
    const congestion = this.flush();
    if (printed === undefined) return;
    if (congestion === undefined) printed();
    else void congestion.then(printed);
  }

  #packets(packets: readonly Packet[]): void {
    this.#collect(packets, framedLength(packets, frameEnds(this.#parts.settings)));
  }

  #collect(what: Collected, length: number): void {
    this.#collected.push(what);
    this.#collectedBytes += length;
    if (this.#collectedBytes >= AT_LIMITS.burst) void this.flush();
  }

  /** What was collected, as one piece: a medium takes that far faster than many small ones. */
  #takeCollected(): Uint8Array {
    const collected = this.#collected;
    const length = this.#collectedBytes;
    this.#collected = [];
    this.#collectedBytes = 0;
    const [first] = collected;
    if (collected.length === 1 && first instanceof Uint8Array) return first;
    const whole = this.#memoryFor(length);
    let at = 0;
    for (const what of collected) {
      if (what instanceof Uint8Array) {
        whole.set(what, at);
        at += what.length;
      } else {
        at = writeFramed(what, frameEnds(this.#parts.settings), whole, at);
      }
    }
    return whole;
  }

  #memoryFor(length: number): Buffer {
    const { transport } = this.#parts;
    const isLent = length >= SERIAL_LIMITS.lent && transport.returnsMemory === true;
    return (isLent ? this.#memory.take(length, transport.backlog) : undefined) ?? Buffer.allocUnsafe(length);
  }
}
