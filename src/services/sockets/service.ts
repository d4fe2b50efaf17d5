import type { Connection } from "../../platform/network/network.ts";
import { sleep } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { CLOSE_CAUSES, type CloseCause, failureOf, SOCKET_FAILURES, type SocketFailure } from "./codes.ts";
import { SOCKET_LIMITS } from "./limits.ts";
import type { Link, LinkParts, LinkRequest } from "./link.ts";
import type { SocketParts, TransparentLink } from "./parts.ts";
import { SocketServers } from "./servers.ts";
import { TcpLink } from "./tcp-link.ts";
import { UdpLink } from "./udp-link.ts";

/** How AT+NETOPEN has opened the network; it holds until AT+NETCLOSE (module.md 1.1). */
export interface OpenNetwork {
  /** Which command set holds. */
  readonly set: "later" | "older";
  /** Whether the older set has one connection, or ten; the later one always has ten. */
  readonly single: boolean;
  /** What the one connection is, and its local port. */
  readonly protocol: "TCP" | "UDP";
  readonly localPort: number;
  /** Whether links are transparent (AT+CIPMODE). */
  readonly transparent: boolean;
}

/** What the state of the modem shows of a link. */
export interface LinkView {
  readonly link: number;
  readonly protocol: "TCP" | "UDP";
  readonly state: Link["state"];
  readonly host: string | null;
  readonly port: number | null;
  /** The server that has accepted it, or null. */
  readonly server: number | null;
  readonly sent: number;
  readonly received: number;
  /** Received bytes that the host has not read. */
  readonly waiting: number;
}

/**
 * The sockets of a module, as the commands of both generations drive them: the network, ten links and four servers. The
 * commands decide what is printed at once; what happens later is printed here.
 *
 * @spec module.md 1
 */
export class SocketService {
  readonly servers: SocketServers;
  readonly #parts: SocketParts;
  readonly #links = new Map<number, Link>();
  #network: OpenNetwork | undefined;
  /** Settles when the end of the network has been reported. */
  #closing: Promise<void> | undefined;
  /** The accepted connection that AT+TCPWRITE goes to. */
  activeClient: number | undefined;

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.servers = new SocketServers(parts, this);
    const end = parts.packetService.changed.add((attached) => {
      if (!attached) this.#lose();
    });
    parts.signal.addEventListener("abort", () => this.#drop(end), { once: true });
  }

  /** How the network is open, if it is. */
  get network(): OpenNetwork | undefined {
    return this.#network;
  }

