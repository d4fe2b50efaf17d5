import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setImmediate as yieldToIo } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/platform/network/network.ts";
import { CONNECTION_LIMITS } from "../../../src/platform/network/network.ts";
import { ServiceError, toServiceError } from "../../../src/platform/network/service-error.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";

const signal = new AbortController().signal;
const code = (expected: string) => expect.objectContaining({ name: "ServiceError", code: expected });

describe("a connection", () => {
  let server: Server;
  let peer: Socket;
  let connection: Connection;

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const arrival = once(server, "connection");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    connection = await new TcpNetwork().connect({ host: "127.0.0.1", port: address.port }, signal);
    [peer] = (await arrival) as [Socket];
    peer.on("error", () => undefined);
  });

  afterEach(() => {
    connection.close();
    peer.destroy();
    server.close();
  });

  /** Sends in pieces that arrive one by one. */
  async function sendApart(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      if (piece.length > 0) await new Promise((resolve) => peer.write(piece, resolve));
      await yieldToIo();
      await yieldToIo();
    }
  }

  test("knows both its ends", () => {
    expect(connection.remote).toEqual({ host: "127.0.0.1", port: peer.localPort });
    expect(connection.local).toEqual({ host: "127.0.0.1", port: peer.remotePort });
  });

  const dialogue = Buffer.from("+OK ready\r\n\r\nbare\na\rb\r\n\r\r\n.\r\nrest");
  const lines = ["+OK ready", "", "bare", "a\rb", "\r", "."];

  test.each(Array.from(dialogue.keys()))("lines are the same when the stream is split at %i", async (at) => {
    const sending = sendApart([dialogue.subarray(0, at), dialogue.subarray(at)]);
    const read: string[] = [];
    while (read.length < lines.length) read.push((await connection.readLine(100, signal)).toString());
    expect(read).toEqual(lines);
    expect((await connection.readExactly(4, signal)).toString()).toBe("rest");
    await sending;
  });

  test("lines are the same when each byte comes alone", async () => {
    const sending = sendApart(Array.from(dialogue, (byte) => Uint8Array.of(byte)));
    for (const line of lines) expect((await connection.readLine(100, signal)).toString()).toBe(line);
    await sending;
  });

  test.each(["\r\n", "\n"])("a line of exactly the limit passes (%j)", async (terminator) => {
    peer.write(`12345${terminator}`);
    expect((await connection.readLine(5, signal)).toString()).toBe("12345");
  });

  test.each(["123456\r\n", "123456\n", "1234567", "12345\r\r\n"])(
    "a line over the limit is REPLY: %j",
    async (text) => {
      peer.write(text);
      await expect(connection.readLine(5, signal)).rejects.toEqual(code("REPLY"));
    },
  );

  test("a limit above the read-ahead is honoured too", async () => {
    const long = Buffer.alloc(3 * CONNECTION_LIMITS.readAhead, "x");
    peer.write(Buffer.concat([long, Buffer.from("\r\n")]));
    expect(await connection.readLine(long.length, signal)).toHaveLength(long.length);
  });

  test("readExactly crosses chunks and lines, however large", async () => {
    const bytes = Buffer.alloc(5 * CONNECTION_LIMITS.readAhead, "ab\n");
    peer.write(bytes);
    expect((await connection.readExactly(3, signal)).toString()).toBe("ab\n");
    expect((await connection.readExactly(bytes.length - 3, signal)).equals(bytes.subarray(3))).toBe(true);
    expect(await connection.readExactly(0, signal)).toHaveLength(0);
  });

  test("the peer's end is undefined, again and again, after all that came before it", async () => {
    peer.end("bye");
    expect((await connection.readExactly(3, signal)).toString()).toBe("bye");
    expect(await connection.read(signal)).toBeUndefined();
    expect(await connection.read(signal)).toBeUndefined();
  });

  test.each<[string, (connection: Connection) => Promise<unknown>]>([
    ["readLine", (open) => open.readLine(100, signal)],
    ["readExactly", (open) => open.readExactly(4, signal)],
  ])("an end in the middle of a %s is CLOSED", async (_, read) => {
    peer.end("bye");
    await expect(read(connection)).rejects.toEqual(code("CLOSED"));
  });

  test("after the peer's end we may still write", async () => {
    peer.end();
    expect(await connection.read(signal)).toBeUndefined();
    const arrival = once(peer, "data");
    await connection.write("QUIT\r\n", signal);
    expect(String((await arrival)[0])).toBe("QUIT\r\n");
  });

  test("our end reaches the peer after what was written, and we may still read", async () => {
    await connection.write("last", signal);
    connection.end();
    const received: Buffer[] = [];
    peer.on("data", (chunk: Buffer) => received.push(chunk));
    await once(peer, "end");
    expect(Buffer.concat(received).toString()).toBe("last");
    peer.write("reply\r\n");
    expect((await connection.readLine(100, signal)).toString()).toBe("reply");
  });

  test("a reset is RESET for whoever reads and whoever comes later", async () => {
    const reading = connection.read(signal);
    peer.resetAndDestroy();
    await expect(reading).rejects.toEqual(code("RESET"));
    await expect(connection.read(signal)).rejects.toEqual(code("RESET"));
    await expect(connection.write("x", signal)).rejects.toEqual(code("RESET"));
  });

  test("a reset is an error for a writer that waits, not a success", async () => {
    peer.pause();
    peer.write("unread");
    const writing = (async () => {
      for (;;) await connection.write(Buffer.alloc(1 << 20), signal);
    })();
    for (let turns = 0; turns < 50; turns++) await yieldToIo();
    peer.resetAndDestroy();
    await expect(writing).rejects.toEqual(code("RESET"));
  });

  test("what arrived before a failure is delivered before it", async () => {
    await sendApart([Buffer.from("one\r\ntwo\r\n")]);
    const first = await connection.readLine(100, signal);
    peer.resetAndDestroy();
    for (let turns = 0; turns < 20; turns++) await yieldToIo();
    expect([first.toString(), (await connection.readLine(100, signal)).toString()]).toEqual(["one", "two"]);
    await expect(connection.readLine(100, signal)).rejects.toEqual(code("RESET"));
  });

  test("close wakes whoever waits with its reason", async () => {
    const reason = new Error("power off");
    const reading = connection.read(signal);
    connection.close(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(connection.readLine(1, signal)).rejects.toBe(reason);
    await expect(connection.write("x", signal)).rejects.toBe(reason);
  });

  test("close without a reason is CLOSED, also for what had arrived unread and for an end that was not seen", async () => {
    await sendApart([Buffer.from("unread")]);
    peer.end();
    for (let turns = 0; turns < 20; turns++) await yieldToIo();
    connection.close();
    await expect(connection.read(signal)).rejects.toEqual(code("CLOSED"));
  });

  test("an abort ends a wait with its reason and harms nothing", async () => {
    const abort = new AbortController();
    const reading = connection.readLine(100, abort.signal);
    await sendApart([Buffer.from("half ")]);
    abort.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await expect(connection.read(abort.signal).then(() => connection.read(abort.signal))).rejects.toThrow("enough");
    peer.write("a line\r\n");
    expect((await connection.readLine(100, signal)).toString()).toMatch(/a line$/);
  });

  test("an aborted signal writes nothing", async () => {
    await expect(connection.write("x", AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
  });

  test("a consumer that does not read holds the peer back", async () => {
    const chunk = Buffer.alloc(1 << 20);
    let taken = 0;
    // The kernels' buffers are some megabytes; without backpressure all of this would go.
    const goal = 256;
    const pump = () => {
      while (taken < goal && peer.write(chunk)) taken++;
      if (taken < goal)
        peer.once("drain", () => {
          taken++;
          pump();
        });
    };
    pump();
    let [last, quiet] = [-1, 0];
    while (quiet < 200) {
      quiet = taken === last ? quiet + 1 : 0;
      last = taken;
      await yieldToIo();
    }
    expect(taken).toBeLessThan(goal / 4);
    await connection.readExactly(8 << 20, signal);
    expect(taken).toBeGreaterThan(0);
  });

  test("a peer that does not read holds the writer back", async () => {
    peer.pause();
    const abort = new AbortController();
    const writing = (async () => {
      for (let count = 0; count < 256; count++) await connection.write(Buffer.alloc(1 << 20), abort.signal);
    })();
    for (let turns = 0; turns < 500; turns++) await yieldToIo();
    abort.abort(new Error("held back"));
    await expect(writing).rejects.toThrow("held back");
  });
});

test.each([
  ["ENOTFOUND", "UNRESOLVED"],
  ["ECONNREFUSED", "REFUSED"],
  ["EHOSTUNREACH", "UNREACHABLE"],
  ["ETIMEDOUT", "TIMEOUT"],
  ["EPIPE", "RESET"],
  ["ENOSPC", "UNKNOWN"],
])("%s of the operating system is %s", (errno, expected) => {
  const cause = Object.assign(new Error("broken"), { code: errno });
  expect(toServiceError(cause)).toMatchObject({ code: expected, message: "broken", cause });
});

test("an error that is one already stays itself", () => {
  const error = new ServiceError("REPLY", "no");
  expect(toServiceError(error)).toBe(error);
});
