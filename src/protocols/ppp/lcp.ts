import type { Random } from "../../platform/crypto.ts";
import { CODES, number32, type Option } from "./control-packet.ts";
import { DEFAULT_MAP, type FrameFormat } from "./framing.ts";
import { judgeBy, type OptionRule } from "./judge.ts";
import { PPP_LIMITS } from "./limits.ts";
import type { Negotiable, Verdict } from "./negotiation.ts";

/** How the module wants the host to show who it is. */
export type Authentication = "pap" | "chap";

/** The options of LCP (RFC 1661 6, RFC 1662 7.1). */
const OPTIONS = { mru: 1, map: 2, authentication: 3, magic: 5, compressProtocol: 7, compressAddress: 8 } as const;

/** The protocol and, for CHAP, the algorithm: MD5 (RFC 1334 2.1, RFC 1994 3). */
const AUTHENTICATIONS: Readonly<Record<Authentication, Buffer>> = {
  pap: Buffer.from("c023", "hex"),
  chap: Buffer.from("c22305", "hex"),
};

const NOTHING = Buffer.alloc(0);

/** What both ends of the link agree on, as the module wants it and as the host does (module.md 9). */
export class LcpOptions implements Negotiable {
  readonly #random: Random;
  readonly #looped: () => void;
  /** How the host is asked to show who it is; `undefined` once it has refused every way. */
  authentication: Authentication | undefined;
  /** Whether each of these is in our request; the host may refuse them. */
  readonly #asked = new Set<number>([OPTIONS.map, OPTIONS.magic, OPTIONS.compressProtocol, OPTIONS.compressAddress]);
  #ways: readonly Authentication[];
  #magic: number;
  /** Requests of the host with our own magic number, one after the other. */
  #loops = 0;
  /** The control characters that the host escapes. */
  #map = 0;
  #host: FrameFormat & { readonly mru: number } = hostOf([]);

  /** `looped` is called when the line gives back what the module sends. */
  constructor(random: Random, authentication: Authentication, looped: () => void) {
    this.#random = random;
    this.#looped = looped;
    this.#ways = authentication === "chap" ? ["chap", "pap"] : ["pap", "chap"];
    this.authentication = authentication;
    this.#magic = this.#newMagic();
  }

  /** The module's magic number; 0 where the host has refused it. */
  get magic(): number {
    return this.#asked.has(OPTIONS.magic) ? this.#magic : 0;
  }

  /** How frames to the host are made, and the longest packet that it takes. */
  get host(): FrameFormat & { readonly mru: number } {
    return this.#host;
  }

  /** Which control characters the host escapes. */
  get map(): number {
    return this.#asked.has(OPTIONS.map) ? this.#map : DEFAULT_MAP;
  }

  request(): readonly Option[] {
    const { authentication } = this;
    const data = new Map<number, Buffer>([
      [OPTIONS.map, number32(this.#map)],
      ...(authentication === undefined ? [] : [[OPTIONS.authentication, AUTHENTICATIONS[authentication]] as const]),
      [OPTIONS.magic, number32(this.#magic)],
      [OPTIONS.compressProtocol, NOTHING],
      [OPTIONS.compressAddress, NOTHING],
    ]);
    return [...data]
      .filter(([type]) => type === OPTIONS.authentication || this.#asked.has(type))
      .map(([type, data]) => ({ type, data }));
  }

  judge(options: readonly Option[]): Verdict {
    const verdict = judgeBy(this.#rules, options);
    if (verdict.code === CODES.configureAck) this.#host = hostOf(options);
    this.#countLoops(options);
    return verdict;
  }

  agreed(): void {
    this.#loops = 0;
  }

  proposed(options: readonly Option[]): void {
    for (const { type, data } of options) {
      if (type === OPTIONS.map && data.length === 4) this.#map = (this.#map | data.readUInt32BE()) >>> 0;
      if (type === OPTIONS.magic) this.#magic = this.#newMagic();
      if (type === OPTIONS.authentication) this.#tryAnotherWay(data);
    }
  }

  refused(options: readonly Option[]): void {
    for (const { type } of options) {
      this.#asked.delete(type);
      // A host without secrets refuses this, and the module does without (module.md 9).
      if (type === OPTIONS.authentication) this.authentication = undefined;
    }
  }

  readonly #rules: ReadonlyMap<number, OptionRule> = new Map<number, OptionRule>([
    [OPTIONS.mru, { length: 2, wanted: (data) => number16(nearestMru(data.readUInt16BE())) }],
    [OPTIONS.map, { length: 4, wanted: (data) => data }],
    [OPTIONS.magic, { length: 4, wanted: (data) => (this.#isOwn(data) ? number32(this.#newMagic()) : data) }],
    [OPTIONS.compressProtocol, { length: 0, wanted: (data) => data }],
    [OPTIONS.compressAddress, { length: 0, wanted: (data) => data }],
  ]);

  #isOwn(magic: Buffer): boolean {
    return magic.readUInt32BE() === this.magic && this.magic !== 0;
  }

  #countLoops(options: readonly Option[]): void {
    const isLooped = options.some(({ type, data }) => type === OPTIONS.magic && data.length === 4 && this.#isOwn(data));
    this.#loops = isLooped ? this.#loops + 1 : 0;
    if (this.#loops === PPP_LIMITS.loops) this.#looped();
  }

  /** The host proposes another way to show who it is: that way if the module knows it, else one that was not tried. */
  #tryAnotherWay(proposal: Buffer): void {
    this.#ways = this.#ways.filter((way) => way !== this.authentication);
    const proposed = this.#ways.find((way) => AUTHENTICATIONS[way].equals(proposal));
    this.authentication = proposed ?? this.#ways[0];
  }

  #newMagic(): number {
    return 1 + this.#random.integer(0xffffffff);
  }
}

/** What a host wants that asks for these; without options what RFC 1661 has for every host. */
function hostOf(options: readonly Option[]): FrameFormat & { readonly mru: number } {
  const data = new Map(options.map((option) => [option.type, option.data]));
  return {
    mru: data.get(OPTIONS.mru)?.readUInt16BE() ?? PPP_LIMITS.mru,
    map: data.get(OPTIONS.map)?.readUInt32BE() ?? DEFAULT_MAP,
    compressAddress: data.has(OPTIONS.compressAddress),
    compressProtocol: data.has(OPTIONS.compressProtocol),
  };
}

function nearestMru(wanted: number): number {
  return Math.max(PPP_LIMITS.leastMru, Math.min(wanted, PPP_LIMITS.mru));
}

function number16(value: number): Buffer {
  return Buffer.of(value >>> 8, value & 0xff);
}
