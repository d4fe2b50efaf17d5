import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { SocketConnection } from "../../../src/platform/network/socket-connection.ts";
import { type Reply, readReply } from "../../../src/protocols/ftp/reply-reader.ts";

const live = new AbortController().signal;

/** A connection on which these chunks arrive, and then the end. */
function arriving(chunks: readonly Uint8Array[]): SocketConnection {
  const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const connection = new SocketConnection(Object.assign(stream, { setNoDelay: () => stream }) as unknown as Socket);
  for (const chunk of chunks) stream.push(chunk);
  stream.push(null);
  return connection;
}

/** The bytes cut into pieces of the given lengths, and the rest. */
function cutUp(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...pieces, bytes.subarray(at)].filter((piece) => piece.length > 0);
}

async function read(text: string): Promise<Reply | string> {
  const connection = arriving([Buffer.from(text, "latin1")]);
  return readReply(connection, live).catch((error: ServiceError) => error.code);
}

test.each<[string, Reply | string]>([
  ["220 hello\r\n", { code: 220, lines: ["hello"] }],
  ["220 hello\n", { code: 220, lines: ["hello"] }],
  ["220\r\n", { code: 220, lines: [""] }],
  ["220 \xe9\r\n", { code: 220, lines: ["\xe9"] }],
  [
    "230-a\r\n230-b\r\n 230 c\r\n231 d\r\n\r\n230 e\r\n",
    { code: 230, lines: ["a", "230-b", " 230 c", "231 d", "", "e"] },
  ],
  ["230-a\r\n230\r\n", { code: 230, lines: ["a", ""] }],
  ["hello\r\n", "REPLY"],
  ["22 hello\r\n", "REPLY"],
  ["2200 hello\r\n", "REPLY"],
  ["620 hello\r\n", "REPLY"],
  ["\r\n", "REPLY"],
  [`220 ${"x".repeat(4092)}\r\n`, { code: 220, lines: ["x".repeat(4092)] }],
  [`220 ${"x".repeat(4093)}\r\n`, "REPLY"],
  ["220 hello", "CLOSED"],
  ["220-hello\r\n221 bye\r\n", "CLOSED"],
  ["", "CLOSED"],
])("%j", async (text, expected) => {
  expect(await read(text)).toEqual(expected);
});

const code = fc.integer({ min: 100, max: 599 });
const line = fc.string({
  maxLength: 20,
  unit: fc.integer({ min: 32, max: 255 }).map((byte) => String.fromCharCode(byte)),
});

test("replies are the same however the stream is cut", async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(code, fc.array(line, { minLength: 1, maxLength: 6 }), lengths, async (number, lines, cuts) => {
      const inner = lines.map((each) => ` ${each}`);
      const first = inner[0] ?? "";
      const many = `${number}-${inner.join("\r\n")}\r\n${number} end\r\n`;
      const one = `${number} ${first}\r\n`;
      const connection = arriving(cutUp(Buffer.from(many + one, "latin1"), cuts));
      expect(await readReply(connection, live)).toEqual({ code: number, lines: [...inner, "end"] });
      expect(await readReply(connection, live)).toEqual({ code: number, lines: [first] });
    }),
  );
});

test("any bytes give replies or a ServiceError", async () => {
  const soup = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    line.map((text) => Buffer.from(`220-${text}\r\n`, "latin1")),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(soup, { maxLength: 5 }), async (chunks) => {
      const connection = arriving(chunks.filter((chunk) => chunk.length > 0));
      try {
        for (;;) await readReply(connection, live);
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
      }
    }),
  );
});
