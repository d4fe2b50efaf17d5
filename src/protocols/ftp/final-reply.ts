import { abortable } from "../../platform/abortable.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { type ControlConnection, digitOf, type FtpVerb, refusal } from "./control-connection.ts";
import { inPhase } from "./phase.ts";
import type { Reply } from "./reply-reader.ts";

/**
 * The reply that ends a transfer, awaited beside its data. After a preliminary reply it is the next one that is not
 * preliminary. A server may reply 2xx without any 1xx: that reply ends the transfer as well, once the data have ended,
 * unless other replies come before.
 *
 * @rfc 959 §5.4, §6
 */
export class FinalReply {
  /** Rejects when the reply is not positive, or when the control connection fails. */
  readonly reply: Promise<Reply>;
  #begun: boolean;
  #dataEnded: () => void = () => undefined;
  readonly #ended = new Promise<void>((resolve) => {
    this.#dataEnded = resolve;
  });

  /** `first` is the reply that accepted the command. */
  constructor(control: ControlConnection, verb: FtpVerb, first: Reply, signal: AbortSignal) {
    this.#begun = digitOf(first) === 1;
    this.reply = this.#await(control, first, signal).then((reply) => {
      if (digitOf(reply) !== 2) throw refusal(verb, reply);
      return reply;
    });
    this.reply.catch(() => undefined);
  }

  /** Whether the server has announced a further reply by a preliminary one. */
  get announced(): boolean {
    return this.#begun;
  }

  /** To be called when the data have ended. */
  dataEnded(): void {
    this.#dataEnded();
  }

  async #await(control: ControlConnection, first: Reply, signal: AbortSignal): Promise<Reply> {
    const enough = new AbortController();
    void this.#ended.then(yieldToIo).then(() => {
      if (!this.#begun) enough.abort();
    });
    const either = AbortSignal.any([signal, enough.signal]);
    try {
      for (;;) {
        const reply = await control.next(either);
        if (digitOf(reply) !== 1) return reply;
        this.#begun = true;
      }
    } catch (error) {
      if (this.#begun || signal.aborted) throw inPhase("transfer", error);
    }
    // Also where the server has closed the control connection after its 2xx.
    await abortable(this.#ended, signal).catch((reason) => {
      throw inPhase("transfer", reason);
    });
    return first;
  }
}
