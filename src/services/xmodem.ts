import { EfsError } from "../efs/efs-error.ts";
import type { EfsReader, EfsWriter } from "../efs/store.ts";
import type { Timing } from "../module/timing.ts";
import type { Log } from "../platform/log.ts";
import type { RawLine } from "../platform/serial-line.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { XmodemOutcome } from "../protocols/xmodem/framing.ts";
import { XMODEM_LIMITS } from "../protocols/xmodem/limits.ts";
import type { ReceiveOptions } from "../protocols/xmodem/receiver.ts";
import { receiveXmodem } from "../protocols/xmodem/receiver.ts";
import { type SendOptions, sendXmodem } from "../protocols/xmodem/sender.ts";

export interface XmodemServiceParts {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
}

/** The module's XMODEM. The protocol tells the host the outcome: nothing is printed after the transfer. */
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

  /** Receives a file, which appears only when it is complete. */
  async receive(writer: EfsWriter, wire: RawLine, options: ReceiveOptions): Promise<void> {
    try {
      await this.#log("received", receiveXmodem(writer, this.#lineParts(wire), options));
    } finally {
      await writer.abandon();
    }
  }

  #lineParts(wire: RawLine) {
    return {
      wire,
      clock: this.#parts.clock,
      timeoutScale: this.#parts.timing.timeoutScale,
      pause: XMODEM_LIMITS.pause,
    };
  }

  async #log(direction: "sent" | "received", transfer: Promise<XmodemOutcome>): Promise<void> {
    try {
      this.#parts.log.debug({ event: `xmodem-file-${direction}`, outcome: await transfer });
    } catch (error) {
      if (!(error instanceof EfsError)) throw error;
      this.#parts.log.debug({ event: "xmodem-file-lost", error: error.code });
    }
  }
}
