import type { Connection, Endpoint, SecureOptions } from "./network.ts";
import { ReadBuffer } from "./read-buffer.ts";
import { ServiceError } from "./service-error.ts";

/** What a connection's guard, observer or fault does. Each hook is optional, and none is called for nothing. */
export interface ConnectionHooks {
  /** Gets what the peer has sent, before our side reads it, and gives what our side reads instead. May wait, or throw. */
  readonly received?: (bytes: Buffer, signal: AbortSignal) => Buffer | Promise<Buffer>;
  /** Gets what our side sends, and gives what is sent instead. May wait, or throw. */
  readonly sent?: (bytes: Uint8Array | string, signal: AbortSignal) => SentBytes | Promise<SentBytes>;
  /** A read, a write or a handshake has failed; its error, which was the signal's reason where that aborted. */
  readonly failed?: (error: unknown) => void;
  /** Our side has closed the connection. Called once. */
  readonly closed?: (reason: Error | undefined) => void;
}

type SentBytes = Uint8Array | string;

/** The same connection with hooks in it. The original must not be used beside it. */
export function hookConnection(connection: Connection, hooks: ConnectionHooks): Connection {
  return new HookedConnection(connection, hooks);
}

class HookedConnection implements Connection {
  readonly #inner: Connection;
  readonly #hooks: ConnectionHooks;
  /** What the `received` hook has given and nobody has read. */
  readonly #buffer = new ReadBuffer();
  #closed = false;

  constructor(inner: Connection, hooks: ConnectionHooks) {
    this.#inner = inner;
    this.#hooks = hooks;
  }

  get local(): Endpoint {
    return this.#inner.local;
  }

  get remote(): Endpoint {
    return this.#inner.remote;
  }

  read(signal: AbortSignal): Promise<Buffer | undefined> {
    // With a signal that has aborted before, a read takes what is there: nothing is no failure.
    const nothing = signal.aborted ? signal.reason : undefined;
    return this.#watch(async () => this.#buffer.shift() ?? (await this.#receive(signal)), nothing);
  }

  readLine(limit: number, signal: AbortSignal): Promise<Buffer> {
    return this.#watch(() =>
      this.#hooks.received === undefined
        ? this.#inner.readLine(limit, signal)
        : this.#buffer.readLine(limit, () => this.#more(signal)),
    );
  }

  readExactly(length: number, signal: AbortSignal): Promise<Buffer> {
    return this.#watch(() =>
      this.#hooks.received === undefined
        ? this.#inner.readExactly(length, signal)
        : this.#buffer.readExactly(length, () => this.#more(signal)),
    );
  }

  write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    const { sent } = this.#hooks;
    return this.#watch(async () => this.#inner.write(sent === undefined ? bytes : await sent(bytes, signal), signal));
  }

  secure(options: SecureOptions, signal: AbortSignal): Promise<void> {
    return this.#watch(async () => {
      if (this.#buffer.length > 0) throw new ServiceError("REPLY", "the peer sent plain text where TLS begins");
      await this.#inner.secure(options, signal);
    });
  }

  end(): void {
    this.#inner.end();
  }

  close(reason?: Error): void {
    this.#buffer.clear();
    this.#inner.close(reason);
    if (this.#closed) return;
    this.#closed = true;
    this.#hooks.closed?.(reason);
  }

  async #watch<T>(operation: () => Promise<T>, nothing?: unknown): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (!this.#closed && (nothing === undefined || error !== nothing)) this.#hooks.failed?.(error);
      throw error;
    }
  }

  /** Gives at least one byte, as the hook has it, or `undefined` at the end. */
  async #receive(signal: AbortSignal): Promise<Buffer | undefined> {
    const { received } = this.#hooks;
    for (;;) {
      const chunk = await this.#inner.read(signal);
      if (chunk === undefined || received === undefined) return chunk;
      const given = await received(chunk, signal);
      if (given.length > 0) return given;
    }
  }

  async #more(signal: AbortSignal): Promise<void> {
    const chunk = await this.#receive(signal);
    if (chunk === undefined) throw new ServiceError("CLOSED", "the peer closed the connection");
    this.#buffer.push(chunk);
  }
}
