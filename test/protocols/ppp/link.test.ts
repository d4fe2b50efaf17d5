import { beforeEach, describe, expect, test } from "vitest";
import { SeededRandom } from "../../../src/platform/crypto.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import {
  CODES,
  type Option,
  readControlPacket,
  readOptions,
  writeControlPacket,
  writeOptions,
} from "../../../src/protocols/ppp/control-packet.ts";
import { Deframer } from "../../../src/protocols/ppp/deframer.ts";
import { Framer } from "../../../src/protocols/ppp/framing.ts";
import { type LinkEnd, PppLink } from "../../../src/protocols/ppp/link.ts";

const [LCP, IPCP, CHAP] = [0xc021, 0x8021, 0xc223];

/** What the module has said, the newest last. */
let said: { readonly protocol: number; readonly code: number; readonly id: number; readonly data: Buffer }[] = [];
let ends: LinkEnd[] = [];
let clock: VirtualClock;
let link: PppLink;
const framer = new Framer();

beforeEach(() => {
  said = [];
  ends = [];
  clock = new VirtualClock();
  const deframer = new Deframer(({ protocol, information }) => {
    const packet = readControlPacket(Buffer.from(information));
    if (packet !== undefined) said.push({ protocol, ...packet });
  });
  link = new PppLink({
    clock,
    random: new SeededRandom(1),
    authentication: "chap",
    configuration: { address: "10.0.0.1", dns: ["10.0.0.2", "10.0.0.3"] },
    transmit: (frame) => deframer.push(frame),
    opened: () => undefined,
    received: () => undefined,
    ended: (why) => ends.push(why),
  });
});

const send = (protocol: number, packet: Buffer) => link.receive(framer.frame(protocol, packet));
const last = (protocol: number, code: number) =>
  said.findLast((packet) => packet.protocol === protocol && packet.code === code);

/** The module's last request, by type of option. */
function requested(): Readonly<Record<number, string>> {
  const options = readOptions(last(LCP, CODES.configureRequest)?.data ?? Buffer.alloc(0)) ?? [];
  return Object.fromEntries(options.map(({ type, data }) => [type, data.toString("hex")]));
}

/** Answers the module's last request. */
function answer(code: number, options: readonly Option[]): void {
  send(LCP, writeControlPacket(code, last(LCP, CODES.configureRequest)?.id ?? 0, writeOptions(options)));
}

/** Takes the module's request, and gets its own one taken. */
function establish(): void {
  const { id = 0, data = Buffer.alloc(0) } = last(LCP, CODES.configureRequest) ?? {};
  send(LCP, writeControlPacket(CODES.configureAck, id, data));
  send(LCP, writeControlPacket(CODES.configureRequest, 1, Buffer.alloc(0)));
}

const option = (type: number, hex: string): Option => ({ type, data: Buffer.from(hex, "hex") });

describe("the module's own request", () => {
  test("asks for no escapes, CHAP with MD5, a magic number and both compressions", () => {
    expect(requested()).toEqual({
      2: "00000000",
      3: "c22305",
      5: expect.stringMatching(/^[0-9a-f]{8}$/),
      7: "",
      8: "",
    });
  });

  test.each<readonly [string, number, Option, Readonly<Record<number, string | undefined>>]>([
    ["more escapes are taken", CODES.configureNak, option(2, "000a0000"), { 2: "000a0000" }],
    ["another way to log in is taken", CODES.configureNak, option(3, "c023"), { 3: "c023" }],
    ["an unknown way leads to one that the module has", CODES.configureNak, option(3, "c227"), { 3: "c023" }],
    ["no way to log in is taken", CODES.configureReject, option(3, "c22305"), { 3: undefined }],
    ["no magic number is taken", CODES.configureReject, option(5, "00000000"), { 5: undefined }],
    ["no compression is taken", CODES.configureReject, option(7, ""), { 7: undefined, 8: "" }],
  ])("%s", (_, code, proposal, expected) => {
    answer(code, [proposal]);
    for (const [type, value] of Object.entries(expected)) expect(requested()[Number(type)]).toBe(value);
  });

  test("an answer to another request is none", () => {
    const before = said.length;
    send(LCP, writeControlPacket(CODES.configureAck, 77, last(LCP, CODES.configureRequest)?.data ?? Buffer.alloc(0)));
    expect(said).toHaveLength(before);
  });
});

