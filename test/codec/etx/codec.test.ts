import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EtxDecoder } from "../../../src/codec/etx/decoder.ts";
import { encodeEtx, encodeEtxInto } from "../../../src/codec/etx/encoder.ts";
import { etxRows, fromHex } from "./rows.ts";

const SUB = Buffer.of(0x1a);

/** Feeds copies, for the decoder works in place, and stops where the data ends. */
function decodeAll(chunks: readonly Buffer[]): { data: Buffer; consumed: number; ended: boolean } {
  const decoder = new EtxDecoder();
  const pieces: Buffer[] = [];
  let consumed = 0;
  let ended = false;
  for (const chunk of chunks) {
    const piece = decoder.decode(Buffer.from(chunk));
    pieces.push(piece.data);
    consumed += piece.consumed;
    ended = piece.ended;
  }
  return { data: Buffer.concat(pieces), consumed, ended };
}

function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const edges = [0, ...offsets.map((offset) => offset % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

/** Any bytes, and bytes thick with ETX and SUB; short ones, and ones past the kernel's window of 16 KiB. */
const anyData = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.constantFrom(0x03, 0x1a, 0x41), { maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)),
    ),
    fc.constantFrom(1, 1, 1, 150),
  )
  .map(([bytes, times]) => Buffer.concat(new Array(times).fill(bytes)));

describe.each(etxRows)("$name", ({ data, code }) => {
  test("encodes", () => {
    expect(encodeEtx(data)).toEqual(code);
  });

  test("decodes", () => {
    expect(decodeAll([code])).toEqual({ data, consumed: code.length, ended: false });
  });

  test("comes back as it went, ended by a SUB", () => {
    const stream = Buffer.concat([encodeEtx(data), SUB]);
    expect(decodeAll([stream])).toEqual({ data, consumed: stream.length, ended: true });
  });

  test("decodes when split at every offset", () => {
    const stream = Buffer.concat([code, SUB]);
    for (let offset = 0; offset <= stream.length; offset++) {
      expect(decodeAll(cut(stream, [offset]))).toEqual({ data, consumed: stream.length, ended: true });
    }
  });
});

describe("decoding", () => {
  test.each([
    { name: "ETX makes any byte literal, also one that needs no escape", stream: "03 41 03 0d 1a", data: "41 0d" },
    { name: "a SUB alone is no data at all", stream: "1a", data: "" },
    { name: "what follows the SUB is left", stream: "41 1a 0d 0a 41 54 0d", data: "41" },
    { name: "a second SUB is left", stream: "41 1a 1a", data: "41" },
    { name: "an escape pair after the SUB is left as it is", stream: "03 1a 1a 03 03 42", data: "1a" },
  ])("$name", ({ stream, data }) => {
    const bytes = fromHex(stream);
    const { data: decoded, consumed, ended } = new EtxDecoder().decode(bytes);
    expect({ decoded, ended }).toEqual({ decoded: fromHex(data), ended: true });
    expect(bytes.subarray(consumed)).toEqual(fromHex(stream).subarray(consumed));
    expect(bytes[consumed - 1]).toBe(0x1a);
  });

  test("an ETX waits for its byte over an empty chunk", () => {
    expect(decodeAll([Buffer.of(0x03), Buffer.alloc(0), SUB])).toEqual({ data: SUB, consumed: 2, ended: false });
  });

  test("a chunk after the end is not touched", () => {
    const decoder = new EtxDecoder();
    decoder.decode(Buffer.from(SUB));
    expect(decoder.decode(Buffer.from("AT\r"))).toEqual({ data: Buffer.alloc(0), consumed: 0, ended: true });
  });

  test("a clean chunk is handed on, not copied", () => {
    const chunk = Buffer.from("no control byte in here");
    expect(new EtxDecoder().decode(chunk).data).toBe(chunk);
  });

  test("data lies in the chunk's own memory", () => {
    const chunk = Buffer.alloc(1000, "ab\x03\x1a");
    const { data } = new EtxDecoder().decode(chunk);
    expect([data.buffer, data.byteOffset]).toEqual([chunk.buffer, chunk.byteOffset]);
  });

  test("any data comes back through any chunking, and nothing after the SUB is used", () => {
    fc.assert(
      fc.property(
        anyData,
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (data, rest, cuts) => {
          const entry = Buffer.concat([encodeEtx(data), SUB]);
          const { data: decoded, consumed, ended } = decodeAll(cut(Buffer.concat([entry, rest]), cuts));
          return decoded.equals(data) && consumed === entry.length && ended;
        },
      ),
    );
  });
});

describe("encoding", () => {
  test("clean bytes are returned, not copied", () => {
    const bytes = Buffer.from("no control byte in here");
    expect(encodeEtx(bytes)).toBe(bytes);
  });

  test("leaves its source alone", () => {
    const bytes = Buffer.alloc(1000, "ab\x03\x1a");
    encodeEtx(bytes);
    expect(bytes).toEqual(Buffer.alloc(1000, "ab\x03\x1a"));
  });

  test.each([
    { room: 0, read: 0, target: "" },
    { room: 1, read: 1, target: "41" },
    { room: 2, read: 1, target: "41 ee" },
    { room: 3, read: 2, target: "41 03 1a" },
    { room: 4, read: 3, target: "41 03 1a 42" },
    { room: 5, read: 3, target: "41 03 1a 42 ee" },
  ])("a target of $room bytes takes $read of A SUB B, and no half of a pair", ({ room, read, target }) => {
    const packet = Buffer.alloc(room, 0xee);
    expect(encodeEtxInto(fromHex("41 1a 42"), packet).read).toBe(read);
    expect(packet).toEqual(fromHex(target));
  });

  test("packets of any size joined are the whole code, each filled but for a pair that does not fit", () => {
    fc.assert(
      fc.property(anyData, fc.integer({ min: 2, max: 2000 }), (data, size) => {
        const packets: Buffer[] = [];
        for (let from = 0; from < data.length; ) {
          const packet = Buffer.alloc(size);
          const { read, written } = encodeEtxInto(data.subarray(from), packet);
          from += read;
          if (from < data.length) expect(written).toBeGreaterThanOrEqual(size - 1);
          packets.push(packet.subarray(0, written));
        }
        expect(Buffer.concat(packets).equals(encodeEtx(data))).toBe(true);
      }),
    );
  });
});
