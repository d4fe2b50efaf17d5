import { type EtxEncoded, encodeEtxInto } from "../../codec/etx-encoder.ts";
import type { Dialect } from "../../module/dialect.ts";
import { type Clock, sleep } from "../../platform/clock.ts";
import { abortable } from "../../platform/abortable.ts";
import type { Outlet } from "../outlet.ts";

const EMPTY = Buffer.alloc(0);

export interface ResponsePacketsParts {
  readonly outlet: Outlet;
  readonly clock: Clock;
  readonly dialect: Dialect;
  /** Milliseconds before each packet, and before the final code. */
  readonly gap: number;
}

/**
 * Cuts a response into `+CHTTPACT: DATA` packets: filled whatever pieces it arrives in, or one for each piece, as the
 * dialect has it. At most one packet is kept, and none is printed while the host has no room.
 *
 * @spec manual 6.1, decisions 6 and 9
 */
export class ResponsePackets {
  readonly #parts: ResponsePacketsParts;
  readonly #print: (source: Buffer, target: Buffer) => EtxEncoded;
  #packet = EMPTY;
  #filled = 0;

  constructor(parts: ResponsePacketsParts) {
    this.#parts = parts;
    this.#print = parts.dialect.httpPayloadEscaped ? encodeEtxInto : copyInto;
  }

  /** Whether a packet waits to be filled. */
  get pending(): boolean {
    return this.#filled > 0;
  }

  /** Takes what has arrived of the response and prints the packets that it completes. */
  async write(bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { dialect } = this.#parts;
    let rest = bytes;
    while (rest.length > 0) {
      // The outlet keeps what it is given, so each packet is a buffer of its own.
      if (this.#filled === 0) this.#packet = Buffer.allocUnsafe(dialect.packetSize);
      const { read, written } = this.#print(rest, this.#packet.subarray(this.#filled));
      rest = rest.subarray(read);
      this.#filled += written;
      if (rest.length > 0 || this.#filled === dialect.packetSize) await this.flush(signal);
    }
    if (!dialect.packetsFilled) await this.flush(signal);
  }

  /** Prints the packet that waits, if one does. */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#filled === 0) return;
    const payload = this.#packet.subarray(0, this.#filled);
    this.#filled = 0;
    await this.pause(signal);
    signal.throwIfAborted();
    const head = `+CHTTPACT: DATA${this.#parts.dialect.packetSeparator}${payload.length}`;
    await abortable(this.#parts.outlet.packet(head, payload), signal);
  }

  /** Waits for the gap in which hosts throw their input away. */
  async pause(signal: AbortSignal): Promise<void> {
    if (this.#parts.gap > 0) await sleep(this.#parts.clock, this.#parts.gap, signal);
  }
}

/** Fills the target with as much of the source as fits, as it is. */
function copyInto(source: Buffer, target: Buffer): EtxEncoded {
  const copied = source.copy(target);
  return { read: copied, written: copied };
}
