import { abortable } from "../../platform/abortable.ts";
import {
  CONNECTION_LIMITS,
  type Connection,
  type Endpoint,
  type SecureOptions,
} from "../../platform/network/network.ts";
import { ReadBuffer } from "../../platform/network/read-buffer.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Flow, type Stage } from "../flow.ts";

/**
 * A connection that faults can get hold of at any time. Without one it reads when its reader does, and writes at once.
 * While one holds, it reads ahead, so that a delay is counted from the moment at which bytes have come.
 */
export class FaultyConnection implements Connection {
  readonly down: Flow;
  readonly up: Flow;
  readonly #inner: Connection;
  readonly #clock: Clock;
  readonly #gone: () => void;
  readonly #buffer = new ReadBuffer();
  readonly #life = new AbortController();
  /** Aborts the read that is under way. */
  #reading = new AbortController();
  #isReading = false;
  #isSecuring = false;
  #pulled: Promise<void> | undefined;
  /** The peer has ended; what came before has been delivered to the buffer once `#over` is set, too. */
  #inputOver = false;
  #over = false;
  #failure: unknown;
  #closed = false;
  #hasEnded = false;
  #isHungUp = false;
  #changed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  /** `gone` is called when the connection is closed. */
  constructor(inner: Connection, clock: Clock, gone: () => void) {
    this.#inner = inner;
    this.#clock = clock;
    this.#gone = gone;
    this.down = new Flow(
      (bytes) => this.#deliver(bytes),
      () => {
        this.#change();
        this.readAhead();
      },
      "here",
    );
    this.up = new Flow(
      (bytes) => this.#inner.write(bytes, this.#life.signal).catch((error: unknown) => this.#fail(error)),
      () => this.#change(),
    );
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  async read(signal: AbortSignal): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#buffer.shift();
      if (chunk !== undefined) return chunk;
      if (this.#over && this.#failure === undefined) return undefined;
      await this.#more(signal);
    }
  }

  readLine(limit: number, signal: AbortSignal): Promise<Buffer> {
    return this.#buffer.readLine(limit, () => this.#moreOrClosed(signal));
  }

  readExactly(length: number, signal: AbortSignal): Promise<Buffer> {
    return this.#buffer.readExactly(length, () => this.#moreOrClosed(signal));
  }

  write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    const isFree = this.up.isClear && this.#failure === undefined && !this.#isHungUp;
    return isFree ? this.#inner.write(bytes, signal) : this.#enqueue(bytes, signal);
  }

  async #enqueue(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    // As a peer that has closed its socket answers to what still comes.
    if (this.#isHungUp) throw new ServiceError("RESET", "a fault has ended the connection");
    this.up.push(Buffer.from(bytes as Uint8Array), this.#clock.monotonic());
    while (this.up.length >= CONNECTION_LIMITS.readAhead) {
      await this.#next(signal);
      if (this.#failure !== undefined) throw this.#failure;
    }
  }

  async secure(options: SecureOptions, signal: AbortSignal): Promise<void> {
    if (this.#buffer.length > 0) throw new ServiceError("REPLY", "the peer sent plain text where TLS begins");
    while (this.up.length > 0) await this.#next(signal);
    // Neither we nor a fault that begins meanwhile may read what belongs to the handshake.
    this.#isSecuring = true;
    try {
      this.#reading.abort();
      await this.#pulled;
      this.#reading = new AbortController();
      await this.#inner.secure(options, signal);
    } finally {
      this.#isSecuring = false;
    }
    this.readAhead();
  }

  end(): void {
    this.#hasEnded = true;
    if (this.up.isClear) this.#inner.end();
    else this.up.end(() => this.#inner.end());
  }

  close(reason?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#buffer.clear();
    this.#fail(reason ?? new ServiceError("CLOSED", "the connection is closed"));
    // As with a socket, what was sent before a proper end still reaches the peer, however slow the way.
    if (reason === undefined && this.#hasEnded && !this.up.isClear) this.up.end(() => this.#drop(undefined));
    else this.#drop(reason);
  }

  /** The module gets this as if the peer had sent it, from the place of a stage of `down` on. */
  say(bytes: Buffer, from: Stage, passed?: () => void): void {
    this.down.inject(bytes, this.#clock.monotonic(), from, passed);
  }

  #deliver(bytes: Buffer): void {
    this.#buffer.push(bytes);
    this.#change();
  }

  /** Breaks the connection for both sides. */
  reset(): void {
    const error = new ServiceError("RESET", "a fault has reset the connection");
    this.#buffer.clear();
    this.#fail(error);
    this.#drop(error);
  }

  /** Both sides see the end of the other one. */
  hangUp(): void {
    this.down.stop();
    this.up.stop();
    this.#over = true;
    this.#isHungUp = true;
    this.#drop(undefined);
    this.#change();
  }

  /** Reads what has come, while a fault holds and there is room. */
  readAhead(): void {
    if (!this.down.isClear) this.#pull();
  }

  #drop(reason: Error | undefined): void {
    this.#inputOver = true;
    this.down.stop();
    this.up.stop();
    this.#life.abort(reason ?? new ServiceError("CLOSED", "the connection is closed"));
    this.#inner.close(reason);
    this.#gone();
  }

  #pull(): void {
    const waiting = this.#buffer.length + this.down.length;
    if (this.#isReading || this.#isSecuring || this.#inputOver || waiting >= CONNECTION_LIMITS.readAhead) return;
    this.#isReading = true;
    const { signal } = this.#reading;
    this.#pulled = this.#inner.read(signal).then(
      (chunk) => {
        this.#isReading = false;
        this.#arrived(chunk);
      },
      (error: unknown) => {
        this.#isReading = false;
        if (signal.aborted || this.#inputOver) return;
        this.#inputOver = true;
        this.down.end(() => this.#fail(error));
      },
    );
  }

  #arrived(chunk: Buffer | undefined): void {
    if (this.#inputOver) return;
    if (chunk === undefined) {
      this.#inputOver = true;
      this.down.end(() => {
        this.#over = true;
      });
    } else if (this.down.isClear) {
      this.#buffer.push(chunk);
      this.#change();
    } else {
      this.down.push(chunk, this.#clock.monotonic());
      this.#pull();
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#over = true;
    this.#change();
  }

  async #moreOrClosed(signal: AbortSignal): Promise<void> {
    if (this.#over && this.#failure === undefined) throw new ServiceError("CLOSED", "the peer closed the connection");
    await this.#more(signal);
  }

  /** Waits until something has changed for the reader. */
  async #more(signal: AbortSignal): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.down.isClear && !this.#isReading && !this.#inputOver) {
      await this.#read(signal);
      return;
    }
    this.#pull();
    await this.#next(signal);
  }

  /** Reads as the reader itself would. What comes passes the faults that have begun meanwhile. */
  async #read(signal: AbortSignal): Promise<void> {
    this.#isReading = true;
    try {
      this.#arrived(await this.#inner.read(signal));
    } catch (error) {
      if (this.#failure !== undefined) throw this.#failure;
      if (!this.#over) throw error;
    } finally {
      this.#isReading = false;
      this.readAhead();
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    if (this.#changed === undefined) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#changed = { promise, resolve };
    }
    return abortable(this.#changed.promise, signal);
  }

  #change(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}
