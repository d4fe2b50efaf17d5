import type { FtpSession } from "../../protocols/ftp/session.ts";
import type { Download } from "../transfer.ts";
import { FTPS_CODES, type FtpsCode } from "./codes.ts";

/** A download as the protocol gives it. */
export type RemoteBytes = Awaited<ReturnType<FtpSession["list"]>>;

interface RemoteDataParts {
  /** Asks the server for the data, at the first read. */
  readonly begin: () => Promise<RemoteBytes>;
  readonly explain: (error: unknown) => FtpsCode;
  readonly released: () => void;
}

/** A file or a listing on its way from the server to the host. */
export class RemoteData implements Download<FtpsCode> {
  readonly #parts: RemoteDataParts;
  #data: RemoteBytes | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(parts: RemoteDataParts) {
    this.#parts = parts;
  }

  async read(): Promise<Buffer | undefined> {
    if (this.#failure !== undefined) return undefined;
    try {
      this.#data ??= await this.#parts.begin();
      return await this.#data.read();
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }

  async finish(): Promise<FtpsCode> {
    try {
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#data?.finish();
      return FTPS_CODES.ok;
    } catch (error) {
      return this.#parts.explain(error);
    } finally {
      this.#parts.released();
    }
  }

  async abort(): Promise<void> {
    this.#data?.abort();
    this.#parts.released();
  }
}
