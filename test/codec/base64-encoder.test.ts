import fc from "fast-check";
import { expect, test } from "vitest";
import { Base64Encoder, base64Length } from "../../src/codec/base64-encoder.ts";

function encode(chunks: readonly Uint8Array[]): string {
  const encoder = new Base64Encoder();
  return Buffer.concat([...chunks.map((chunk) => encoder.push(chunk)), encoder.end()]).toString("latin1");
}

/** The same rows made in another way. */
function rows(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replace(/.{1,76}/g, "$&\r\n");
}

test("any bytes in any chunks become rows of 76 characters", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      expect(encode(chunks)).toBe(rows(Buffer.concat(chunks)));
    }),
  );
});

test("the length is known before the bytes are", () => {
  for (let size = 0; size < 200; size++) {
    expect(encode([Buffer.alloc(size)])).toHaveLength(base64Length(size));
  }
});

test("the chunk is not kept: it may change after the call", () => {
  const encoder = new Base64Encoder();
  const chunk = Buffer.from("abc");
  const first = encoder.push(chunk);
  chunk.fill(0);
  expect(Buffer.concat([first, encoder.end()]).toString("latin1")).toBe("YWJj\r\n");
});
