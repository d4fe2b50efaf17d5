import { expect, test } from "vitest";
import { EtxDecoder } from "../../../src/codec/etx/decoder.ts";
import { encodeEtx } from "../../../src/codec/etx/encoder.ts";

const SIZE = 256 * 1024;

/** Milliseconds of the fastest of five runs. */
function best(run: (input: Buffer) => void, input: Buffer): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const copy = Buffer.from(input);
    const start = performance.now();
    run(copy);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

test.each([
  { name: "encoding", run: (input: Buffer) => void encodeEtx(input) },
  { name: "decoding", run: (input: Buffer) => void new EtxDecoder().decode(input) },
])("$name eight times the data takes less than 24 times as long", ({ run }) => {
  const pattern = "plain text \x03\x03\x03\x1a, ";
  best(run, Buffer.alloc(SIZE, pattern));
  expect(best(run, Buffer.alloc(8 * SIZE, pattern))).toBeLessThan(24 * best(run, Buffer.alloc(SIZE, pattern)));
});
