import { HTTP_CONNECT_TIME } from "../../platform/limits.ts";
import type { Connection, Endpoint, Network } from "../../platform/network/network.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { HTTP_CODES, type HttpCode, httpCode } from "./code.ts";
import { HttpOperation, type HttpOperationParts } from "./operation.ts";

export interface HttpServiceParts extends HttpOperationParts {
  readonly network: Network;
}

/** The module's HTTP client as AT+CHTTPACT drives it: one operation at a time. */
export class HttpService {
  readonly #parts: HttpServiceParts;
  /** Stands for the one operation, from the first look-up of its name to its final code. */
  #running: object | undefined;

  constructor(parts: HttpServiceParts) {
    this.#parts = parts;
  }

  /** Whether an operation runs, the printing of its response included. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Connects to the server. Gives the operation, or the code when there is none. The signal is the module's own: when it
   * aborts, at any time until the response has ended, everything is dropped and nothing printed.
   */
  async open(target: Endpoint, signal: AbortSignal): Promise<HttpOperation | HttpCode> {
    if (this.busy) return HTTP_CODES.busy;
    const running = {};
    this.#running = running;
    const release = () => {
      if (this.#running === running) this.#running = undefined;
    };
    try {
      const connection = await this.#connect(target, signal);
      return new HttpOperation(this.#parts, connection, signal, release);
    } catch (error) {
      release();
      signal.throwIfAborted();
      const code = httpCode(error, "connecting");
      this.#parts.log.debug({ event: "http connection failed", code, error: String(error) });
      return code;
    }
  }

  async #connect(target: Endpoint, signal: AbortSignal): Promise<Connection> {
    const { network, clock, timing } = this.#parts;
    const deadline = new Deadline(clock, HTTP_CONNECT_TIME * timing.timeoutScale, signal);
    try {
      const connection = await network.connect(target, deadline.signal);
      if (signal.aborted) connection.close();
      signal.throwIfAborted();
      return connection;
    } finally {
      deadline.dispose();
    }
  }
}
