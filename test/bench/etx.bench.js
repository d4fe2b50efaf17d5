import { SlipDecoder, SlipEncoder } from "@serialport/parser-slip-encoder";
import { EtxDecoder } from "../../dist/codec/etx/decoder.js";
import { encodeEtx, encodeEtxInto } from "../../dist/codec/etx/encoder.js";
import { compare, printTable } from "./measure.js";

const ETX = 0x03;
const SUB = 0x1a;
const CHUNK = 64 * 1024;
const PTY_READ = 4096;
const PACKET = 1024;
const SLIP_FRAME = 256;

const text = Buffer.alloc(CHUNK, "The quick brown fox jumps over the lazy dog; GET /index.html HTTP/1.1\r\n");
const inputs = {
  text,
  "1 escape in 1000": text.map((byte, index) => (index % 1000 === 500 ? ETX : byte)),
  random: pseudoRandom(CHUNK),
  "all escapes": Buffer.alloc(CHUNK, SUB),
};

const packet = Buffer.alloc(PACKET);
const operations = {
  encode: (data) => ({
    ours: { input: data, run: encodeEtx },
    copy: { input: data, run: copy },
    loop: { input: data, run: loopEncode },
    slip: { input: asSlip(data), run: slipEncode },
  }),
  "encode, packets of 1 KiB": (data) => ({
    ours: { input: data, run: fillPackets },
    copy: { input: data, run: copy },
    loop: { input: data, run: loopEncode },
    slip: { input: asSlip(data), run: slipEncode },
  }),
  decode: (data) => decoding(loopEncode(data), data),
  "decode, reads of 4 KiB": (data) => decoding(loopEncode(data).subarray(0, PTY_READ), data),
};

function decoding(code, data) {
  return {
    ours: { input: code, run: (chunk) => new EtxDecoder().decode(chunk) },
    copy: { input: code, run: copy },
    loop: { input: code, run: loopDecode },
    slip: { input: slipEncode(asSlip(data.subarray(0, SLIP_FRAME))), run: slipDecode, bytes: 64 * 1024 },
  };
}

console.log(`ETX codec, MB/s of input, chunks of 64 KiB; node ${process.version}
copy: Buffer.copy into a new buffer · loop: a plain loop over the bytes · slip: @serialport/parser-slip-encoder, called without its
stream around it, on the same data with SLIP's escapes for ours; its decoder takes quadratic time, so it gets frames of ${SLIP_FRAME} bytes.
`);
const rows = [["", "ours", "copy", "loop", "slip", "/copy", "/loop", "/slip"]];
for (const [operation, candidates] of Object.entries(operations)) {
  for (const [name, data] of Object.entries(inputs)) {
    const { ours, ...others } = compare(candidates(Buffer.from(data)));
    const rates = [ours, ...Object.values(others)].map((rate) => rate.toFixed(0));
    const ratios = Object.values(others).map((rate) => (ours / rate).toPrecision(2));
    rows.push([`${operation}: ${name}`, ...rates, ...ratios.map((ratio) => Number(ratio).toString())]);
  }
}
printTable(rows);

function fillPackets(data) {
  for (let from = 0; from < data.length; ) from += encodeEtxInto(data.subarray(from), packet).read;
}

function copy(data) {
  const target = Buffer.allocUnsafe(data.length);
  data.copy(target);
  return target;
}

function loopEncode(data) {
  const code = Buffer.allocUnsafe(2 * data.length);
  let length = 0;
  for (let index = 0; index < data.length; index++) {
    const byte = data[index];
    if (byte === ETX || byte === SUB) code[length++] = ETX;
    code[length++] = byte;
  }
  return code.subarray(0, length);
}

function loopDecode(code) {
  const data = Buffer.allocUnsafe(code.length);
  let length = 0;
  let literal = false;
  for (let index = 0; index < code.length; index++) {
    const byte = code[index];
    if (!literal && byte === SUB) break;
    literal = !literal && byte === ETX;
    if (!literal) data[length++] = byte;
  }
  return data.subarray(0, length);
}

function slipEncode(data) {
  const encoder = new SlipEncoder();
  let frame;
  encoder._transform(data, "buffer", (_error, result) => {
    frame = result;
  });
  return frame;
}

function slipDecode(frame) {
  const decoder = new SlipDecoder();
  decoder._transform(frame, "buffer", () => {});
  return decoder.read();
}

/** The same data with ETX and SUB exchanged for SLIP's ESC and END, so that the peer escapes as often as we do. */
function asSlip(data) {
  const exchange = new Map([
    [ETX, 0xdb],
    [SUB, 0xc0],
    [0xdb, ETX],
    [0xc0, SUB],
  ]);
  return Buffer.from(data.map((byte) => exchange.get(byte) ?? byte));
}

/** The same bytes each time (xorshift). */
function pseudoRandom(length) {
  const bytes = Buffer.alloc(length);
  let state = 0x9e3779b9;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
