import { EfsError } from "../efs/efs-error.ts";
import type { EfsReader, EfsWriter } from "../efs/store.ts";
import type { Timing } from "../module/timing.ts";
import { XMODEM_PAUSE } from "../platform/limits.ts";
import type { Log } from "../platform/log.ts";
import type { RawLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { XmodemOutcome } from "../protocols/xmodem/framing.ts";
import type { ReceiveOptions } from "../protocols/xmodem/receiver.ts";
import { receiveXmodem } from "../protocols/xmodem/receiver.ts";
import { type SendOptions, sendXmodem } from "../protocols/xmodem/sender.ts";

export interface XmodemServiceParts {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
}

/** The module's XMODEM. Hosts learn the outcome from the protocol: nothing is printed after it. */
export class XmodemService {
  readonly #parts: XmodemServiceParts;

  constructor(parts: XmodemServiceParts) {
    this.#parts = parts;
  }

  /** Sends an open file, and closes it. */
  async send(reader: EfsReader, wire: RawLine, options: SendOptions): Promise<void> {
    try {
      await this.#log("sent", sendXmodem(reader, this.#lineParts(wire), options));
    } finally {
      await reader.close();
    }
  }

  /** Receives a file; nothing of it stays unless it has come whole. */
  async receive(writer: EfsWriter, wire: RawLine, options: ReceiveOptions): Promise<void> {
    try {
      await this.#log("received", receiveXmodem(writer, this.#lineParts(wire), options));
    } finally {
      await writer.abandon();
    }
  }

  #lineParts(wire: RawLine) {
    return { wire, clock: this.#parts.clock, timeoutScale: this.#parts.timing.timeoutScale, pause: XMODEM_PAUSE };
  }

  async #log(direction: "sent" | "received", transfer: Promise<XmodemOutcome>): Promise<void> {
    try {
      this.#parts.log.debug({ event: `xmodem file ${direction}`, outcome: await transfer });
    } catch (error) {
      if (!(error instanceof EfsError)) throw error;
      this.#parts.log.debug({ event: "xmodem file lost", error: error.code });
    }
  }
}
