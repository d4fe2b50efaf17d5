import type { Endpoint } from "../../platform/network/network.ts";
import { HTTP_CODES, type HttpCode, httpCode } from "./code.ts";
import { HttpExchange, type HttpServiceParts } from "./exchange.ts";
import { HttpUpload } from "./upload.ts";

/** The module's HTTP client as AT+CHTTPACT drives it: one operation at a time. */
export class HttpService {
  readonly #parts: HttpServiceParts;
  /** Stands for the one operation, from the resolving of its server's name to its final code. */
  #running: object | undefined;

  constructor(parts: HttpServiceParts) {
    this.#parts = parts;
  }

  /** Whether an operation runs, the printing of its response included. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Connects to the server. Gives the request to be entered, or the code of a failure. The signal is the module's own: when
   * it aborts, at any time until the response has ended, everything is dropped and nothing printed.
   */
  async begin(target: Endpoint, signal: AbortSignal): Promise<HttpUpload | HttpCode> {
    if (this.busy) return HTTP_CODES.busy;
    const running = {};
    this.#running = running;
    const release = () => {
      if (this.#running === running) this.#running = undefined;
    };
    try {
      return new HttpUpload(await HttpExchange.open(this.#parts, target, signal, release));
    } catch (error) {
      release();
      signal.throwIfAborted();
      const code = httpCode(error, "connecting");
      this.#parts.log.debug({ event: "http-connection-failed", code, error: String(error) });
      return code;
    }
  }
}