describe("the host's request", () => {
  test.each<readonly [string, Option, number, string]>([
    ["a longer packet than the module takes", option(1, "07d0"), CODES.configureNak, "010405dc"],
    ["a packet that is too short", option(1, "0001"), CODES.configureNak, "01040080"],
    ["an option that is not known", option(13, "06"), CODES.configureReject, "0d0306"],
    ["a value of a wrong length", option(2, "00"), CODES.configureReject, "020300"],
    ["all that is good", option(1, "0240"), CODES.configureAck, "01040240"],
  ])("%s", (_, wanted, code, options) => {
    send(LCP, writeControlPacket(CODES.configureRequest, 9, writeOptions([wanted])));
    expect(last(LCP, code)).toMatchObject({ id: 9, data: Buffer.from(options, "hex") });
  });

  test("what it asks for again and again in spite of other proposals is refused", () => {
    for (let id = 0; id < 6; id++)
      send(LCP, writeControlPacket(CODES.configureRequest, id, Buffer.from("010407d0", "hex")));
    expect(said.filter(({ code }) => code === CODES.configureNak)).toHaveLength(5);
    expect(last(LCP, CODES.configureReject)?.id).toBe(5);
  });

  test("our own magic number, five times, is a line that gives back what it gets", () => {
    for (let id = 0; id < 5; id++) {
      const magic = Buffer.from(`0506${requested()[5]}`, "hex");
      send(LCP, writeControlPacket(CODES.configureRequest, id, magic));
    }
    expect(ends).toEqual(["loop"]);
  });
});

test("a challenge is repeated, with a number of its own each time, and without an answer the link ends", async () => {
  establish();
  const challenges = () => said.filter(({ protocol }) => protocol === CHAP);
  expect(challenges()[0]?.data.subarray(17).toString()).toBe("UMTS_CHAP_SRVR");
  await clock.advance(30_000);
  expect(challenges().map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  await clock.advance(10_000);
  expect(ends).toEqual(["no login"]);
  expect(clock.pendingAlarms).toBe(0);
});

test("before a host has logged in it gets no address", () => {
  establish();
  send(IPCP, writeControlPacket(CODES.configureRequest, 1, Buffer.from("030600000000", "hex")));
  expect(said.filter(({ protocol }) => protocol === IPCP)).toEqual([]);
});

test("a code that is not known is rejected, a packet of a wrong length dropped", () => {
  send(LCP, writeControlPacket(99, 5, Buffer.from("what")));
  expect(last(LCP, CODES.codeReject)?.data.toString("hex")).toBe(`63050008${Buffer.from("what").toString("hex")}`);
  const before = said.length;
  send(LCP, Buffer.from("01ff0fff", "hex"));
  send(LCP, Buffer.from("01", "hex"));
  expect(said).toHaveLength(before);
});

test("a module that hangs up asks twice, and ends the link without an answer, too", async () => {
  establish();
  link.terminate();
  await clock.advance(10_000);
  expect(said.filter(({ code, protocol }) => protocol === LCP && code === CODES.terminateRequest)).toHaveLength(2);
  expect(ends).toEqual(["module"]);
  expect(clock.pendingAlarms).toBe(0);
});

test("a link that is closed says and takes nothing more", async () => {
  link.close();
  const before = said.length;
  establish();
  await clock.advance(60_000);
  expect([said.length, ends]).toEqual([before, []]);
});
