import { eitherSignal } from "../../platform/abortable.ts";
import type { Endpoint } from "../../platform/network/network.ts";
import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import type { Packet } from "../../platform/packet.ts";
import type { TransparentLink } from "../sockets/parts.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";
import type { Credentials } from "./credentials.ts";
import { DatagramPeer } from "./datagram-peer.ts";
import { TLS_LIMITS } from "./limits.ts";
import { connectSecurely, type Stream, TlsSession, type TlsSessionParts } from "./session.ts";

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

/** What AT+CCHOPEN asks for. */
export interface ChannelRequest extends Endpoint {
  readonly number: number;
  readonly carrier: "UDP" | "TCP" | "TLS";
  /** Our port, 0 for any; only datagrams need one. */
  readonly localPort: number;
}

/** Two channels of TLS, TCP or UDP, as AT+CCH drives them. @spec module.md 2.3 */
export class ChannelService {
  readonly #parts: ChannelServiceParts;
  /** By their numbers. While a channel is being opened, the controller that gives the attempt up stands in its place. */
  readonly #channels = new Map<number, TlsSession | AbortController>();
  #isStarted = false;
  /** Whether the end of a transmission is reported, and whether received data wait for the host (AT+CCHSET). */
  reportsSending = false;
  isManual = false;
  /** Whether the channel is led to the line (AT+CCHMODE). */
  isTransparent = false;

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

  /** Whether a channel is taken, be its peer still there or not. */
  has(number: number): boolean {
    return this.#channels.has(number);
  }

  /** Opens a channel that is free, prints the outcome, and lets data come. Nothing is printed where it is closed meanwhile. */
  openLater(request: ChannelRequest): void {
    const { number } = request;
    const { work, outlet } = this.#parts;
    const opening = this.#open(request, {
      arrived: () => (this.isManual ? outlet.urc(`+CCHEVENT: ${number},RECV EVENT`) : this.#print(number)),
      ended: () => outlet.urc(`+CCH_PEER_CLOSED: ${number}`),
    }).then((outcome) => {
      if (outcome === undefined) return;
      const isOpen = typeof outcome === "object";
      outlet.urc(`+CCHOPEN: ${number},${isOpen ? CHANNEL_CODES.ok : outcome}`);
      if (isOpen) outcome.start();
    });
    // The module resets.
    void work.track(opening.catch(() => undefined));
  }

  /** Opens a channel that is free for online data mode; `farewell` gives what is printed at its end. */
  async openTransparent(
    request: ChannelRequest,
  ): Promise<{ readonly link: TransparentLink; readonly farewell: () => string } | ChannelCode> {
    const { number } = request;
    let isPeersEnd = false;
    const ended = () => {
      isPeersEnd = true;
    };
    const session = await this.#open(request, { arrived: () => undefined, ended });
    if (typeof session !== "object") return session ?? CHANNEL_CODES.closed;
    const farewell = () => (isPeersEnd ? `+CCH_PEER_CLOSED: ${number}` : `+CCHCLOSE: ${number},0`);
    return { link: { ...session.transparent(), close: () => void this.close(number) }, farewell };
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
    if (session instanceof TlsSession) session.close();
    else session?.abort(new ServiceError("CLOSED", "the host has closed the channel"));
    return session !== undefined;
  }

  /** Gives `undefined` where the host has closed the channel meanwhile. Rejects only with the module's abort reason. */
  async #open(
    request: ChannelRequest,
    events: { readonly arrived: () => void; readonly ended: () => void },
  ): Promise<TlsSession | ChannelCode | undefined> {
    const { signal, log } = this.#parts;
    const { number } = request;
    const attempt = new AbortController();
    this.#channels.set(number, attempt);
    const either = eitherSignal(signal, attempt.signal);
    try {
      const connect = (opening: AbortSignal) => this.#connect(request, opening);
      const session = await TlsSession.open(this.#parts, connect, events, either.signal);
      this.#channels.set(number, session);
      return session;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt.signal.aborted) return undefined;
      this.#channels.delete(number);
      log.debug({ event: "channel-not-opened", channel: number, error: String(error) });
      return codeOf(error);
    } finally {
      either.release();
    }
  }

  async #connect({ host, port, carrier, localPort }: ChannelRequest, signal: AbortSignal): Promise<Stream> {
    const { network, credentials } = this.#parts;
    if (carrier === "UDP") return DatagramPeer.open(network, { host, port }, localPort, signal);
    const secure = carrier === "TLS" ? await credentials.secureOptions(host, signal) : undefined;
    return connectSecurely(network, { host, port, service: "tcp" }, secure, signal);
  }

  #session(number: number): TlsSession | undefined {
    const session = this.#channels.get(number);
    return session instanceof TlsSession ? session : undefined;
  }

  /** Prints what waits, and what comes meanwhile; the peer is held back as long as the host is. */
  #print(number: number): void {
    const { work, outlet } = this.#parts;
    const printing = (async () => {
      while (this.waiting(number) > 0) await outlet.packets(this.take(number, TLS_LIMITS.block));
    })();
    // The module resets.
    void work.track(printing.catch(() => undefined));
  }
}

function codeOf(error: unknown): ChannelCode {
  return error instanceof ServiceError ? OF_ERROR[error.code] : CHANNEL_CODES.unknown;
}
