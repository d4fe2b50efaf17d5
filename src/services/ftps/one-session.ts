import { eitherSignal } from "../../platform/abortable.ts";
import type { Log } from "../../platform/log.ts";
import { isFtpArgument } from "../../protocols/ftp/control-connection.ts";
import type { FtpSession } from "../../protocols/ftp/session.ts";
import { givenUp } from "../../protocols/ftp/transfer.ts";
import type { Upload } from "../../protocols/ftp/upload.ts";
import { FTPS_CODES, type FtpsCode, ftpsCode } from "./codes.ts";
import type { FtpsOperation } from "./operations.ts";
import { type RemoteBytes, RemoteData } from "./remote-data.ts";

interface OneSessionParts {
  readonly log: Log;
  /** Ends with the power of the module. */
  readonly signal: AbortSignal;
  /** Called when the server has ended the session while nothing ran. */
  readonly lost: () => void;
}

/** The session of the FTPS client, and the operation that runs in it: one of each at a time. */
export class OneSession {
  readonly #parts: OneSessionParts;
  #held: { readonly session: FtpSession; readonly release: () => void } | undefined;
  #running: { readonly name: FtpsOperation; readonly over: Promise<void>; readonly end: () => void } | undefined;
  #life = new AbortController();
  /** The file that AT+CFTPSPUT sends in parts. Until it is complete no other operation can run. */
  upload: Upload | undefined;

  constructor(parts: OneSessionParts) {
    this.#parts = parts;
  }

  get current(): FtpSession | undefined {
    return this.#held?.session;
  }

  /** What runs. */
  get running(): FtpsOperation | undefined {
    return this.#running?.name ?? (this.upload === undefined ? undefined : "put");
  }

  /** Aborts with {@link abort}. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** Connects and logs in, as an operation. */
  open(connect: (signal: AbortSignal) => Promise<FtpSession>): Promise<FtpsCode> {
    return this.#operate("login", async () => {
      const { signal, release } = eitherSignal(this.#parts.signal, this.life);
      try {
        this.#held = { session: await connect(signal), release };
      } finally {
        if (this.#held === undefined) release();
      }
    });
  }

  /** Runs an operation in the session. `argument` is what the server is sent. */
  async run(name: FtpsOperation, argument: string, work: (session: FtpSession) => Promise<unknown>): Promise<FtpsCode> {
    const session = this.current;
    if (session === undefined || !isFtpArgument(argument)) return FTPS_CODES.parameter;
    return this.#operate(name, () => work(session));
  }

  /** Begins a download, as an operation that ends with it. */
  download(
    name: FtpsOperation,
    argument: string,
    begin: (session: FtpSession) => Promise<RemoteBytes>,
  ): RemoteData | FtpsCode {
    const session = this.current;
    if (this.#isBusy(name)) return FTPS_CODES.busy;
    if (session === undefined || !isFtpArgument(argument)) return FTPS_CODES.parameter;
    this.#begin(name);
    const explain = (error: unknown) => this.#explain(error);
    return new RemoteData({ begin: () => begin(session), explain, released: () => this.#release() });
  }

  /** Drops what runs, and the session with it. Resolves when nothing runs any more. */
  async abort(): Promise<void> {
    const { over } = this.#running ?? {};
    this.#life.abort(givenUp());
    this.#life = new AbortController();
    this.drop();
    await over;
  }

  /** Drops the session: no dialogue that a server may get wrong. */
  drop(): void {
    this.#held?.session.close();
    this.#held?.release();
    this.#held = undefined;
    this.upload = undefined;
  }

  async #operate(name: FtpsOperation, work: () => Promise<unknown>): Promise<FtpsCode> {
    if (this.#isBusy(name)) return FTPS_CODES.busy;
    this.#begin(name);
    try {
      await work();
      return FTPS_CODES.ok;
    } catch (error) {
      return this.#explain(error);
    } finally {
      this.#release();
    }
  }

  #isBusy(name: FtpsOperation): boolean {
    return this.#running !== undefined || (this.upload !== undefined && name !== "put");
  }

  #begin(name: FtpsOperation): void {
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#running = { name, over, end };
  }

  #release(): void {
    this.#running?.end();
    this.#running = undefined;
    const session = this.current;
    if (this.upload !== undefined) return;
    session?.watch(() => {
      if (this.current !== session) return;
      this.drop();
      this.#parts.lost();
    });
  }

  /** The code of a failure. Only a refusal, and a file that the EFS does not have or take, leave the session usable. */
  #explain(error: unknown): FtpsCode {
    const { signal, log } = this.#parts;
    signal.throwIfAborted();
    const code = ftpsCode(error);
    log.debug({ event: "ftps-failed", code, error: String(error) });
    if (code !== FTPS_CODES.rejected && code !== FTPS_CODES.transfer) this.drop();
    return code;
  }
}
