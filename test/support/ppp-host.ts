import { createHash } from "node:crypto";
import {
  CODES,
  type ControlPacket,
  type Option,
  readControlPacket,
  readOptions,
  writeControlPacket,
  writeOptions,
} from "../../src/protocols/ppp/control-packet.ts";
import { Deframer, type Frame } from "../../src/protocols/ppp/deframer.ts";
import { Framer } from "../../src/protocols/ppp/framing.ts";

const [IP, IPCP, LCP, PAP, CHAP] = [0x0021, 0x8021, 0xc021, 0xc023, 0xc223];
const [MAP, AUTHENTICATION] = [2, 3];

export interface PppHostOptions {
  /** Which ways to log in the host takes; it rejects the option for others. */
  readonly logsInBy?: readonly ("pap" | "chap")[];
  /** The options of its LCP request; pppd's without anything given. */
  readonly lcp?: readonly Option[];
  /** Whether it speaks IPCP; it does so without this. */
  readonly wantsAddress?: boolean;
}

const option = (type: number, hex: string): Option => ({ type, data: Buffer.from(hex, "hex") });

/** What pppd asks for: no characters to escape, a magic number, both compressions. */
const PPPD = [option(2, "00000000"), option(5, "01020304"), option(7, ""), option(8, "")];

/** A host that speaks PPP as pppd does, over any line. */
export class PppHost {
  /** All that has come, as `LCP 1` for a packet of LCP with code 1, or `IP`. */
  readonly heard: string[] = [];
  /** The packets of LCP that have come. */
  readonly lcp: ControlPacket[] = [];
  readonly packets: Buffer[] = [];
  /** What IPCP has given: address and name servers, in hexadecimal. */
  readonly given = new Map<number, string>([
    [3, "00000000"],
    [129, "00000000"],
    [131, "00000000"],
  ]);
  #id = 0;
  readonly #write: (bytes: Buffer) => void;
  readonly #options: PppHostOptions;
  readonly #framer = new Framer();
  readonly #deframer = new Deframer((frame) => this.#take(frame));

  constructor(write: (bytes: Buffer) => void, options: PppHostOptions = {}) {
    this.#write = write;
    this.#options = options;
  }

  receive(bytes: Uint8Array): void {
    this.#deframer.push(Buffer.from(bytes));
  }

  /** Whether the host has an address, and the module takes its packets. */
  get isUp(): boolean {
    return this.heard.includes("IPCP 2") && this.heard.includes("IPCP 1");
  }

  sendIp(packet: Uint8Array): void {
    this.send(IP, packet);
  }

  /** Sends a packet of LCP. */
  sendLcp(code: number, data: Uint8Array = Buffer.alloc(0)): void {
    this.send(LCP, writeControlPacket(code, this.#id++, data));
  }

  send(protocol: number, packet: Uint8Array): void {
    this.#write(this.#framer.frame(protocol, packet));
  }

  #take({ protocol, information }: Frame): void {
    if (protocol === IP) {
      this.heard.push("IP");
      this.packets.push(Buffer.from(information));
      return;
    }
    const packet = readControlPacket(Buffer.from(information));
    if (packet === undefined) throw new Error("a broken packet");
    const name = new Map([
      [LCP, "LCP"],
      [IPCP, "IPCP"],
      [PAP, "PAP"],
      [CHAP, "CHAP"],
    ]).get(protocol);
    this.heard.push(`${name} ${packet.code}`);
    if (protocol === LCP) this.#takeLcp(packet);
    else if (protocol === CHAP && packet.code === 1) this.#answerChallenge(packet);
    else if (protocol === IPCP && this.#options.wantsAddress !== false) this.#takeIpcp(packet);
    if ((protocol === CHAP && packet.code === 3) || (protocol === PAP && packet.code === 2)) this.#askAddress();
  }

  #takeLcp({ code, id, data }: ControlPacket): void {
    this.lcp.push({ code, id, data });
    // From now on the module escapes only what this host wants.
    const map = readOptions(data)?.find(({ type }) => type === MAP);
    if (code === CODES.configureAck && map !== undefined) this.#deframer.map = map.data.readUInt32BE();
    if (code === CODES.terminateRequest) this.send(LCP, writeControlPacket(CODES.terminateAck, id, Buffer.alloc(0)));
    if (code !== CODES.configureRequest) return;
    if (id === 0) this.sendLcp(CODES.configureRequest, writeOptions(this.#options.lcp ?? PPPD));
    const options = readOptions(data) ?? [];
    const login = options.find(({ type }) => type === AUTHENTICATION);
    const way = login === undefined ? undefined : login.data.readUInt16BE() === PAP ? "pap" : "chap";
    if (login !== undefined && way !== undefined && this.#options.logsInBy?.includes(way) === false) {
      this.send(LCP, writeControlPacket(CODES.configureReject, id, writeOptions([login])));
      return;
    }
    this.send(LCP, writeControlPacket(CODES.configureAck, id, data));
    if (way === "pap") this.send(PAP, writeControlPacket(1, 1, Buffer.from("\x02me\x03any")));
    if (way === undefined) this.#askAddress();
  }

  #answerChallenge({ id, data }: ControlPacket): void {
    const value = data.subarray(1, 1 + (data[0] ?? 0));
    const hash = createHash("md5").update(Buffer.of(id)).update("any").update(value).digest();
    this.send(CHAP, writeControlPacket(2, id, Buffer.concat([Buffer.of(hash.length), hash, Buffer.from("me")])));
  }

  #askAddress(): void {
    if (this.#options.wantsAddress === false) return;
    const wanted = [...this.given].map(([type, hex]) => option(type, hex));
    this.send(IPCP, writeControlPacket(CODES.configureRequest, this.#id++, writeOptions(wanted)));
  }

  #takeIpcp({ code, id, data }: ControlPacket): void {
    if (code === CODES.configureRequest) this.send(IPCP, writeControlPacket(CODES.configureAck, id, data));
    if (code !== CODES.configureNak) return;
    for (const { type, data: value } of readOptions(data) ?? []) this.given.set(type, value.toString("hex"));
    this.#askAddress();
  }
}
