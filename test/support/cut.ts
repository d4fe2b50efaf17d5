import fc from "fast-check";

/** Every way to cut `bytes` in two, and byte by byte. */
export function* cuts(bytes: Buffer): Generator<readonly Buffer[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (byte) => Buffer.of(byte));
}

/** Cuts `bytes` at the given places, whatever their order and size. */
export function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [...places.map((place) => place % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

/** Bytes that are mostly drawn from a grammar's own words. */
export function soup(words: readonly string[]): fc.Arbitrary<Buffer> {
  const word = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 5 }) },
  );
  return fc.array(word, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(""), "latin1"));
}
