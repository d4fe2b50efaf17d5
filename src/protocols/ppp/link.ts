import type { Random } from "../../platform/crypto.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Authenticator } from "./authenticator.ts";
import { CODES, type ControlPacket, number32, readControlPacket, writeControlPacket } from "./control-packet.ts";
import { Deframer, type Frame, type FrameFault } from "./deframer.ts";
import { DEFAULT_MAP, Framer, PLAIN_FORMAT } from "./framing.ts";
import { type HostConfiguration, IpcpOptions } from "./ipcp.ts";
import { type Authentication, LcpOptions } from "./lcp.ts";
import { Negotiation } from "./negotiation.ts";

/** The protocols that the module speaks (RFC 1661 2). */
const PROTOCOLS = { ip: 0x0021, ipcp: 0x8021, lcp: 0xc021, pap: 0xc023, chap: 0xc223 } as const;

/** Why a link has ended. */
export type LinkEnd = "host" | "module" | "no answer" | "no login" | "loop";

export interface PppLinkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly authentication: Authentication;
  readonly configuration: HostConfiguration;
  /** Takes a frame for the host. */
  transmit(frame: Buffer): void;
  /** IPv4 packets may pass. */
  opened(): void;
  /** Takes an IPv4 packet of the host. The bytes are borrowed until it returns. */
  received(packet: Uint8Array): void;
  /** The link is over: nothing more is sent or taken. */
  ended(why: LinkEnd): void;
}

/** The module's end of a PPP link: establishes it, lets the host log in, gives it an address, and carries its packets. */
export class PppLink {
  readonly #parts: PppLinkParts;
  readonly #options: LcpOptions;
  readonly #lcp: Negotiation;
  readonly #ipcp: Negotiation;
  readonly #deframer = new Deframer((frame) => this.#receive(frame));
  /** LCP's frames have a format of their own. */
  readonly #plain = new Framer();
  readonly #framer = new Framer();
  #authenticator: Authenticator | undefined;
  #why: LinkEnd = "no answer";
  #over = false;

