import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import type { Packet } from "../../platform/packet.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import type { Credentials } from "./credentials.ts";
import { TLS_LIMITS } from "./limits.ts";
import { TlsSession, type TlsSessionParts } from "./session.ts";

/** The outcomes of the channel commands (module.md 2.3). */
const CHANNEL_CODES = { ok: 0, alert: 1, unknown: 2, closed: 4, timeout: 5, transfer: 6, network: 9 } as const;

export type ChannelCode = (typeof CHANNEL_CODES)[keyof typeof CHANNEL_CODES];

const OF_ERROR: Readonly<Record<ServiceErrorCode, ChannelCode>> = {
  UNRESOLVED: CHANNEL_CODES.network,
  REFUSED: CHANNEL_CODES.network,
  UNREACHABLE: CHANNEL_CODES.network,
  RESET: CHANNEL_CODES.closed,
  CLOSED: CHANNEL_CODES.closed,
  TIMEOUT: CHANNEL_CODES.timeout,
  REPLY: CHANNEL_CODES.alert,
  UNKNOWN: CHANNEL_CODES.unknown,
};

export interface ChannelServiceParts extends TlsSessionParts {
  readonly outlet: UnsolicitedOutput;
  readonly credentials: Credentials;
}

/** Two channels of TLS or TCP, as AT+CCH drives them. @spec module.md 2.3 */
export class ChannelService {
  readonly #parts: ChannelServiceParts;
  readonly #channels = new Map<number, TlsSession | "opening">();
  #isStarted = false;
  /** Whether the end of a transmission is reported, and whether received data wait for the host (AT+CCHSET). */
  reportsSending = false;
  isManual = false;

  constructor(parts: ChannelServiceParts) {
    this.#parts = parts;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Closes the channels too. */
  stop(): void {
    for (const number of [...this.#channels.keys()]) this.close(number);
    this.#isStarted = false;
  }

  /** Whether a channel is open, be its peer still there or not. */
  has(number: number): boolean {
    return this.#channels.has(number);
  }

  /** Opens a channel that is free. */
  async open(number: number, host: string, port: number, isSecure: boolean): Promise<ChannelCode> {
    const { credentials, signal, log, outlet } = this.#parts;
    this.#channels.set(number, "opening");
    try {
      const secure = isSecure ? await credentials.secureOptions(host, signal) : undefined;
      const session = await TlsSession.open(this.#parts, { host, port, service: "tcp" }, secure, {
        arrived: () => (this.isManual ? outlet.urc(`+CCHEVENT: ${number},RECV EVENT`) : this.#print(number)),
        ended: () => outlet.urc(`+CCH_PEER_CLOSED: ${number}`),
      });
      if (this.#channels.get(number) !== "opening") {
        session.close();
        return CHANNEL_CODES.closed;
      }
      this.#channels.set(number, session);
      return CHANNEL_CODES.ok;
    } catch (error) {
      signal.throwIfAborted();
      this.#channels.delete(number);
      log.debug({ event: "channel-not-opened", channel: number, error: String(error) });
      return codeOf(error);
    }
  }

  /** Lets the data of a channel come from now on. */
  begin(number: number): void {
    this.#session(number)?.start();
  }

  /** Whether data can be sent on a channel. */
  canSend(number: number): boolean {
    return this.#session(number)?.isOpen === true;
  }

  async send(number: number, bytes: Buffer): Promise<ChannelCode> {
    const session = this.#session(number);
    if (session?.isOpen !== true) return CHANNEL_CODES.closed;
    try {
      await session.send(bytes);
      return CHANNEL_CODES.ok;
    } catch (error) {
      this.#parts.signal.throwIfAborted();
      return codeOf(error);
    }
  }

  /** Bytes that wait for the host. */
  waiting(number: number): number {
    return this.#session(number)?.waiting ?? 0;
  }

  /** Up to `count` of the bytes that wait, as they are printed. */
  take(number: number, count: number): readonly Packet[] {
    const bytes = this.#session(number)?.take(count) ?? Buffer.alloc(0);
    const packets: Packet[] = [];
    for (let at = 0; at < bytes.length; at += TLS_LIMITS.block) {
      const payload = bytes.subarray(at, at + TLS_LIMITS.block);
      packets.push({ head: `+CCHRECV: DATA,${number},${payload.length}`, payload });
    }
    return packets;
  }

  /** Closes a channel; `false` where it is not open. */
  close(number: number): boolean {
    const session = this.#channels.get(number);
    this.#channels.delete(number);
    if (typeof session === "object") session.close();
    return session !== undefined;
  }

  #session(number: number): TlsSession | undefined {
    const session = this.#channels.get(number);
    return typeof session === "object" ? session : undefined;
  }

  /** Prints what waits, and what comes meanwhile; the peer is held back as long as the host is. */
  #print(number: number): void {
    const { work, outlet } = this.#parts;
    const printing = (async () => {
      while (this.waiting(number) > 0) await outlet.packets(this.take(number, TLS_LIMITS.block));
    })();
    void work.track(printing);
  }
}

function codeOf(error: unknown): ChannelCode {
  return error instanceof ServiceError ? OF_ERROR[error.code] : CHANNEL_CODES.unknown;
}
