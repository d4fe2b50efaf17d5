import type { StreamTimer } from "../../platform/time/server-timer.ts";
import { HTTP_LIMITS } from "../../protocols/http/limits.ts";
import { type ResponseProgress, ResponseReader } from "../../protocols/http/response-reader.ts";
import { DataPackets } from "../data-packets.ts";
import type { Download } from "../transfer.ts";
import type { HttpCode } from "./code.ts";
import type { HttpExchange } from "./exchange.ts";

/** The response to a request. Bytes that came before a failure are part of it. */
export class HttpResponse implements Download<0 | HttpCode> {
  readonly #exchange: HttpExchange;
  readonly #reader: ResponseReader;
  readonly #stream: StreamTimer;
  /** What the server said before the request was complete. */
  #early: Buffer | undefined;
  #outcome: 0 | HttpCode | undefined;

  constructor(exchange: HttpExchange, method: string, early?: Buffer) {
    this.#exchange = exchange;
    this.#reader = new ResponseReader({ method, lowerCase: exchange.parts.dialect.httpHeaderLowerCase });
    this.#stream = exchange.newTimer().stream(HTTP_LIMITS.silence);
    this.#early = early;
  }

  /** Prints the response through the outlet, as packets and the URC of its end. To be called when `OK` is printed. */
  start(): void {
    void this.#exchange.parts.work.track(this.#print());
  }

  async read(): Promise<Buffer | undefined> {
    while (this.#outcome === undefined) {
      const pass = await this.#advance();
      if (pass.length > 0) return pass;
    }
    return undefined;
  }

  async finish(): Promise<0 | HttpCode> {
    while ((await this.read()) !== undefined);
    this.#exchange.close();
    return this.#outcome ?? 0;
  }

  async abort(): Promise<void> {
    this.#exchange.close();
  }

  /** Takes what the server sends next, notes how the response ended if it did, and gives the bytes to print. */
  async #advance(): Promise<Buffer> {
    const { pass, complete, failure } = await this.#progress();
    if (complete) this.#outcome = 0;
    else if (failure !== undefined) this.#outcome = this.#exchange.explain(failure);
    return pass;
  }

  async #progress(): Promise<ResponseProgress> {
    try {
      const chunk = await this.#next();
      return chunk === undefined ? this.#reader.close() : this.#reader.push(chunk);
    } catch (failure) {
      this.#outcome = this.#exchange.explain(failure);
      // The first bytes of a reply too short to be recognised are part of the response all the same.
      return { pass: this.#reader.close().pass, complete: false, failure: undefined };
    }
  }

  async #next(): Promise<Buffer | undefined> {
    const early = this.#early;
    this.#early = undefined;
    return early ?? this.#stream.read((signal) => this.#exchange.connection.read(signal));
  }

  async #print(): Promise<void> {
    const { parts, signal } = this.#exchange;
    const { outlet, dialect, timing, log } = parts;
    const packets = new DataPackets({
      ...parts,
      name: "+CHTTPACT",
      print: (batch) => outlet.packets(batch),
      gap: timing.packetGap,
      escaped: dialect.httpPayloadEscaped,
    });
    try {
      const code = await packets.print(this, signal);
      log.debug({ event: "http-response-ended", code });
      outlet.urc(`+CHTTPACT: ${code}`);
      if (code !== 0 && dialect.httpErrorFinal) outlet.urc("ERROR");
    } catch (error) {
      if (!this.#exchange.reset) log.error({ event: "http-response-lost", error: String(error) });
    }
  }
}
