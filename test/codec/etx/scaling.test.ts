import { expect, test } from "vitest";
import { EtxDecoder } from "../../../src/codec/etx/decoder.ts";
import { encodeEtx } from "../../../src/codec/etx/encoder.ts";

const SIZE = 256 * 1024;
const PATTERN = "plain text \x03\x03\x03\x1a, ";
/** A machine that is busy with other work may disturb a round; linear work passes in one of these, quadratic in none. */
const ROUNDS = 50;

function timed(run: (input: Buffer) => void, size: number): number {
  const input = Buffer.alloc(size, PATTERN);
  const start = performance.now();
  run(input);
  return performance.now() - start;
}

test.each([
  { name: "encoding", run: (input: Buffer) => void encodeEtx(input) },
  { name: "decoding", run: (input: Buffer) => void new EtxDecoder().decode(input) },
])("$name eight times the data takes less than 24 times as long", ({ run }) => {
  const ratios = Array.from({ length: ROUNDS }, () => {
    const small = timed(run, SIZE);
    return timed(run, 8 * SIZE) / small;
  });
  expect(Math.min(...ratios)).toBeLessThan(24);
});
