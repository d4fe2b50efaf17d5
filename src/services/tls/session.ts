import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Network, SecureOptions } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import { closeGently } from "../sockets/close-gently.ts";
import type { TransparentLink } from "../sockets/parts.ts";
import { ReceiveBuffer } from "../sockets/receive-buffer.ts";
import { TLS_LIMITS } from "./limits.ts";

export interface TlsSessionParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  readonly work: WorkSet;
  /** Multiplies every time-out. */
  readonly timeoutScale: number;
  /** Ends with the power of the module. */
  readonly signal: AbortSignal;
}

export interface TlsSessionEvents {
  /** Bytes have come where none waited. */
  readonly arrived: () => void;
  /** The peer has ended or broken the connection. */
  readonly ended: () => void;
}

/** What carries a session. */
export type Stream = Pick<Connection, "read" | "write" | "end" | "close">;

/** Connects, and begins TLS unless `secure` is absent. */
export async function connectSecurely(
  network: Network,
  target: Endpoint,
  secure: SecureOptions | undefined,
  signal: AbortSignal,
): Promise<Stream> {
  const connection = await network.connect(target, signal);
  try {
    if (secure !== undefined) await connection.secure(secure, signal);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** One connection, plain or secure, whose data wait for the host. The server is held back while too many do. */
export class TlsSession {
  readonly #parts: TlsSessionParts;
  readonly #connection: Stream;
  readonly #events: TlsSessionEvents;
  readonly #received = new ReceiveBuffer(TLS_LIMITS.unread);
  readonly #life = new AbortController();
  #over = false;

  private constructor(parts: TlsSessionParts, connection: Stream, events: TlsSessionEvents) {
    this.#parts = parts;
    this.#connection = connection;
    this.#events = events;
    parts.signal.addEventListener("abort", () => this.#drop(), { once: true, signal: this.#life.signal });
  }

  /** Opens a session on what `connect` gives, and rejects as that does. `signal` gives the attempt up. */
  static async open(
    parts: TlsSessionParts,
    connect: (signal: AbortSignal) => Promise<Stream>,
    events: TlsSessionEvents,
    signal: AbortSignal = parts.signal,
  ): Promise<TlsSession> {
    const deadline = new Deadline(parts.clock, TLS_LIMITS.connect * parts.timeoutScale, signal);
    try {
      const connection = await connect(deadline.signal);
      if (deadline.signal.aborted) connection.close();
      deadline.signal.throwIfAborted();
      return new TlsSession(parts, connection, events);
    } finally {
      deadline.dispose();
    }
  }

  /** Lets data come from now on. */
  start(): void {
    void this.#parts.work.track(this.#receive());
  }

  /** Gives the connection to online data mode instead of {@link start}. */
  transparent(): TransparentLink {
    return {
      write: (bytes) => this.send(bytes),
      read: async () => {
        try {
          const bytes = await this.#connection.read(this.#life.signal);
          if (bytes === undefined) this.#end();
          return bytes;
        } catch (error) {
          this.#end();
          throw error;
        }
      },
      close: () => this.close(),
    };
  }

  /** Whether data can be sent. */
  get isOpen(): boolean {
    return !this.#over;
  }

  /** Bytes that wait for the host. */
  get waiting(): number {
    return this.#received.length;
  }

  /** Gives up to `count` of the bytes that wait; what is left is reported again. */
  take(count: number): Buffer {
    return this.#received.take(count);
  }

  /** Sends, and resolves when the server has taken it. Rejects with the failure of the network. */
  async send(bytes: Uint8Array): Promise<void> {
    const { clock, timeoutScale } = this.#parts;
    const deadline = new Deadline(clock, TLS_LIMITS.send * timeoutScale, this.#life.signal);
    try {
      await this.#connection.write(bytes, deadline.signal);
    } finally {
      deadline.dispose();
    }
  }

  /** Closes the session; what was sent still arrives, what was not read is dropped. */
  close(): void {
    const { work, clock, signal } = this.#parts;
    const wasOpen = !this.#over;
    this.#over = true;
    this.#life.abort(new Error("the host has closed the session"));
    this.#received.clear();
    if (wasOpen) void work.track(closeGently(this.#connection, clock, signal));
    else this.#connection.close();
  }

  #drop(): void {
    this.#over = true;
    this.#life.abort(this.#parts.signal.reason);
    this.#received.clear();
    this.#connection.close();
  }

  async #receive(): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.#connection.read(this.#life.signal);
        if (bytes === undefined) break;
        const wasEmpty = this.#received.length === 0;
        const room = this.#received.push(bytes);
        if (wasEmpty) this.#events.arrived();
        await room;
      }
    } catch (error) {
      if (!this.#over) this.#parts.log.debug({ event: "tls-session-lost", error: String(error) });
    }
    this.#end();
  }

  /** The connection has ended. Nothing is reported where this side has closed it before. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection.close();
    this.#events.ended();
  }
}