  /** Opens the network. */
  openNetwork(network: OpenNetwork): SocketFailure | undefined {
    if (this.#network !== undefined) return "alreadyOpen";
    if (!this.#parts.packetService.attached) return "network";
    this.#network = network;
    this.#parts.packetService.openForSockets();
    return undefined;
  }

  /** Opens the network, and prints the outcome, behind that of the network before. */
  openNetworkLater(network: OpenNetwork): void {
    const { outlet, work } = this.#parts;
    const open = () => {
      const failure = this.openNetwork(network);
      outlet.urc(`+NETOPEN: ${failure === undefined ? 0 : SOCKET_FAILURES[failure].err}`);
    };
    if (this.#closing === undefined) open();
    // The module resets.
    else void work.track(this.#closing.then(open, () => undefined));
  }

  /** Opens the one socket that the older set has for UDP: it comes with the network. */
  async openOnly({ single, protocol, localPort }: OpenNetwork): Promise<SocketFailure | undefined> {
    if (!single || protocol === "TCP") return undefined;
    const request = { number: 0, protocol, peer: undefined, localPort, server: -1 } as const;
    const link = await this.open(request, SOCKET_LIMITS.connect);
    if (typeof link !== "object") {
      this.closeNetwork();
      return link ?? "create";
    }
    link.start();
    return undefined;
  }

  /** Closes the network and all that is open on it. */
  closeNetwork(): void {
    this.servers.stopAll();
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#network = undefined;
    this.#parts.packetService.closeForSockets();
    this.activeClient = undefined;
  }

  /** Closes the network, and prints the outcome when the dialect's time has passed. */
  closeNetworkLater(): void {
    const { clock, dialect, outlet, signal, work } = this.#parts;
    this.closeNetwork();
    const report = () => {
      this.#closing = undefined;
      outlet.urc("+NETCLOSE: 0");
    };
    if (dialect.networkClosingTime === 0) {
      report();
      return;
    }
    this.#closing = sleep(clock, dialect.networkClosingTime, signal).then(report);
    // The module resets.
    void work.track(this.#closing.catch(() => undefined));
  }

  /** The link of a number, open or not; `undefined` where there never was one. */
  link(number: number): Link | undefined {
    return this.#links.get(number);
  }

  /** The links whose numbers are taken, by number. */
  get taken(): readonly Link[] {
    return [...this.#links.values()].filter((link) => link.isTaken).sort((a, b) => a.number - b.number);
  }

  /** The reason why a link cannot be opened; `undefined` when it can. */
  refusal({ number, protocol, localPort }: LinkRequest): SocketFailure | undefined {
    if (this.#network === undefined) return "closed";
    const state = this.#links.get(number)?.state ?? "closed";
    if (state === "opening") return "busy";
    if (state !== "closed") return "unsupported";
    const holdsPort = ({ request }: Link) => request.protocol === "UDP" && request.localPort === localPort;
    return protocol === "UDP" && localPort !== 0 && this.taken.some(holdsPort) ? "bind" : undefined;
  }

  /**
   * Opens a link within `period` milliseconds. Nothing flows before its `start`. Gives `undefined` where the host has given
   * the link up meanwhile. Rejects only with the module's abort reason.
   */
  async open(request: LinkRequest, period: number): Promise<Link | SocketFailure | undefined> {
    const link = this.#add(request);
    const { clock, timing, signal } = this.#parts;
    const deadline = new Deadline(clock, period * timing.timeoutScale, signal);
    try {
      await link.open(deadline.signal);
      return link.state === "opening" ? link : undefined;
    } catch (error) {
      signal.throwIfAborted();
      const isGivenUp = link.state !== "opening";
      link.close();
      return isGivenUp ? undefined : request.protocol === "UDP" ? "create" : failureOf(error);
    } finally {
      deadline.dispose();
    }
  }

  /** Opens a link, and prints the outcome when it is there. */
  openLater(request: LinkRequest, period: number): void {
    const { work, outlet, log } = this.#parts;
    const opening = this.open(request, period).then((outcome) => {
      if (outcome === undefined) return;
      const failure = typeof outcome === "string" ? outcome : undefined;
      if (failure !== undefined) log.debug({ event: "link-not-opened", link: request.number, failure });
      outlet.urc(`+CIPOPEN: ${request.number},${failure === undefined ? 0 : SOCKET_FAILURES[failure].err}`);
      if (typeof outcome === "object") outcome.start();
    });
    // The module resets.
    void work.track(opening.catch(() => undefined));
  }

  /** Takes over a connection that a server has accepted, at the lowest free number; `undefined` where none is free. */
  accept(request: Omit<LinkRequest, "number">, connection: Connection): TcpLink | undefined {
    const number = Array.from({ length: SOCKET_LIMITS.links }, (_, index) => index).find(
      (index) => this.#links.get(index)?.isTaken !== true,
    );
    if (number === undefined) return undefined;
    const link = new TcpLink(this.#partsOf({ ...request, number }), connection);
    this.#links.set(number, link);
    return link;
  }

  /** Leads the line to a link: what the farewell says depends on who has ended it. */
  transparent(link: Link): { readonly link: TransparentLink; readonly farewell: () => string } {
    if (!(link instanceof TcpLink || link instanceof UdpLink)) throw new Error("no such link");
    const isLater = this.#network?.set === "later";
    const farewell = () =>
      link.cause === undefined || !isLater ? "CLOSED" : `${closeReport(link.number, link.cause)}\r\n\r\nCLOSED`;
    return { link: link.transparent(), farewell };
  }

  /** Closes a link; `false` where it is not open. */
  close(number: number): boolean {
    const link = this.#links.get(number);
    if (link?.isTaken !== true) return false;
    link.close();
    if (this.activeClient === number) this.activeClient = undefined;
    return true;
  }

  /** Prints what was kept for the host when it leaves manual mode. */
  flush(): void {
    const { work } = this.#parts;
    for (const link of this.#links.values()) void work.track(link.inbox.flush().catch(() => undefined));
  }

  /** The addresses of a name; `undefined` where it has none or the network does not say. */
  addressesOf(name: string): Promise<readonly string[] | undefined> {
    return this.#lookUp((signal) => this.#parts.network.resolve(name, signal));
  }

  /** The name of an address, as of {@link addressesOf}. */
  nameOf(address: string): Promise<string | undefined> {
    return this.#lookUp((signal) => this.#parts.network.nameOf(address, signal));
  }

  /** The links as values of JSON. */
  view(): readonly LinkView[] {
    const shown = [...this.#links.values()].filter((link) => link.isTaken || link.inbox.waiting > 0);
    return shown.map(({ request, state, sent, received, inbox }) => ({
      link: request.number,
      protocol: request.protocol,
      state,
      host: request.peer?.host ?? null,
      port: request.peer?.port ?? null,
      server: request.server < 0 ? null : request.server,
      sent,
      received,
      waiting: inbox.waiting,
    }));
  }

  async #lookUp<T>(lookUp: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const { clock, timing, settings, signal } = this.#parts;
    const deadline = new Deadline(clock, settings.get("+CIPDNSSET:1") * timing.timeoutScale, signal);
    try {
      return await lookUp(deadline.signal);
    } catch {
      signal.throwIfAborted();
      return undefined;
    } finally {
      deadline.dispose();
    }
  }

  #add(request: LinkRequest): Link {
    const link = request.protocol === "TCP" ? new TcpLink(this.#partsOf(request)) : new UdpLink(this.#partsOf(request));
    this.#links.get(request.number)?.inbox.clear();
    this.#links.set(request.number, link);
    return link;
  }

  #partsOf(request: LinkRequest): LinkParts {
    const { settings } = this.#parts;
    const isManual = () => this.#network?.set === "later" && settings.get("+CIPRXGET") === 1;
    return { ...this.#parts, request, isManual, ended: (link, cause) => this.#ended(link, cause) };
  }

  #ended(link: Link, cause: CloseCause): void {
    const { outlet } = this.#parts;
    if (this.activeClient === link.number) this.activeClient = undefined;
    if (link.isTransparent) return;
    if (this.#network?.set !== "older") {
      outlet.urc(closeReport(link.number, cause));
      return;
    }
    const { peer, server } = link.request;
    const number = this.#network.single && server < 0 ? 255 : link.number;
    const client = server < 0 || peer === undefined ? "" : `,${peer.host},${peer.port}`;
    // The older set knows only two causes: its peer, and everything else.
    outlet.urc(`+IPCLOSE: ${number},${cause === "peer" ? 1 : 2}${client}`);
  }

  #lose(): void {
    if (this.#network === undefined) return;
    this.servers.stopAll();
    for (const link of this.#links.values()) link.lose();
    const isOlder = this.#network.set === "older";
    this.#parts.outlet.urc(isOlder ? "+NETCLOSE: 1" : "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY");
  }

  #drop(end: () => void): void {
    end();
    this.servers.stopAll();
    for (const link of this.#links.values()) link.close();
  }
}

function closeReport(link: number, cause: CloseCause): string {
  return `+IPCLOSE: ${link},${CLOSE_CAUSES[cause]}`;
}
