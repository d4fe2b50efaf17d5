import { EtxDecoder } from "../../codec/etx/decoder.ts";
import type { DataEntry, EntryProgress } from "./data-entry.ts";

/**
 * Data entry in the ETX code: everything up to an unescaped Ctrl-Z goes, decoded, to the receiver, which holds the host
 * back while it is busy (decisions 7).
 */
export class EtxEntry implements DataEntry {
  readonly #decoder = new EtxDecoder();
  readonly #receive: (data: Buffer) => Promise<void>;
  readonly binary: boolean;

  /**
   * `receive` owns what it gets and must not reject; it is called again only after it has resolved. Binary data are those
   * of a file and are not echoed; text is.
   */
  constructor(receive: (data: Buffer) => Promise<void>, options: { readonly binary: boolean }) {
    this.#receive = receive;
    this.binary = options.binary;
  }

  push(chunk: Buffer, echo: ((bytes: Uint8Array) => void) | undefined): EntryProgress {
    // Decoding works in place, so what is echoed is set aside first.
    const typed = !this.binary && echo !== undefined ? Buffer.from(chunk) : undefined;
    const { data, consumed, ended } = this.#decoder.decode(chunk);
    if (typed !== undefined) echo?.(typed.subarray(0, ended ? consumed - 1 : consumed));
    return { consumed, ended, ready: data.length === 0 ? undefined : this.#receive(data) };
  }
}
