import type { Socket } from "node:net";
import { CONNECTION_BUFFER } from "../limits.ts";
import type { Connection, Endpoint } from "./network.ts";
import { ServiceError, type ServiceErrorCode } from "./service-error.ts";

const LF = 0x0a;
const CR = 0x0d;

const codeOfErrno: Readonly<Record<string, ServiceErrorCode>> = {
  ENOTFOUND: "UNRESOLVED",
  EAI_AGAIN: "UNRESOLVED",
  EAI_FAIL: "UNRESOLVED",
  EAI_NONAME: "UNRESOLVED",
  EAI_NODATA: "UNRESOLVED",
  ECONNREFUSED: "REFUSED",
  ENETUNREACH: "UNREACHABLE",
  EHOSTUNREACH: "UNREACHABLE",
  ENETDOWN: "UNREACHABLE",
  EHOSTDOWN: "UNREACHABLE",
  ETIMEDOUT: "TIMEOUT",
  ECONNRESET: "RESET",
  EPIPE: "RESET",
  ECONNABORTED: "RESET",
};

/** Turns an error of the operating system into the one error that services know. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const errno = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceError(codeOfErrno[errno] ?? "UNKNOWN", message, { cause: error });
}

/** A {@link Connection} on a connected `net.Socket`. It reads ahead by {@link CONNECTION_BUFFER} and then holds the peer back. */
export class SocketConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #buffered = 0;
  #ended = false;
  #failure: Error | undefined;
  /** Wakes the one reader and the writers that wait for room, whenever something has changed. */
  readonly #waiters = new Set<() => void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    this.local = { host: socket.localAddress ?? "", port: socket.localPort ?? 0 };
    this.remote = { host: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      if (this.#buffered >= CONNECTION_BUFFER) socket.pause();
      this.#wake();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on("drain", () => this.#wake());
    socket.on("error", (error) => this.#fail(toServiceError(error)));
    socket.on("close", () => this.#fail(new ServiceError("CLOSED", "the connection is closed")));
  }

  async read(signal: AbortSignal): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#ended) return undefined;
      await this.#change(signal);
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#consumed(chunk.length);
    return chunk;
  }

  async readLine(limit: number, signal: AbortSignal): Promise<Buffer> {
    let searched = 0;
    for (;;) {
      const length = this.#lineLength(searched);
      if (length !== undefined) {
        if (length > limit + 2) throw tooLong(limit);
        const line = this.#take(length);
        const end = line[length - 2] === CR ? length - 2 : length - 1;
        if (end > limit) throw tooLong(limit);
        return line.subarray(0, end);
      }
      if (this.#buffered > limit + 1) throw tooLong(limit);
      searched = this.#chunks.length;
      await this.#more(signal);
    }
  }

  async readExactly(length: number, signal: AbortSignal): Promise<Buffer> {
    const whole = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      if (this.#buffered === 0) await this.#more(signal);
      const part = this.#take(Math.min(this.#buffered, length - filled));
      filled += part.copy(whole, filled);
    }
    return whole;
  }

  async write(bytes: Uint8Array | string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#socket.write(bytes)) return;
    while (this.#socket.writableNeedDrain) await this.#change(signal);
    // A socket that has failed needs no drain either.
    if (this.#failure !== undefined) throw this.#failure;
  }

  end(): void {
    this.#socket.end();
  }

  close(reason?: Error): void {
    this.#chunks.length = 0;
    this.#buffered = 0;
    this.#ended = false;
    this.#failure = reason ?? new ServiceError("CLOSED", "the connection was closed here");
    if (reason instanceof ServiceError && reason.code === "RESET") this.#socket.resetAndDestroy();
    else this.#socket.destroy();
    this.#wake();
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  #consumed(length: number): void {
    this.#buffered -= length;
    if (this.#buffered < CONNECTION_BUFFER && this.#socket.isPaused()) this.#socket.resume();
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
        signal.removeEventListener("abort", onAbort);
      };
      const waiter = () => {
        done();
        // A failure that comes together with data or the end must not overtake them.
        if (this.#failure !== undefined && this.#chunks.length === 0 && !this.#ended) reject(this.#failure);
        else resolve();
      };
      const onAbort = () => {
        done();
        reject(signal.reason);
      };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Waits for more bytes than are buffered now; the end is `CLOSED`. */
  async #more(signal: AbortSignal): Promise<void> {
    const before = this.#chunks.length;
    // What waits for the end of a long line is bounded by the caller's limit instead.
    this.#socket.resume();
    while (this.#chunks.length === before) {
      if (this.#ended) throw new ServiceError("CLOSED", "the peer closed the connection");
      await this.#change(signal);
    }
  }

  /** The length of the first line with its terminator, or `undefined` while none is complete; skips searched chunks. */
  #lineLength(searched: number): number | undefined {
    let length = 0;
    for (const [index, chunk] of this.#chunks.entries()) {
      const at = index < searched ? -1 : chunk.indexOf(LF);
      if (at >= 0) return length + at + 1;
      length += chunk.length;
    }
    return undefined;
  }

  /** Removes `length` buffered bytes from the front, in one piece and without a copy where they lie in one chunk. */
  #take(length: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= length) {
      if (first.length === length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(length);
      this.#consumed(length);
      return first.subarray(0, length);
    }
    const whole = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const part = this.#take(Math.min(this.#chunks[0]?.length ?? 0, length - filled));
      filled += part.copy(whole, filled);
    }
    return whole;
  }
}

function tooLong(limit: number): ServiceError {
  return new ServiceError("REPLY", `a line of more than ${limit} bytes`);
}
