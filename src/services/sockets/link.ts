import type { Endpoint } from "../../platform/network/network.ts";
import type { CloseCause } from "./codes.ts";
import { Inbox } from "./inbox.ts";
import type { SocketParts } from "./parts.ts";

/**
 * - `opening`: the connection is being made · `open` · `closed`: over, what has come can still be read
 * - `lost`: the radio network has gone; the host has to close it
 */
export type LinkState = "opening" | "open" | "closed" | "lost";

export type Protocol = "TCP" | "UDP";

/** What a link is opened with. */
export interface LinkRequest {
  readonly number: number;
  readonly protocol: Protocol;
  /** The peer as the host has named it; absent for UDP without a fixed peer. */
  readonly peer: Endpoint | undefined;
  readonly localPort: number;
  /** The server that has accepted the connection, -1 where the host has opened it. */
  readonly server: number;
}

export interface LinkParts extends SocketParts {
  readonly request: LinkRequest;
  readonly isManual: () => boolean;
  /** Called when the connection has ended otherwise than by {@link Link.close}. */
  readonly ended: (link: Link, cause: CloseCause) => void;
}

/** What TCP and UDP links have in common: their number and peer, their counts and what has come. */
export abstract class Link {
  readonly request: LinkRequest;
  readonly inbox: Inbox;
  state: LinkState = "opening";
  /** Why the connection has ended, where the host has not asked for it. */
  cause: CloseCause | undefined;
  /** Whether its data are those of online data mode. */
  isTransparent = false;
  sent = 0;
  received = 0;
  protected readonly parts: LinkParts;
  /** Ends what runs for this link. */
  protected readonly life = new AbortController();

  constructor(parts: LinkParts) {
    this.parts = parts;
    this.request = parts.request;
    this.inbox = new Inbox(parts, parts.request.number, parts.isManual);
  }

  get number(): number {
    return this.request.number;
  }

  /** Whether the number is taken. */
  get isTaken(): boolean {
    return this.state !== "closed";
  }

  /** Gets the socket. Rejects with the failure of the network. The link stays `opening` until {@link start}. */
  abstract open(signal: AbortSignal): Promise<void>;

  /** Lets data flow to the host from now on. */
  abstract start(): void;

  /**
   * Sends one packet and gives how many bytes were taken: all, or 0 where the buffers are full; -1 when the link is gone.
   * With `confirmed` it waits until the peer has taken them.
   */
  abstract send(bytes: Buffer, confirmed: boolean, target?: Endpoint): Promise<number>;

  /** Closes the link; what was sent is still delivered. */
  abstract close(): void;

  /** The radio network has gone. */
  lose(): void {
    if (this.state === "closed") return;
    this.state = "lost";
    this.life.abort(new Error("the radio network is lost"));
  }

  /** Passes what `receive` gives to the host, until it throws or gives `undefined`, which is the peer's end. */
  protected async pump(receive: () => Promise<{ readonly bytes: Buffer; readonly from: Endpoint } | undefined>) {
    for (let next = await receive(); next !== undefined; next = await receive()) {
      this.received += next.bytes.length;
      await this.inbox.take(next.bytes, next.from);
    }
  }

  /** Notes an end that the host has not asked for. */
  protected end(cause: CloseCause): void {
    if (this.state !== "open") return;
    this.state = "closed";
    this.cause = cause;
    this.parts.ended(this, cause);
  }
}

/** An address without the form that IPv4 has among IPv6 addresses (RFC 4291 2.5.5.2). */
export function plainAddress(host: string): string {
  return /^::ffff:([\d.]+)$/i.exec(host)?.[1] ?? host;
}
