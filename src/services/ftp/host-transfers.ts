import type { FtpSession } from "../../protocols/ftp/session.ts";
import type { Upload as ProtocolUpload } from "../../protocols/ftp/upload.ts";
import type { Download, Upload } from "../transfer.ts";
import type { FtpCode, FtpOutcome } from "./code.ts";
import type { FileRequest } from "./efs-files.ts";
import type { FtpOperation } from "./operation.ts";

interface Failure {
  readonly error: unknown;
}

/** What the host enters, on its way to a file of the server. */
export class FtpUpload implements Upload<FtpOutcome> {
  readonly #operation: FtpOperation;
  readonly #file: ProtocolUpload;
  #failure: Failure | undefined;

  private constructor(operation: FtpOperation, file: ProtocolUpload) {
    this.#operation = operation;
    this.#file = file;
  }

  /** Resolves when the server is ready for the data, or with the code of a failure. */
  static async begin(operation: FtpOperation, request: FileRequest): Promise<FtpUpload | FtpCode> {
    try {
      const session = await operation.connect();
      return new FtpUpload(operation, await session.store(request.path, request));
    } catch (error) {
      return operation.fail(error);
    }
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await this.#file.write(bytes);
    } catch (error) {
      this.#failure = { error };
    }
  }

  finish(): Promise<FtpOutcome> {
    return this.#operation.run(async () => {
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#file.finish();
    });
  }

  async abort(): Promise<void> {
    this.#operation.drop();
  }
}

type RemoteData = Awaited<ReturnType<FtpSession["list"]>>;

/** A file or a listing on its way from the server to the host. The module connects at the first read. */
export class FtpDownload implements Download<FtpOutcome> {
  readonly #operation: FtpOperation;
  readonly #begin: (session: FtpSession) => Promise<RemoteData>;
  #data: RemoteData | undefined;
  #failure: Failure | undefined;

  /** `begin` asks the server for the data. */
  constructor(operation: FtpOperation, begin: (session: FtpSession) => Promise<RemoteData>) {
    this.#operation = operation;
    this.#begin = begin;
  }

  async read(): Promise<Buffer | undefined> {
    if (this.#failure !== undefined) return undefined;
    try {
      this.#data ??= await this.#begin(await this.#operation.connect());
      return await this.#data.read();
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }

  finish(): Promise<FtpOutcome> {
    return this.#operation.run(async () => {
      if (this.#failure !== undefined) throw this.#failure.error;
      await this.#data?.finish();
    });
  }

  async abort(): Promise<void> {
    this.#operation.drop();
  }
}