  /** Begins at once: it does not wait for the host. */
  constructor(parts: PppLinkParts) {
    const { clock, random, authentication, configuration, opened } = parts;
    this.#parts = parts;
    this.#options = new LcpOptions(random, authentication, () => this.#end("loop"));
    this.#lcp = new Negotiation({
      clock,
      options: this.#options,
      send: (packet) => this.#transmit(PROTOCOLS.lcp, packet),
      up: () => this.#established(),
      down: () => this.#lost(),
      finished: () => this.#finish(),
    });
    this.#ipcp = new Negotiation({
      clock,
      options: new IpcpOptions(configuration),
      send: (packet) => this.#transmit(PROTOCOLS.ipcp, packet),
      up: opened,
      down: () => undefined,
      // A host that wants no IP wants nothing of this link.
      finished: () => this.terminate("no answer"),
    });
    this.#lcp.happen("Open");
    this.#ipcp.happen("Open");
    this.#lcp.happen("Up");
  }

  /** Frames that were dropped. */
  get faults(): Readonly<Record<FrameFault, number>> {
    return this.#deframer.faults;
  }

  /** Takes bytes of the host. */
  receive(chunk: Buffer): void {
    if (!this.#over) this.#deframer.push(chunk);
  }

  /** Sends an IPv4 packet to the host; `false` where it cannot: the link carries none, or the host takes none of that length. */
  send(packet: Uint8Array): boolean {
    if (this.#ipcp.state !== "opened" || packet.length > this.#options.host.mru) return false;
    this.#transmit(PROTOCOLS.ip, packet);
    return true;
  }

  /** Asks the host to end the link; ends it when the host has, or does not answer. */
  terminate(why: LinkEnd = "module"): void {
    this.#why = why;
    this.#lcp.happen("Close");
  }

  /** Ends the link without a word. */
  close(): void {
    this.#over = true;
    this.#lcp.dispose();
    this.#ipcp.dispose();
    this.#authenticator?.dispose();
  }

  /** A host that has never answered is told that the link is over, too: AMSS does so. */
  #finish(): void {
    if (this.#lcp.state === "stopped") this.#lcp.send(CODES.terminateRequest, Buffer.alloc(0));
    this.#end(this.#why);
  }

  #end(why: LinkEnd): void {
    if (this.#over) return;
    this.close();
    this.#parts.ended(why);
  }

  #transmit(protocol: number, information: Uint8Array): void {
    if (this.#over) return;
    const framer = protocol === PROTOCOLS.lcp ? this.#plain : this.#framer;
    this.#parts.transmit(framer.frame(protocol, information));
  }

  #receive({ protocol, information }: Frame): void {
    if (this.#over) return;
    if (protocol === PROTOCOLS.ip) {
      if (this.#ipcp.state === "opened") this.#parts.received(information);
      return;
    }
    const packet = readControlPacket(information);
    switch (protocol) {
      case PROTOCOLS.lcp:
        if (packet !== undefined) this.#receiveLcp(packet);
        return;
      case PROTOCOLS.ipcp:
        // RFC 1661 3.5: before the host has logged in this is not for us; IPCP has no layer below then.
        if (packet !== undefined) this.#ipcp.receive(packet);
        return;
      case PROTOCOLS.pap:
      case PROTOCOLS.chap:
        if (packet !== undefined) this.#receiveLogin(protocol, packet);
        return;
      default:
        this.#rejectProtocol(protocol, information);
    }
  }

  #receiveLcp(packet: ControlPacket): void {
    const { code, data } = packet;
    if (code === CODES.echoRequest) {
      this.#echo(packet);
    } else if (code === CODES.protocolReject) {
      // A host without IP has no use for this link.
      if (data.length >= 2 && data.readUInt16BE() === PROTOCOLS.ipcp) this.terminate();
    } else if (code !== CODES.echoReply && code !== CODES.discardRequest) {
      this.#lcp.receive(packet);
      // Whatever was negotiated until now, the host has ended the link: the module hangs up.
      if (code === CODES.terminateRequest) this.#end("host");
    }
  }

  /** RFC 1661 5.8: the reply carries our magic number; a request that carries it is our own. */
  #echo({ id, data }: ControlPacket): void {
    const { magic } = this.#options;
    if (this.#lcp.state !== "opened" || data.length < 4 || (magic !== 0 && data.readUInt32BE() === magic)) return;
    const reply = Buffer.concat([number32(magic), data.subarray(4)]);
    this.#transmit(PROTOCOLS.lcp, writeControlPacket(CODES.echoReply, id, reply));
  }

  #receiveLogin(protocol: number, packet: ControlPacket): void {
    const authenticator = this.#authenticator;
    if (authenticator !== undefined && PROTOCOLS[authenticator.method] === protocol) authenticator.receive(packet);
  }

  /** CCP, IPV6CP, link quality reports and all else that the module does not speak. */
  #rejectProtocol(protocol: number, information: Buffer): void {
    if (this.#lcp.state !== "opened") return;
    const rejected = information.subarray(0, this.#options.host.mru - 6);
    this.#lcp.send(CODES.protocolReject, Buffer.concat([Buffer.of(protocol >>> 8, protocol & 0xff), rejected]));
  }

  #established(): void {
    const { clock, random } = this.#parts;
    const { authentication: method, host, map, magic } = this.#options;
    this.#framer.format = host;
    this.#deframer.map = map;
    // AMSS sends one as soon as the link is there; hosts log it.
    this.#lcp.send(CODES.discardRequest, number32(magic));
    if (method === undefined) {
      this.#ipcp.happen("Up");
      return;
    }
    this.#authenticator = new Authenticator({
      clock,
      random,
      method,
      send: (packet) => this.#transmit(PROTOCOLS[method], packet),
      succeeded: () => this.#ipcp.happen("Up"),
      failed: () => this.terminate("no login"),
    });
  }

  /** The link is negotiated anew, or ends. */
  #lost(): void {
    this.#authenticator?.dispose();
    this.#authenticator = undefined;
    this.#ipcp.happen("Down");
    this.#framer.format = PLAIN_FORMAT;
    this.#deframer.map = DEFAULT_MAP;
  }
}
