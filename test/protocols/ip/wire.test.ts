import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksumOf, sumWords } from "../../../src/protocols/ip/checksum.ts";
import { composeAnswer, readQuery } from "../../../src/protocols/ip/dns.ts";
import { composeIpv4, formatAddress, parseAddress, readIpv4 } from "../../../src/protocols/ip/ipv4.ts";
import { composeSegment, distance, readSegment } from "../../../src/protocols/ip/tcp/segment.ts";
import { composeUdp, readUdp } from "../../../src/protocols/ip/udp.ts";

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");
const HEADER = hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");

describe("the checksum", () => {
  test.each([
    ["the words of RFC 1071 §3", hex("0001 f203 f4f5 f6f7"), 0x220d],
    ["a right header", HEADER, 0],
    ["an odd number of bytes", hex("0102 03"), 0xfbfd],
    ["nothing", hex(""), 0xffff],
  ])("of %s", (_name, bytes, sum) => {
    expect(checksumOf(sumWords(bytes))).toBe(sum);
  });

  test("makes any bytes that hold it sum to 0, in any order of words", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 800 }), (words) => {
        const bytes = Buffer.alloc(words.length * 2 + 2);
        for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, index * 2);
        const sum = checksumOf(sumWords(bytes));
        expect(checksumOf(sumWords(Buffer.from(bytes).swap16()))).toBe(((sum & 0xff) << 8) | (sum >> 8));
        bytes.writeUInt16BE(sum, words.length * 2);
        expect(checksumOf(sumWords(bytes))).toBe(0);
      }),
    );
  });
});

describe("IPv4", () => {
  const packet = Buffer.concat([HEADER, Buffer.alloc(0x73 - 20)]);
  const change = (at: number, value: number) => {
    const changed = Buffer.from(packet);
    changed.writeUInt8(value, at);
    return changed;
  };

  test("reads a header", () => {
    expect(readIpv4(packet)).toMatchObject({ protocol: 17, ttl: 64, source: 0xc0a80001, destination: 0xc0a800c7 });
  });

  test("skips options and what follows the packet", () => {
    const plain = composeIpv4(1, 2, 17, hex("01010101 aabb"));
    plain.writeUInt8(0x46, 0);
    plain.writeUInt16BE(0, 10);
    plain.writeUInt16BE(checksumOf(sumWords(plain.subarray(0, 24))), 10);
    expect(readIpv4(Buffer.concat([plain, hex("ffff")]))?.payload).toEqual(hex("aabb"));
  });

  test.each([
    ["too short", packet.subarray(0, 19)],
    ["of version 6", change(0, 0x65)],
    ["with a header length of 4 words", change(0, 0x44)],
    ["with a wrong checksum", change(10, 0)],
    ["longer than the frame", packet.subarray(0, 0x72)],
  ])("drops a packet %s", (_name, bytes) => {
    expect(readIpv4(bytes)).toBeUndefined();
  });

  test.each([
    ["with more fragments", 0x2000],
    ["of a later fragment", 0x0001],
  ])("drops a packet %s", (_name, fragment) => {
    const bytes = Buffer.from(composeIpv4(1, 2, 17, hex("aabb")));
    bytes.writeUInt16BE(fragment, 6);
    bytes.writeUInt16BE(0, 10);
    bytes.writeUInt16BE(checksumOf(sumWords(bytes.subarray(0, 20))), 10);
    expect(readIpv4(bytes)).toBeUndefined();
  });

  test("prints and reads any address", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (address) => {
        expect(parseAddress(formatAddress(address))).toBe(address);
      }),
    );
  });
});

describe("UDP and TCP", () => {
  const [near, far] = [
    { address: 0x0a000001, port: 1234 },
    { address: 0xc6120001, port: 80 },
  ];

  test("a datagram is read as it was composed, and not when a bit is changed", () => {
    const bytes = composeUdp(near, far, Buffer.from("data"));
    const packet = readIpv4(bytes);
    expect(packet && readUdp(packet)).toMatchObject({
      sourcePort: 1234,
      destinationPort: 80,
      data: Buffer.from("data"),
    });
    bytes.writeUInt8(0, 30);
    expect(packet && readUdp(packet)).toBeUndefined();
  });

  test("a segment is read as it was composed, and not when a bit is changed", () => {
    const segment = { seq: 1, ack: 2, flags: 18, window: 3, mss: 1460, data: Buffer.from("odd") };
    const bytes = composeSegment(near, far, segment);
    const packet = readIpv4(bytes);
    expect(packet && readSegment(packet)).toEqual({ ...segment, sourcePort: 1234, destinationPort: 80 });
    bytes.writeUInt8(0, 44);
    expect(packet && readSegment(packet)).toBeUndefined();
  });

  test.each([
    [0, 0xffff_ffff, 1],
    [0xffff_fff0, 0x10, -0x20],
    [0x8000_0000, 1, 0x7fff_ffff],
  ])("%i is ahead of %i by %i", (a, b, ahead) => {
    expect(distance(a, b)).toBe(ahead);
  });
});

describe("DNS", () => {
  const query = hex("abcd 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001");

  test("reads a question and repeats it in the answer", () => {
    const read = readQuery(query);
    expect(read).toMatchObject({ id: 0xabcd, name: "www.example.com", asksAddress: true, rcode: 0 });
    const answer = read && composeAnswer(read, 0, [0xc6120001]);
    expect(answer?.toString("hex")).toBe(
      hex(
        `abcd 8180 0001 0001 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001
         c00c 0001 0001 0000003c 0004 c6120001`,
      ).toString("hex"),
    );
  });

  test("keeps an answer within 512 bytes", () => {
    const read = readQuery(query);
    const answer = read && composeAnswer(read, 0, Array(100).fill(1));
    expect(answer?.length).toBe(33 + 29 * 16);
    expect(answer?.readUInt16BE(6)).toBe(29);
  });

  test.each([
    ["an answer", hex("abcd 8100 0001 0000 0000 0000"), undefined],
    ["too short", hex("abcd"), undefined],
    ["of another kind", hex("abcd 2800 0001 0000 0000 0000"), 4],
    ["without a question", hex("abcd 0100 0000 0000 0000 0000"), 1],
    ["with a pointer in the question", hex("abcd 0100 0001 0000 0000 0000 c00c 0001 0001"), 1],
    ["cut in the name", query.subarray(0, 20), 1],
    ["for no host name", hex("abcd 0100 0001 0000 0000 0000 022f2e 00 0001 0001"), 3],
  ])("a message that is %s is answered as it must", (_name, bytes, rcode) => {
    expect(readQuery(bytes)?.rcode).toBe(rcode);
  });
});
