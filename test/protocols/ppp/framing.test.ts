import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Deframer } from "../../../src/protocols/ppp/deframer.ts";
import { fcs16 } from "../../../src/protocols/ppp/fcs.ts";
import { Framer } from "../../../src/protocols/ppp/framing.ts";
import { PPP_LIMITS } from "../../../src/protocols/ppp/limits.ts";

/** The frames in these pieces, and the faults. */
function read(pieces: readonly Uint8Array[], map = 0xffffffff) {
  const frames: string[] = [];
  const deframer = new Deframer(({ protocol, information }) =>
    frames.push(`${protocol.toString(16)} ${information.toString("hex")}`),
  );
  deframer.map = map;
  for (const piece of pieces) deframer.push(Buffer.from(piece));
  return { frames, faults: deframer.faults };
}

const NONE = { broken: 0, oversize: 0, short: 0, aborted: 0 };
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

test("the check of the digits is that of the tables of checksums", () => {
  expect(~fcs16(Buffer.from("123456789")) & 0xffff).toBe(0x906e);
});

test("a request without options has these bytes", () => {
  const frame = new Framer().frame(0xc021, hex("01 00 00 04"));
  const { frames } = read([frame]);
  expect(frame.toString("hex")).toMatch(/^7eff7d23c0217d217d207d207d24/);
  expect(frames).toEqual(["c021 01000004"]);
});

test("any packets in any format come back as they were, cut anywhere", () => {
  const packet = fc.uint8Array({ minLength: 1, maxLength: PPP_LIMITS.mru });
  const format = fc.record({ map: fc.nat({ max: 0xffffffff }), short: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(packet, { maxLength: 5 }),
      format,
      fc.infiniteStream(fc.integer({ min: 1, max: 700 })),
      (packets, { map, short }, cuts) => {
        const framer = new Framer();
        framer.format = { map, compressAddress: short, compressProtocol: short };
        const line = Buffer.concat(packets.map((information) => framer.frame(0x21, information)));
        const pieces: Buffer[] = [];
        for (let at = 0; at < line.length; ) {
          const end = at + (cuts.next().value ?? 1);
          pieces.push(line.subarray(at, end));
          at = end;
        }
        const { frames, faults } = read(pieces, map);
        expect(faults).toEqual(NONE);
        expect(frames).toEqual(packets.map((information) => `21 ${Buffer.from(information).toString("hex")}`));
      },
    ),
  );
});

/** The frames as the plainest reader of RFC 1662 finds them, its check by bits: the module's own is no witness of itself. */
function readPlainly(line: Uint8Array): readonly string[] {
  const unescaped = (text: string) =>
    text.replace(/}(.)/gs, (_, byte) => String.fromCharCode(byte.charCodeAt(0) ^ 0x20));
  return Buffer.from(line)
    .toString("latin1")
    .split("~")
    .filter((text) => text !== "")
    .map((text) => Buffer.from(unescaped(text), "latin1"))
    .map((frame) => `${bitwiseCheck(frame) === 0xf0b8 ? "good" : "bad"} ${frame.subarray(0, -2).toString("hex")}`);
}

function bitwiseCheck(bytes: Uint8Array): number {
  let check = 0xffff;
  for (const byte of bytes) {
    check ^= byte;
    for (let bit = 0; bit < 8; bit++) check = check & 1 ? (check >>> 1) ^ 0x8408 : check >>> 1;
  }
  return check;
}

test.each([
  { compressAddress: false, compressProtocol: false, protocol: 0x21, head: "ff030021" },
  { compressAddress: true, compressProtocol: false, protocol: 0x21, head: "0021" },
  { compressAddress: false, compressProtocol: true, protocol: 0x21, head: "ff0321" },
  { compressAddress: true, compressProtocol: true, protocol: 0x8021, head: "8021" },
])("a plain reader finds any packet behind $head", ({ protocol, head, ...compression }) => {
  const packet = fc.uint8Array({ maxLength: PPP_LIMITS.mru });
  const maps = fc.oneof(fc.constantFrom(0, 0xffffffff), fc.nat({ max: 0xffffffff }));
  fc.assert(
    fc.property(packet, maps, (information, map) => {
      const framer = new Framer();
      framer.format = { map, ...compression };
      const frame = framer.frame(protocol, information);
      expect(readPlainly(frame)).toEqual([`good ${head}${Buffer.from(information).toString("hex")}`]);
    }),
  );
});

describe("what is no frame is dropped, and the next one is found", () => {
  const good = new Framer().frame(0x21, hex("aabb"));
  const broken = Buffer.from(good);
  broken[8] = (broken[8] ?? 0) ^ 1;
  test.each<readonly [string, Uint8Array, Partial<typeof NONE>]>([
    ["noise before the first flag", Buffer.from("NO CARRIER\r\n"), {}],
    ["flags alone", hex("7e7e7e7e"), {}],
    ["a wrong check", broken, { broken: 1 }],
    ["a frame that is given up", hex("7e ff7d23 0021 45 7d7e"), { aborted: 1 }],
    ["a frame of three bytes", hex("7e 214142 7e"), { short: 1 }],
    ["bytes without end", Buffer.alloc(100_000, 0x41), {}],
    ["a frame without end", Buffer.concat([hex("7e"), Buffer.alloc(100_000, 0x41)]), { oversize: 1 }],
    ["escapes without end", Buffer.concat([hex("7e"), Buffer.alloc(100_001, 0x7d)]), {}],
  ])("%s", (_, noise, faults) => {
    const { frames, faults: counted } = read([noise, good, good]);
    expect(frames).toContain("21 aabb");
    expect(counted).toMatchObject(faults);
  });
});

test("control characters that the line has inserted are removed, escaped ones are data", () => {
  const framer = new Framer();
  const frame = framer.frame(0x21, hex("0011aa"));
  const dirty = Buffer.concat([...frame].map((byte) => Buffer.of(byte, 0x11)));
  expect(read([dirty]).frames).toEqual(["21 0011aa"]);
});
