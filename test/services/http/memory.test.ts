import { afterEach, beforeEach, expect, test } from "vitest";
import type { Packet } from "../../../src/platform/packet.ts";
import { HandServer, turns, until } from "../../support/loopback.ts";
import { HttpHost } from "./host.ts";

const SIZE = 200 * 1024 * 1024;
/** What the kernel keeps on both sides of a connection, generously. */
const KERNEL = 32 * 1024 * 1024;

let server: HandServer;
beforeEach(async () => {
  server = await HandServer.listen();
});
afterEach(() => server.close());

/** A host that only counts. */
class CountingHost extends HttpHost {
  counted = 0;

  override async packets(packets: readonly Packet[]): Promise<void> {
    if (this.room !== undefined) await this.room;
    for (const { payload } of packets) this.counted += payload.length;
  }
}

test("a host that takes nothing holds the server back, and a response of 200 MB needs no memory", async () => {
  const host = new CountingHost({ scale: 1000 });
  let makeRoom: (() => void) | undefined;
  host.room = new Promise((resolve) => {
    makeRoom = resolve;
  });
  await host.request(server.local, "GET / HTTP/1.1\r\n\r\n");
  const connection = await server.accept();
  const signal = AbortSignal.timeout(60_000);
  await connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${SIZE}\r\n\r\n`, signal);
  let sent = 0;
  let peak = 0;
  const sending = (async () => {
    const block = Buffer.alloc(1 << 20, "\x03abc");
    for (; sent < SIZE; sent += block.length) {
      await connection.write(block, signal);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
  })();
  await turns(2000);
  expect(host.counted).toBe(0);
  expect(sent).toBeLessThan(KERNEL);
  const before = process.memoryUsage().rss;
  host.room = undefined;
  makeRoom?.();
  await sending;
  await until(() => host.lines.length > 0);
  expect(host.lines).toEqual(["+CHTTPACT: 0"]);
  expect(host.counted).toBeGreaterThan(SIZE);
  expect(peak - before).toBeLessThan(SIZE / 2);
});
