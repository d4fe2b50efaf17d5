import { type EtxEncoded, encodeEtxInto } from "../codec/etx/encoder.ts";
import type { Dialect } from "../module/dialect.ts";
import { abortable } from "../platform/abortable.ts";
import type { Packet } from "../platform/packet.ts";
import { type Clock, sleep } from "../platform/time/clock.ts";
import type { Download } from "./transfer.ts";
import type { PrintPackets } from "./unsolicited-output.ts";

const EMPTY = Buffer.alloc(0);

/** After how many milliseconds without new bytes an unfilled packet goes out, so that an endless stream is not held up. */
const UNFILLED_WAIT = 500;

export interface DataPacketsParts {
  /** The name before `: DATA`. */
  readonly name: string;
  readonly print: PrintPackets;
  readonly clock: Clock;
  readonly dialect: Pick<Dialect, "packetSeparator" | "packetSize" | "packetsFilled">;
  /** Milliseconds before each packet, and before the final code. */
  readonly gap: number;
  /** Whether the payload is ETX-escaped. */
  readonly escaped: boolean;
}

/**
 * Cuts data into `DATA` packets: filled whatever pieces the data arrive in, or one for each piece, as the dialect says. At
 * most one unfilled packet is kept, and nothing is read while the host has no room.
 *
 * @spec manual 5.9, 6.1, decisions 5, 6 and 9
 */
export class DataPackets {
  readonly #parts: DataPacketsParts;
  /** The packet that is being filled. */
  #packet = EMPTY;
  #filled = 0;

  constructor(parts: DataPacketsParts) {
    this.#parts = parts;
  }

  /** Prints a download and gives its outcome, after the gap that precedes a final code. When the signal aborts, aborts it. */
  async print<Outcome>(download: Download<Outcome>, signal: AbortSignal): Promise<Outcome> {
    try {
      for (;;) {
        const chunk = await this.#flushWhileWaiting(download.read(), signal);
        if (chunk === undefined) break;
        await this.#take(chunk, signal);
      }
      await this.#print(this.#rest(), signal);
      await this.#pause(signal);
    } catch (error) {
      await download.abort();
      throw error;
    }
    return download.finish();
  }

  /** Takes bytes, which must not change afterwards, and prints the packets that they complete. */
  async #take(bytes: Buffer, signal: AbortSignal): Promise<void> {
    const payloads = this.#cut(bytes);
    if (!this.#parts.dialect.packetsFilled) payloads.push(...this.#rest());
    await this.#print(payloads, signal);
  }

  /** Waits for bytes. If they do not come soon, prints the unfilled packet meanwhile. */
  async #flushWhileWaiting<T>(arriving: Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#filled === 0) return arriving;
    if (await this.#comesSoon(arriving)) return arriving;
    await this.#print(this.#rest(), signal);
    return arriving;
  }

  /** Waits for the gap in which hosts throw their input away. */
  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#parts.gap > 0) await sleep(this.#parts.clock, this.#parts.gap, signal);
  }

  /** The payloads that are full. */
  #cut(bytes: Buffer): Buffer[] {
    const { packetSize } = this.#parts.dialect;
    const payloads: Buffer[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      // Bytes that fill a packet unchanged need no copy.
      if (this.#filled === 0 && rest.length >= packetSize && !this.#parts.escaped) {
        payloads.push(rest.subarray(0, packetSize));
        rest = rest.subarray(packetSize);
        continue;
      }
      // The line keeps the payload until it is sent, so each packet is a buffer of its own.
      if (this.#filled === 0) this.#packet = Buffer.allocUnsafe(packetSize);
      const { read, written } = this.#copy(rest, this.#packet.subarray(this.#filled));
      rest = rest.subarray(read);
      this.#filled += written;
      // An escaped byte that does not fit leaves a packet one byte short.
      if (rest.length > 0 || this.#filled === packetSize) payloads.push(...this.#rest());
    }
    return payloads;
  }

  /** Fills the target with as much of the source as fits. */
  #copy(source: Buffer, target: Buffer): EtxEncoded {
    if (this.#parts.escaped) return encodeEtxInto(source, target);
    const copied = source.copy(target);
    return { read: copied, written: copied };
  }

  /** The payload that is not full, if there is one. */
  #rest(): Buffer[] {
    if (this.#filled === 0) return [];
    const payload = this.#packet.subarray(0, this.#filled);
    this.#filled = 0;
    return [payload];
  }

  async #print(payloads: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const packets = payloads.map((payload) => this.#packetOf(payload));
    // Without a gap, all the packets that one read has filled go out at once.
    const batches = this.#parts.gap > 0 ? packets.map((packet) => [packet]) : packets.length > 0 ? [packets] : [];
    for (const batch of batches) {
      await this.#pause(signal);
      signal.throwIfAborted();
      await abortable(this.#parts.print(batch), signal);
    }
  }

  #packetOf(payload: Buffer): Packet {
    return { head: `${this.#parts.name}: DATA${this.#parts.dialect.packetSeparator}${payload.length}`, payload };
  }

  /** Whether it settles within the time that an unfilled packet may wait. */
  #comesSoon(arriving: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const alarm = this.#parts.clock.alarm(UNFILLED_WAIT, () => resolve(false));
      const settled = () => {
        alarm.cancel();
        resolve(true);
      };
      arriving.then(settled, settled);
    });
  }
}
