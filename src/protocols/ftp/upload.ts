import { FTP_DATA_PIECE, FTP_DATA_TIMEOUT } from "../../platform/limits.ts";
import { FtpError } from "./error.ts";
import type { Transfer } from "./transfer.ts";

/** A file on its way to the server. Its caller writes all of it and then calls {@link finish}. */
export class Upload {
  readonly #transfer: Transfer;
  readonly #drop: () => void;
  #ended = false;

  /** `drop` ends the whole session. */
  constructor(transfer: Transfer, drop: () => void) {
    this.#transfer = transfer;
    this.#drop = drop;
    // Only we know where the file ends. A server that reports success before has lost the rest.
    transfer.onSuccess(() => {
      if (!this.#ended) transfer.data.close(new FtpError("TRANSFER", "the server ended the transfer before its data"));
    });
  }

  /** Sends bytes, and resolves when there is room for more; they must not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += FTP_DATA_PIECE) {
      const piece = bytes.subarray(at, at + FTP_DATA_PIECE);
      await this.#transfer.during(FTP_DATA_TIMEOUT, (signal) => this.#transfer.data.write(piece, signal));
    }
  }

  /** Marks the end of the file, and resolves when the server confirms that it has stored all. */
  async finish(): Promise<void> {
    try {
      // An empty write shows what has befallen the connection since the last one.
      await this.#transfer.during(FTP_DATA_TIMEOUT, (signal) => this.#transfer.data.write(Buffer.alloc(0), signal));
      this.#ended = true;
      this.#transfer.data.end();
      await this.#transfer.complete();
    } finally {
      this.#transfer.close();
    }
  }

  /** Gives up, and drops the session with it. What the server makes of the part that it got is its affair. */
  abort(): void {
    this.#drop();
  }
}
