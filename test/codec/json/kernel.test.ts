import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import wabt from "wabt";
import { scalarKernel } from "../../../src/codec/json/scalar-kernel.ts";
import { createSimdKernel } from "../../../src/codec/json/simd-kernel.ts";
import { JSON_SIMD_MODULE } from "../../../src/codec/json/simd-module.ts";
import { type JsonKernel, PLACE } from "../../../src/codec/json/written.ts";

test("this engine runs the SIMD kernel", () => {
  expect(createSimdKernel()).toBeDefined();
});

test("the committed bytes are those of kernel.wat", async () => {
  const source = readFileSync(new URL("../../../src/codec/json/kernel.wat", import.meta.url), "utf8");
  const assembler = await wabt();
  const { buffer } = assembler.parseWat("kernel.wat", source, { simd: true }).toBinary({});
  expect(JSON_SIMD_MODULE.toString("base64")).toBe(Buffer.from(buffer).toString("base64"));
});

describe.each<readonly [string, JsonKernel | undefined]>([
  ["scalar", scalarKernel],
  ["SIMD", createSimdKernel()],
])("the %s kernel", (_, kernel) => {
  /** What it writes, in a target that is no longer than it must be. */
  function written(source: Buffer, at = 3): string {
    const target = Buffer.alloc(at + PLACE * source.length, "_");
    const end = kernel?.escape(source, target, at) ?? 0;
    expect(target.toString("latin1", 0, at)).toBe("_".repeat(at));
    return target.toString("utf8", at, end);
  }
  const json = (source: Buffer) => JSON.stringify(source.toString("latin1")).slice(1, -1);

  test.each([
    ["nothing", Buffer.alloc(0)],
    ["every byte", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ["text of many windows", Buffer.alloc(100_000, "plain text; ")],
    ["many of the byte that takes most", Buffer.alloc(100_000)],
    ["UTF-8", Buffer.from("grün, \u20ac, \u{1f600}, \u2028")],
  ])("%s", (_, source) => {
    expect(written(source) === json(source)).toBe(true);
  });

  test("any bytes", () => {
    const plain = fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((text) => Buffer.from(text));
    const any = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.oneof(plain, any), { maxLength: 10 }), (pieces) => {
        const source = Buffer.concat(pieces);
        expect(written(source)).toBe(json(source));
      }),
    );
  });

  test.each(['"', "\\", "\0", "\xff", " ", "\x1f", "\x7f", "\x80"])("%j at any place of a block", (byte) => {
    for (let at = 0; at < 40; at++) {
      const source = Buffer.alloc(40, "x");
      source.write(byte, at, "latin1");
      expect(written(source)).toBe(json(source));
    }
  });
});
