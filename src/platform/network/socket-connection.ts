import type { Socket } from "node:net";
import { onAbort } from "../abortable.ts";
import { CONNECTION_LIMITS, type Connection, type Endpoint, type SecureOptions } from "./network.ts";
import { ReadBuffer } from "./read-buffer.ts";
import { ServiceError, toServiceError } from "./service-error.ts";

/** A {@link Connection} on a connected `net.Socket`. Reads ahead by a bounded amount and then holds the peer back. */
export class SocketConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #plain: Socket;
  /** The plain socket, or TLS on it. */
  #socket: Socket;
  readonly #buffer = new ReadBuffer();
  #ended = false;
  #failure: Error | undefined;
  /** Wakes the one reader and the writers that wait for room, whenever something has changed. */
  readonly #waiters = new Set<() => void>();
  readonly #listeners = {
    data: (chunk: Buffer) => {
      this.#buffer.push(chunk);
      if (this.#buffer.length >= CONNECTION_LIMITS.readAhead) this.#socket.pause();
      this.#wake();
    },
    end: () => {
      this.#ended = true;
      this.#wake();
    },
    drain: () => this.#wake(),
    error: (error: Error) => this.#fail(toServiceError(error)),
    close: () => this.#fail(new ServiceError("CLOSED", "the connection is closed")),
  };

  constructor(socket: Socket) {
    this.#plain = socket;
    this.#socket = socket;
    this.local = { host: socket.localAddress ?? "", port: socket.localPort ?? 0 };
    this.remote = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.setNoDelay(true);
    this.#listen(socket);
  }

  async read(signal: AbortSignal): Promise<Buffer | undefined> {
    while (this.#buffer.length === 0) {
      if (this.#ended) return undefined;
      await this.#change(signal);
    }
    const chunk = this.#buffer.shift();
    this.#consumed();
    return chunk;
  }

  async peek(signal: AbortSignal): Promise<Buffer | undefined> {
    while (this.#buffer.length === 0) {
      if (this.#ended) return undefined;
      await this.#change(signal);
    }
    return this.#buffer.first;
  }

  async readLine(limit: number, signal: AbortSignal): Promise<Buffer> {
    const line = await this.#buffer.readLine(limit, () => this.#more(signal));
    this.#consumed();
    return line;
  }

  async readExactly(length: number, signal: AbortSignal): Promise<Buffer> {
    const bytes = await this.#buffer.readExactly(length, () => this.#more(signal));
    this.#consumed();
    return bytes;
  }

  async write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#socket.write(bytes)) return;
    while (this.#socket.writableNeedDrain) await this.#change(signal);
    // A socket that has failed needs no drain either.
    if (this.#failure !== undefined) throw this.#failure;
  }

  async secure(options: SecureOptions, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    this.#plain.pause();
    for (const [event, listener] of Object.entries(this.#listeners)) this.#plain.removeListener(event, listener);
    // What has arrived belongs to the handshake. A plain-text reply that an attacker has added makes it fail.
    const early: Buffer[] = [];
    for (let chunk = this.#buffer.shift(); chunk !== undefined; chunk = this.#buffer.shift()) early.push(chunk);
    if (early.length > 0) this.#plain.unshift(Buffer.concat(early));
    try {
      // Loaded only for this: it takes a tenth of the time in which the program starts.
      const { startTls } = await import("./tls.ts");
      signal.throwIfAborted();
      this.#socket = await startTls(this.#plain, options, signal);
    } catch (error) {
      const reason = error instanceof Error ? error : new ServiceError("UNKNOWN", String(error));
      this.close(reason);
      throw reason;
    }
    this.#listen(this.#socket);
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  close(reason?: Error): void {
    this.#buffer.clear();
    this.#ended = false;
    this.#failure = reason ?? new ServiceError("CLOSED", "the connection was closed here");
    if (reason instanceof ServiceError && reason.code === "RESET") this.#plain.resetAndDestroy();
    this.#socket.destroy();
    this.#plain.destroy();
    this.#wake();
  }

  #listen(socket: Socket): void {
    for (const [event, listener] of Object.entries(this.#listeners)) socket.on(event, listener);
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  #consumed(): void {
    if (this.#buffer.length < CONNECTION_LIMITS.readAhead && this.#socket.isPaused()) this.#socket.resume();
  }

  /** Waits until something arrives, drains, ends or fails. A failure is thrown here: what had arrived was read before. */
  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const done = () => {
        this.#waiters.delete(waiter);
        release();
      };
      const waiter = () => {
        done();
        // A failure that comes together with data or the end must not overtake them.
        if (this.#failure !== undefined && this.#buffer.length === 0 && !this.#ended) reject(this.#failure);
        else resolve();
      };
      this.#waiters.add(waiter);
      const release = onAbort(signal, () => {
        done();
        reject(signal.reason);
      });
    });
  }

  /** Waits for more bytes than are buffered now; the end is `CLOSED`. */
  async #more(signal: AbortSignal): Promise<void> {
    const before = this.#buffer.chunks;
    // Here the caller's limit bounds the buffer, not the read-ahead.
    this.#socket.resume();
    while (this.#buffer.chunks === before) {
      if (this.#ended) throw new ServiceError("CLOSED", "the peer closed the connection");
      await this.#change(signal);
    }
  }
}
