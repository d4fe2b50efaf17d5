import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import wabt from "wabt";
import type { EtxCursor, EtxKernel } from "../../../src/codec/etx/cursor.ts";
import { scalarKernel } from "../../../src/codec/etx/scalar-kernel.ts";
import { createSimdKernel } from "../../../src/codec/etx/simd-kernel.ts";
import { ETX_SIMD_MODULE } from "../../../src/codec/etx/simd-module.ts";

const simdKernel = createSimdKernel() as EtxKernel;
const WINDOW = 16 * 1024;

/** Runs one loop of a kernel on a target of `room` bytes; the whole target is compared, so that a byte too far shows. */
function run(loop: (cursor: EtxCursor) => void, source: Buffer, room: number) {
  const cursor = { source, read: 0, target: Buffer.alloc(room, 0xee), written: 0 };
  loop(cursor);
  return { read: cursor.read, written: cursor.written, target: cursor.target.toString("latin1") };
}

test("this engine runs the SIMD kernel", () => {
  expect(createSimdKernel()).toBeDefined();
});

test("the committed bytes are those of kernel.wat", async () => {
  const source = readFileSync(new URL("../../../src/codec/etx/kernel.wat", import.meta.url), "utf8");
  const assembler = await wabt();
  const { buffer } = assembler.parseWat("kernel.wat", source, { simd: true }).toBinary({});
  expect(ETX_SIMD_MODULE.toString("base64")).toBe(Buffer.from(buffer).toString("base64"));
});

test("both kernels do the same on any bytes and any room", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(fc.constantFrom(0x03, 0x1a, 0x41), { maxLength: 400 }).map((values) => Uint8Array.from(values)),
    fc.array(fc.constantFrom(0x03, 0x41, 0x42), { maxLength: 400 }).map((values) => Uint8Array.from(values)),
  );
  fc.assert(
    fc.property(bytes, fc.nat(800), (values, room) => {
      const source = Buffer.from(values);
      expect(run(simdKernel.encode.bind(simdKernel), source, room)).toEqual(run(scalarKernel.encode, source, room));
      expect(run(simdKernel.decode.bind(simdKernel), source, source.length)).toEqual(
        run(scalarKernel.decode, source, source.length),
      );
    }),
    { numRuns: 500 },
  );
});

test.each(["\x03\x03", "\x03\x1a", "\x03A", "\x1aA", "\x03\x03\x03", "\x03\x03\x03\x1a", "\x1a\x03"])(
  "both kernels do the same with %j anywhere about a window's edge",
  (text) => {
    for (let at = WINDOW - 20; at <= WINDOW + 2; at++) {
      const source = Buffer.alloc(2 * WINDOW + 100, "x");
      source.write(text, at, "latin1");
      for (const room of [at, at + 1, at + 2, source.length, 2 * source.length]) {
        expect(run(simdKernel.encode.bind(simdKernel), source, room)).toEqual(run(scalarKernel.encode, source, room));
      }
      expect(run(simdKernel.decode.bind(simdKernel), source, source.length)).toEqual(
        run(scalarKernel.decode, source, source.length),
      );
    }
  },
);

test("both kernels do the same where every byte is escaped over several windows", () => {
  const source = Buffer.alloc(3 * WINDOW + 7, 0x03);
  for (const room of [2 * WINDOW, 2 * WINDOW + 1, 4 * WINDOW + 1, 2 * source.length]) {
    expect(run(simdKernel.encode.bind(simdKernel), source, room)).toEqual(run(scalarKernel.encode, source, room));
  }
  expect(run(simdKernel.decode.bind(simdKernel), source, source.length)).toEqual(
    run(scalarKernel.decode, source, source.length),
  );
});

test("an engine without WebAssembly gets no SIMD kernel", () => {
  const held = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly") as PropertyDescriptor;
  Object.defineProperty(globalThis, "WebAssembly", { value: undefined, configurable: true, writable: true });
  try {
    expect(createSimdKernel()).toBeUndefined();
  } finally {
    Object.defineProperty(globalThis, "WebAssembly", held);
  }
});
