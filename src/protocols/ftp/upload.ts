import { ServiceError } from "../../platform/network/service-error.ts";
import { FTP_LIMITS } from "./limits.ts";
import type { Transfer } from "./transfer.ts";

/** A file on its way to the server. The caller writes all of it and then calls {@link finish}. */
export class Upload {
  readonly #transfer: Transfer;
  readonly #drop: () => void;
  #written = 0;
  #ended = false;

  /** `drop` ends the whole session. */
  constructor(transfer: Transfer, drop: () => void) {
    this.#transfer = transfer;
    this.#drop = drop;
    transfer.final.reply.then(
      () => {
        // Only we know where the file ends. A server that reports success before has lost the rest.
        if (!this.#ended) transfer.data.close(new ServiceError("CLOSED", "the server ended the transfer too early"));
      },
      (error) => transfer.data.close(error),
    );
  }

  /** Sends bytes, and resolves when there is room for more; they must not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += FTP_LIMITS.piece) {
      await this.#send(bytes.subarray(at, at + FTP_LIMITS.piece));
    }
    this.#written += bytes.length;
  }

  /** Marks the end of the file, and resolves when the server confirms that it has stored all. */
  async finish(): Promise<void> {
    try {
      // An empty write reports a failure since the last one.
      await this.#send(Buffer.alloc(0));
      this.#ended = true;
      this.#transfer.data.end();
      await this.#transfer.drain(this.#written);
      await this.#transfer.complete();
    } finally {
      this.#transfer.close();
    }
  }

  /** Gives up, and drops the session with it. The server decides what becomes of the part that it got. */
  abort(): void {
    this.#drop();
  }

  async #send(piece: Uint8Array): Promise<void> {
    const { timer, data } = this.#transfer;
    try {
      await timer.grant(timer.periods.data, (signal) => data.write(piece, signal));
    } catch (error) {
      throw await this.#transfer.explain(error);
    }
  }
}
