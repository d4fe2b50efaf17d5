import type { StreamTimer } from "../../platform/time/server-timer.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { FTP_LIMITS } from "./limits.ts";
import type { Transfer } from "./transfer.ts";

/** A file, or a listing, on its way from the server. The caller reads to the end and then calls {@link finish}. */
export class Download {
  readonly #transfer: Transfer;
  readonly #drop: () => void;
  readonly #stream: StreamTimer;
  /** Aborts when the server reports a failure. */
  readonly #refused = new AbortController();
  readonly #signal: AbortSignal;
  /** Bytes read after that. */
  #late = 0;
  #ended = false;

  /** `drop` ends the whole session. */
  constructor(transfer: Transfer, drop: () => void) {
    this.#transfer = transfer;
    this.#drop = drop;
    this.#stream = transfer.timer.stream(transfer.timer.periods.data);
    this.#signal = AbortSignal.any([transfer.timer.signal, this.#refused.signal]);
    transfer.final.reply.catch((error) => this.#refused.abort(error));
  }

  /**
   * Gives the next bytes, at least one; `undefined` at their end, which does not yet mean that they are complete. Bytes
   * that had arrived before a failure are given before it.
   */
  async read(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const chunk = await this.#next();
    if (chunk === undefined) {
      this.#ended = true;
      this.#transfer.final.dataEnded();
      // Some servers report only after our side of the data connection has closed too.
      this.#transfer.data.close();
    }
    return chunk;
  }

  /** Resolves when the server confirms that the data were complete. Bytes that were not read are thrown away. */
  async finish(): Promise<void> {
    try {
      while ((await this.read()) !== undefined);
      await this.#transfer.complete();
    } finally {
      this.#transfer.close();
    }
  }

  /** Gives up, and drops the session with it: no ABOR dialogue that a server may get wrong. */
  abort(): void {
    this.#drop();
  }

  async #next(): Promise<Buffer | undefined> {
    const { data, timer } = this.#transfer;
    if (!this.#refused.signal.aborted) {
      try {
        return await this.#stream.read(() => data.read(this.#signal));
      } catch (error) {
        if (!this.#refused.signal.aborted || timer.signal.aborted) throw await this.#transfer.explain(error);
      }
    }
    // What has reached this machine is read, however late our caller comes for it; nothing more is waited for.
    await yieldToIo();
    const chunk = await data.read(this.#signal).catch(() => undefined);
    if (chunk === undefined || this.#late > FTP_LIMITS.inFlight) throw this.#refused.signal.reason;
    this.#late += chunk.length;
    return chunk;
  }
}

/** A listing that the server refused because there is nothing to list. */
export const emptyDownload = { read: async () => undefined, finish: async () => undefined, abort: () => undefined };
