import type { EfsWriter } from "../efs/store.ts";
import type { Upload } from "./transfer.ts";

/** A file of the EFS that the host fills. It appears when it is complete. `finish` rejects with what the EFS refused. */
export class FileUpload implements Upload<"stored"> {
  readonly #writer: EfsWriter;
  readonly #signal: AbortSignal;
  #writing = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** Owns the writer. */
  constructor(writer: EfsWriter, signal: AbortSignal) {
    this.#writer = writer;
    this.#signal = signal;
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#writing = this.#writer.write(bytes, this.#signal).catch((error: unknown) => {
      this.#failure = { error };
    });
    await this.#writing;
  }

  async finish(): Promise<"stored"> {
    await this.#writing;
    try {
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#writer.commit();
      return "stored";
    } finally {
      await this.#writer.abandon();
    }
  }

  async abort(): Promise<void> {
    // A host that has gone may leave a write under way.
    await this.#writing;
    await this.#writer.abandon();
  }
}
