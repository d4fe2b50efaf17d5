import { FTP_DATA_TIMEOUT } from "../../platform/limits.ts";
import type { Transfer } from "./transfer.ts";

/** A file, or a listing, on its way from the server. Its caller reads to the end and then calls {@link finish}. */
export class Download {
  readonly #transfer: Transfer;
  readonly #drop: () => void;
  #ended = false;

  /** `drop` ends the whole session. */
  constructor(transfer: Transfer, drop: () => void) {
    this.#transfer = transfer;
    this.#drop = drop;
  }

  /** Gives the next bytes, never none; `undefined` at their end, which is not yet the server's word that they are all. */
  async read(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const chunk = await this.#transfer.during(FTP_DATA_TIMEOUT, (signal) => this.#transfer.data.read(signal));
    if (chunk === undefined) {
      this.#ended = true;
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
}
