import type { Dialect } from "../../module/dialect.ts";
import type { Timing } from "../../module/timing.ts";
import { HTTP_SILENCE_TIME } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { RequestRepair } from "../../protocols/http/request-repair.ts";
import { ResponseReader } from "../../protocols/http/response-reader.ts";
import { DataPackets } from "../data-packets.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import { HTTP_CODES, type HttpCode, httpCode } from "./code.ts";

export interface HttpOperationParts {
  readonly clock: Clock;
  readonly outlet: UnsolicitedOutput;
  readonly dialect: Dialect;
  readonly timing: Timing;
  readonly log: Log;
}

/**
 * One HTTP exchange on a connection that stands: `write` as often as the host enters something, `finish` at its Ctrl-Z,
 * and, once `OK` is printed, `start`. From then on the response and its end reach the host through the outlet.
 *
 * @spec manual 6.1, decisions 6
 */
export class HttpOperation {
  readonly #parts: HttpOperationParts;
  readonly #connection: Connection;
  readonly #parent: AbortSignal;
  readonly #released: () => void;
  readonly #controller = new AbortController();
  readonly #onParentAbort = () => this.abort(this.#parent.reason);
  readonly #repair = new RequestRepair();
  #failure: HttpCode | undefined;
  /** What the server said before it broke off the request. */
  #early: Buffer | undefined;

  /** Owns the connection. `released` is called once, when the operation is over. */
  constructor(parts: HttpOperationParts, connection: Connection, signal: AbortSignal, released: () => void) {
    this.#parts = parts;
    this.#connection = connection;
    this.#parent = signal;
    this.#released = released;
    signal.addEventListener("abort", this.#onParentAbort, { once: true });
  }

  /**
   * Sends what the host has entered, without its escapes; the bytes must not change afterwards. Resolves when there is
   * room for more. Once the server's side has failed it takes everything and sends nothing: `finish` tells.
   */
  async write(bytes: Buffer): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#failure !== undefined) return;
    await this.#attempt(() => this.#send(this.#repair.push(bytes)));
  }

  /**
   * Ends the request. Gives the code when it has failed, and the operation is over; otherwise `undefined`, and nothing of
   * the response is printed before {@link start}.
   */
  async finish(): Promise<HttpCode | undefined> {
    this.#signal.throwIfAborted();
    if (this.#failure === undefined) {
      const rest = this.#repair.finish();
      if (rest === undefined) this.#failure = HTTP_CODES.parameter;
      else await this.#attempt(() => this.#send(rest));
    }
    if (this.#failure === undefined || (await this.#answeredEarly())) return undefined;
    this.#close();
    return this.#failure;
  }

  /** Lets the response out. */
  start(): void {
    void this.#pump();
  }

  /** Drops the connection and everything that waits. Nothing more is printed; who waits here gets the reason. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
    this.#close();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#failure = this.#explain(error);
    }
  }

  async #send(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    // A server that refuses a request answers and breaks the connection at once. A write that runs into the break makes the
    // system throw away the answer, so it is read first.
    await yieldToIo();
    await this.#within(this.#patience, (signal) => this.#connection.write(bytes, signal));
  }

  /** Whether the server has answered although it did not take the whole request, as one that refuses it does. */
  async #answeredEarly(): Promise<boolean> {
    if (this.#failure !== HTTP_CODES.transfer && this.#failure !== HTTP_CODES.timeout) return false;
    try {
      // An aborted signal forbids to wait; what has arrived is given all the same.
      this.#early = await this.#connection.read(AbortSignal.abort());
    } catch {
      return false;
    }
    return this.#early !== undefined;
  }

  async #pump(): Promise<void> {
    const { outlet, dialect, timing, log } = this.#parts;
    try {
      const packets = new DataPackets({
        ...this.#parts,
        name: "+CHTTPACT",
        print: (batch) => outlet.packets(batch),
        gap: timing.packetGap,
        escaped: dialect.httpPayloadEscaped,
      });
      const code = await this.#receive(packets).catch((error: unknown) => {
        this.#signal.throwIfAborted();
        return this.#explain(error);
      });
      await packets.flush(this.#signal);
      await packets.pause(this.#signal);
      this.#close();
      log.debug({ event: "http response ended", code });
      outlet.urc(`+CHTTPACT: ${code}`);
      if (code !== 0 && dialect.httpErrorFinal) outlet.urc("ERROR");
    } catch (error) {
      this.#close();
      if (!this.#signal.aborted) log.error({ event: "http response lost", error: String(error) });
    }
  }

  /** Prints the response to its end. */
  async #receive(packets: DataPackets): Promise<0> {
    const { dialect } = this.#parts;
    const reader = new ResponseReader({ method: this.#repair.method, lowerCase: dialect.httpHeaderLowerCase });
    try {
      for (;;) {
        const chunk = await this.#next(packets);
        const { pass, complete, failure } = chunk === undefined ? reader.close() : reader.push(chunk);
        await packets.write(pass, this.#signal);
        if (complete) return 0;
        if (failure !== undefined) throw failure;
      }
    } catch (error) {
      // What had come of a reply too short to be told from HTTP is part of the response all the same.
      await packets.write(reader.close().pass, this.#signal);
      throw error;
    }
  }

  /** What the server sends next. A packet that waits to be filled goes out when nothing comes for a while. */
  async #next(packets: DataPackets): Promise<Buffer | undefined> {
    const early = this.#early;
    if (early !== undefined) {
      this.#early = undefined;
      return early;
    }
    const read = (signal: AbortSignal) => this.#connection.read(signal);
    return packets.flushWhileWaiting(this.#within(this.#patience, read), this.#signal);
  }

  /** Only while we wait for the server does its time run: each wait has a deadline of its own. */
  async #within<T>(period: number, wait: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new Deadline(this.#parts.clock, period, this.#signal);
    try {
      return await wait(deadline.signal);
    } finally {
      deadline.dispose();
    }
  }

  get #signal(): AbortSignal {
    return this.#controller.signal;
  }

  get #patience(): number {
    return HTTP_SILENCE_TIME * this.#parts.timing.timeoutScale;
  }

  #explain(error: unknown): HttpCode {
    const code = httpCode(error, "connected");
    this.#parts.log.debug({ event: "http failed", code, error: String(error) });
    return code;
  }

  #close(): void {
    this.#parent.removeEventListener("abort", this.#onParentAbort);
    this.#connection.close();
    this.#released();
  }
}
