import type { ServerTimer } from "../../platform/time/server-timer.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { HTTP_LIMITS } from "../../protocols/http/limits.ts";
import { RequestRepair } from "../../protocols/http/request-repair.ts";
import type { Upload } from "../transfer.ts";
import { HTTP_CODES, type HttpCode } from "./code.ts";
import type { HttpExchange } from "./exchange.ts";
import { HttpResponse } from "./response.ts";

/**
 * The request as the host enters it, without its escapes. `finish` gives the response, of which nothing is printed before
 * it is started, or the code of a failure, and then the exchange is over.
 *
 * @spec manual 6.1, decisions 6
 */
export class HttpUpload implements Upload<HttpResponse | HttpCode> {
  readonly #exchange: HttpExchange;
  readonly #repair = new RequestRepair();
  readonly #timer: ServerTimer;
  #failure: HttpCode | undefined;

  constructor(exchange: HttpExchange) {
    this.#exchange = exchange;
    this.#timer = exchange.newTimer();
  }

  async write(bytes: Buffer): Promise<void> {
    this.#exchange.signal.throwIfAborted();
    if (this.#failure !== undefined) return;
    await this.#attempt(() => this.#send(this.#repair.push(bytes)));
  }

  async finish(): Promise<HttpResponse | HttpCode> {
    this.#exchange.signal.throwIfAborted();
    if (this.#failure === undefined) {
      const rest = this.#repair.finish();
      if (rest === undefined) this.#failure = HTTP_CODES.parameter;
      else await this.#attempt(() => this.#send(rest));
    }
    const { method } = this.#repair;
    if (this.#failure === undefined) return new HttpResponse(this.#exchange, method);
    const early = await this.#earlyAnswer();
    if (early !== undefined) return new HttpResponse(this.#exchange, method, early);
    this.#exchange.close();
    return this.#failure;
  }

  async abort(): Promise<void> {
    this.#exchange.close();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = this.#exchange.explain(error);
    }
  }

  async #send(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    // A server that refuses a request answers and breaks the connection at once. A write that runs into the break makes
    // the operating system throw away the answer, so it is read first.
    await yieldToIo();
    await this.#timer.grant(HTTP_LIMITS.silence, (signal) => this.#exchange.connection.write(bytes, signal));
  }

  /** The beginning of the answer of a server that refused to take the whole request. */
  async #earlyAnswer(): Promise<Buffer | undefined> {
    if (this.#failure !== HTTP_CODES.transfer && this.#failure !== HTTP_CODES.timeout) return undefined;
    // With an aborted signal a read gives what has arrived and does not wait.
    return this.#exchange.connection.read(AbortSignal.abort()).catch(() => undefined);
  }
}
