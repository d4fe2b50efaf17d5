import type { Endpoint } from "../../platform/network/network.ts";
import { SOCKET_LIMITS } from "./limits.ts";
import type { SocketParts } from "./parts.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";

/**
 * What one link has received, on its way to the host: printed as it comes, or kept until the host asks for it. Either way
 * `take` resolves when there is room for more.
 *
 * @spec module.md 1.5
 */
export class Inbox {
  readonly #parts: SocketParts;
  readonly #link: number;
  readonly #isManual: () => boolean;
  readonly #buffer = new ReceiveBuffer(SOCKET_LIMITS.unread);
  #from: Endpoint | undefined;

  constructor(parts: SocketParts, link: number, isManual: () => boolean) {
    this.#parts = parts;
    this.#link = link;
    this.#isManual = isManual;
  }

  /** Bytes that wait for the host. */
  get waiting(): number {
    return this.#buffer.length;
  }

  /** Takes bytes that have come, which must not change afterwards. */
  async take(bytes: Buffer, from: Endpoint): Promise<void> {
    this.#from = from;
    if (!this.#isManual()) {
      await this.#print(bytes, from);
      return;
    }
    const wasEmpty = this.#buffer.length === 0;
    const room = this.#buffer.push(bytes);
    const { outlet } = this.#parts;
    if (wasEmpty) outlet.urc(`+CIPRXGET: 1,${this.#link}`);
    for (let left = bytes.length; left > 0; left -= SOCKET_LIMITS.block) {
      const header = this.#header(Math.min(left, SOCKET_LIMITS.block), from);
      if (header !== "") outlet.urc(header);
    }
    await room;
  }

  /** Gives the host up to `count` of the bytes that wait. */
  give(count: number): Buffer {
    return this.#buffer.take(count);
  }

  /** Prints what waits: the host has left manual mode. */
  async flush(): Promise<void> {
    const waiting = this.#buffer.take(SOCKET_LIMITS.unread * 2);
    if (waiting.length > 0 && this.#from !== undefined) await this.#print(waiting, this.#from);
  }

  /** Drops what waits. */
  clear(): void {
    this.#buffer.clear();
  }

  async #print(bytes: Buffer, from: Endpoint): Promise<void> {
    const { outlet } = this.#parts;
    if (this.#header(0, from) === "") {
      await outlet.bytes(bytes);
      return;
    }
    const packets = [];
    for (let at = 0; at < bytes.length; at += SOCKET_LIMITS.block) {
      const payload = bytes.subarray(at, at + SOCKET_LIMITS.block);
      packets.push({ head: this.#header(payload.length, from), payload });
    }
    await outlet.packets(packets);
  }

  /** The lines before a block of data, as AT+CIPSRIP, AT+CIPHEAD and AT+CIPCCFG have them. */
  #header(length: number, { host, port }: Endpoint): string {
    const { settings } = this.#parts;
    const lines = [];
    if (settings.get("+CIPSRIP") === 1) lines.push(`RECV FROM:${host}:${port}`);
    if (settings.get("+CIPHEAD") === 1)
      lines.push(settings.get("+CIPCCFG:4") === 1 ? `+RECEIVE,${this.#link},${length}` : `+IPD${length}`);
    return lines.join("\r\n");
  }
}
