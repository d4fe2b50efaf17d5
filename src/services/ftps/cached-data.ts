import { abortable } from "../../platform/abortable.ts";
import { ReceiveBuffer } from "../sockets/receive-buffer.ts";
import { TLS_LIMITS } from "../tls/limits.ts";
import type { FtpsCode } from "./codes.ts";
import type { RemoteData } from "./remote-data.ts";

interface CachedDataEvents {
  /** Bytes have come where none waited. */
  readonly arrived: () => void;
  /** The server has sent all, or failed, and the host has read what came. */
  readonly ended: (code: FtpsCode) => void;
}

/** A download that waits for the host, up to a limit; the server is held back beyond it. */
export class CachedData {
  readonly #data: RemoteData;
  readonly #events: CachedDataEvents;
  readonly #received = new ReceiveBuffer(TLS_LIMITS.unread);
  #code: FtpsCode | undefined;

  constructor(data: RemoteData, events: CachedDataEvents) {
    this.#data = data;
    this.#events = events;
  }

  /** Bytes that wait for the host. */
  get waiting(): number {
    return this.#received.length;
  }

  /** Fetches all from the server. Rejects only with the reason of the signal, which is the module's. */
  async fetch(signal: AbortSignal): Promise<void> {
    for (let bytes = await this.#data.read(); bytes !== undefined; bytes = await this.#data.read()) {
      const wasEmpty = this.#received.length === 0;
      const room = this.#received.push(bytes);
      if (wasEmpty) this.#events.arrived();
      if (room !== undefined) await abortable(room, signal);
    }
    this.#code = await this.#data.finish();
    this.#conclude();
  }

  /** Gives up to `count` of the bytes that wait. */
  take(count: number): Buffer {
    const bytes = this.#received.take(count);
    if (bytes.length > 0) this.#conclude();
    return bytes;
  }

  /** Gives up: nothing more is kept, or reported. */
  drop(): void {
    this.#received.clear();
  }

  #conclude(): void {
    if (this.#code !== undefined && this.#received.length === 0) this.#events.ended(this.#code);
  }
}
