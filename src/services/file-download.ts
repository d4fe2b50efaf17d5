import type { EfsReader } from "../efs/store.ts";
import type { Download } from "./transfer.ts";

/** The part of a file of the EFS that begins at a byte and has a length. `finish` rejects with what the EFS refused. */
export class FileDownload implements Download<void> {
  readonly #reader: EfsReader;
  readonly #signal: AbortSignal;
  #skip: number;
  #left: number;
  #failure: { readonly error: unknown } | undefined;

  /** Owns the reader. */
  constructor(reader: EfsReader, part: { readonly start: number; readonly length: number }, signal: AbortSignal) {
    this.#reader = reader;
    this.#signal = signal;
    this.#skip = part.start;
    this.#left = part.length;
  }

  async read(): Promise<Buffer | undefined> {
    while (this.#left > 0 && this.#failure === undefined) {
      const piece = await this.#piece();
      if (piece === undefined) break;
      const wanted = piece.subarray(this.#skip, this.#skip + this.#left);
      this.#skip = Math.max(0, this.#skip - piece.length);
      this.#left -= wanted.length;
      if (wanted.length > 0) return Buffer.from(wanted.buffer, wanted.byteOffset, wanted.length);
    }
    return undefined;
  }

  async finish(): Promise<void> {
    await this.#reader.close();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  abort(): Promise<void> {
    return this.#reader.close();
  }

  async #piece(): Promise<Uint8Array | undefined> {
    try {
      return await this.#reader.read(this.#signal);
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }
}
