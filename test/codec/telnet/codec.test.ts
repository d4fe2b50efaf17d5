import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TelnetDecoder } from "../../../src/codec/telnet/decoder.ts";
import { subnegotiation, TelnetEncoder } from "../../../src/codec/telnet/encoder.ts";

type Heard = readonly [what: string, ...content: number[]];

/** What a decoder hears of pieces; data that follow each other count as one. */
function decode(pieces: readonly Uint8Array[], binary: boolean): readonly Heard[] {
  const heard: [string, ...number[]][] = [];
  const decoder = new TelnetDecoder({
    data(bytes) {
      const last = heard.at(-1);
      if (last?.[0] === "data") last.push(...bytes);
      else heard.push(["data", ...bytes]);
    },
    command: (code) => void heard.push(["command", code]),
    negotiation: (verb, option) => void heard.push(["option", verb, option]),
    subnegotiation: (option, content) => void heard.push(["content", option, ...content]),
  });
  decoder.binary = binary;
  for (const piece of pieces) decoder.push(Buffer.from(piece));
  return heard;
}

const ROWS: readonly (readonly [string, readonly number[], readonly Heard[]])[] = [
  ["plain data", [65, 66], [["data", 65, 66]]],
  ["a doubled 255", [65, 255, 255, 66], [["data", 65, 255, 66]]],
  ["only doubled 255", [255, 255, 255, 255], [["data", 255, 255]]],
  [
    "a command in data",
    [65, 255, 241, 66],
    [
      ["data", 65],
      ["command", 241],
      ["data", 66],
    ],
  ],
  [
    "a doubled 255 before a command",
    [255, 255, 255, 243],
    [
      ["data", 255],
      ["command", 243],
    ],
  ],
  [
    "a negotiation",
    [255, 253, 255, 65],
    [
      ["option", 253, 255],
      ["data", 65],
    ],
  ],
  [
    "a subnegotiation",
    [255, 250, 44, 1, 255, 240, 65],
    [
      ["content", 44, 1],
      ["data", 65],
    ],
  ],
  ["255 in a subnegotiation", [255, 250, 44, 255, 255, 240, 255, 240], [["content", 44, 255, 240]]],
  [
    "a subnegotiation without its end",
    [255, 250, 44, 1, 255, 251, 3, 65],
    [
      ["option", 251, 3],
      ["data", 65],
    ],
  ],
  ["a subnegotiation in another", [255, 250, 44, 1, 255, 250, 24, 2, 255, 240], [["content", 24, 2]]],
  [
    "256 bytes of content",
    [255, 250, 0, ...Array(256).fill(7), 255, 240],
    [["content", 0, ...Array<number>(256).fill(7)]],
  ],
  ["257 bytes of content", [255, 250, 0, ...Array(257).fill(7), 255, 240, 65], [["data", 65]]],
  ["CR NUL", [13, 0, 65], [["data", 13, 65]]],
  ["CR NUL NUL", [13, 0, 0], [["data", 13, 0]]],
  ["CR LF", [13, 10, 0], [["data", 13, 10, 0]]],
  ["a lone NUL", [0, 65], [["data", 0, 65]]],
];

describe.each(ROWS)("%s", (_, bytes, heard) => {
  test("is decoded", () => expect(decode([Uint8Array.from(bytes)], false)).toEqual(heard));

  test("is decoded wherever it is cut", () => {
    for (let at = 0; at <= bytes.length; at++) {
      expect(decode([Uint8Array.from(bytes.slice(0, at)), Uint8Array.from(bytes.slice(at))], false)).toEqual(heard);
    }
    expect(
      decode(
        bytes.map((byte) => Uint8Array.of(byte)),
        false,
      ),
    ).toEqual(heard);
  });
});

test("in binary transmission the NUL behind a CR is data", () => {
  expect(decode([Uint8Array.of(13, 0)], true)).toEqual([["data", 13, 0]]);
});

test.each([
  ["a CR that ends no line is padded", [[13, 65]], [13, 0, 65]],
  ["a CR LF is not", [[13, 10]], [13, 10]],
  ["what follows in the next piece decides", [[13], [10, 13], [65]], [13, 10, 13, 0, 65]],
  ["a CR CR", [[13, 13, 10]], [13, 0, 13, 10]],
  ["255 is doubled", [[255, 1, 255]], [255, 255, 1, 255, 255]],
])("as a network virtual terminal %s", (_, pieces, encoded) => {
  const encoder = new TelnetEncoder();
  expect(pieces.flatMap((piece) => [...encoder.encode(Uint8Array.from(piece))])).toEqual(encoded);
});

test("in binary transmission what holds no 255 is passed on as it is", () => {
  const encoder = new TelnetEncoder();
  encoder.binary = true;
  const bytes = Uint8Array.of(13, 65);
  expect(encoder.encode(bytes)).toBe(bytes);
});

const payload = fc.array(
  fc
    .uint8Array({ maxLength: 50 })
    .chain((bytes) =>
      fc.constant(bytes.map((byte) => (byte < 80 ? 255 : byte < 100 ? 13 : byte < 110 ? 0 : byte < 120 ? 10 : byte))),
    ),
  { maxLength: 8 },
);

test.each([true, false])("any data survive any cut, in both directions (binary: %s)", (binary) => {
  fc.assert(
    fc.property(payload, fc.array(fc.nat({ max: 100 })), (pieces, cuts) => {
      const encoder = new TelnetEncoder();
      encoder.binary = binary;
      const encoded = Buffer.concat(pieces.map((piece) => encoder.encode(piece)));
      const chunks: Buffer[] = [];
      let from = 0;
      for (const length of [...cuts, encoded.length]) {
        chunks.push(encoded.subarray(from, from + length));
        from += length;
      }
      const all = pieces.flatMap((piece) => [...piece]);
      expect(decode(chunks, binary)).toEqual(all.length === 0 ? [] : [["data", ...all]]);
    }),
  );
});

test("any content survives in a subnegotiation", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 256 }), (content) => {
      expect(decode([subnegotiation(44, content)], true)).toEqual([["content", 44, ...content]]);
    }),
  );
});
