import { setImmediate as yieldToIo } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SerialLine } from "../../src/platform/serial-line.ts";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import type { Host } from "./host.ts";
import { Recorder } from "./recorder.ts";

/** A transport with a host at its other end. */
export interface Rig {
  readonly transport: SerialLine;
  readonly host: Host;
  /** Resolves when the transport knows its host, after the start. */
  ready?(): Promise<void>;
}

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

/** Bytes without a short period, so that a loss or a swap cannot hide. */
export function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 31 + (index >> 8) * 17 + (index >> 16)) & 0xff;
  return bytes;
}

/** Writes in pieces of changing length, waiting whenever the transport asks for it. */
export async function writeAll(transport: SerialLine, bytes: Buffer): Promise<void> {
  let piece = 1;
  for (let from = 0; from < bytes.length; from += piece, piece = (piece * 7 + 13) % 3001) {
    await transport.write(bytes.subarray(from, from + piece));
  }
}

/** Writes in large pieces, whose memory is changed as soon as the transport gives it back; the host reads once it must wait. */
async function writeLarge(transport: SerialLine, bytes: Buffer, resume: () => void): Promise<void> {
  const waiting: { readonly piece: Buffer; readonly end: number }[] = [];
  let length: number = SERIAL_LIMITS.lent;
  for (let from = 0; from < bytes.length; from += length, length = SERIAL_LIMITS.lent + ((length * 7) % 70_001)) {
    const piece = Buffer.from(bytes.subarray(from, from + length));
    waiting.push({ piece, end: from + piece.length });
    const room = transport.write(piece);
    const sent = transport.returnsMemory === true ? from + piece.length - transport.backlog : 0;
    while (waiting[0] !== undefined && waiting[0].end <= sent) waiting.shift()?.piece.fill("?");
    if (room !== undefined) resume();
    await room;
  }
  // The kernel may have taken all.
  resume();
}

/** Writes until the transport asks to wait and the host's own buffers are full too; gives what it took and that promise. */
async function fill(transport: SerialLine, limit = 64 * 1024 * 1024): Promise<{ taken: number; room: Promise<void> }> {
  const piece = Buffer.alloc(8192, "x");
  for (let taken = piece.length; taken <= limit; taken += piece.length) {
    const room = transport.write(piece);
    if (room === undefined) await yieldToIo();
    else if (await staysPending(room)) return { taken, room };
  }
  throw new Error(`${transport.address} never asked to wait`);
}

async function staysPending(promise: Promise<void>): Promise<boolean> {
  let pending = true;
  void promise.then(() => {
    pending = false;
  });
  for (let turns = 0; pending && turns < 200; turns++) await yieldToIo();
  return pending;
}

/** What every transport owes to the module, whatever its medium. */
export function transportContract(name: string, open: () => Promise<Rig>): void {
  describe(`${name} keeps the transport contract`, () => {
    let rig: Rig;
    let recorder: Recorder;

    async function start(): Promise<void> {
      rig.transport.start(recorder);
      await rig.ready?.();
    }

    beforeEach(async () => {
      rig = await open();
      recorder = new Recorder();
    });

    afterEach(async () => {
      await rig.transport.close();
      await rig.host.close();
    });

    test("all 256 byte values reach the module unchanged", async () => {
      await start();
      await rig.host.write(everyByte);
      expect(await recorder.received(256)).toEqual(everyByte);
    });

    test("all 256 byte values reach the host unchanged", async () => {
      await start();
      await rig.transport.write(everyByte);
      expect(await rig.host.readExactly(256)).toEqual(everyByte);
    });

    test("both directions keep their order while both are busy", async () => {
      await start();
      const bytes = pattern(300_000);
      const [toHost, toModule] = await Promise.all([
        rig.host.readExactly(bytes.length),
        recorder.received(bytes.length),
        writeAll(rig.transport, bytes),
        rig.host.write(bytes),
      ]);
      expect(toHost.equals(bytes)).toBe(true);
      expect(toModule.equals(bytes)).toBe(true);
    });

    test("chunks stay as they were given, however much comes after them", async () => {
      await start();
      const bytes = pattern(200_000);
      const copies: Buffer[] = [];
      const keep = recorder.data.bind(recorder);
      recorder.data = (chunk) => {
        copies.push(Buffer.from(chunk));
        return keep(chunk);
      };
      await Promise.all([rig.host.write(bytes), recorder.received(bytes.length)]);
      expect(Buffer.concat(recorder.chunks).equals(Buffer.concat(copies))).toBe(true);
    });

    test("what the host sends before the start is delivered at the start", async () => {
      await rig.host.write("AT\r");
      await start();
      expect((await recorder.received(3)).toString()).toBe("AT\r");
    });

    test("a receiver that holds the host back is left alone until it has settled", async () => {
      await start();
      const release = recorder.hold();
      const bytes = pattern(1_000_000);
      const written = rig.host.write(bytes);
      await recorder.until(() => recorder.chunks.length > 0);
      for (let turns = 0; turns < 100; turns++) await yieldToIo();
      expect(recorder.chunks).toHaveLength(1);
      release();
      await written;
      expect((await recorder.received(bytes.length)).equals(bytes)).toBe(true);
      expect(recorder.trespasses).toBe(0);
    });

    test("a receiver that holds each chunk for a while gets them one at a time, and all", async () => {
      await start();
      const keep = recorder.data.bind(recorder);
      let busy = 0;
      recorder.data = async (chunk) => {
        busy++;
        expect(busy).toBe(1);
        await yieldToIo();
        busy--;
        void keep(chunk);
      };
      const bytes = pattern(100_000);
      await Promise.all([rig.host.write(bytes), recorder.received(bytes.length)]);
      expect(Buffer.concat(recorder.chunks).equals(bytes)).toBe(true);
    });

    test("data() is never called while data() runs, whatever the receiver does in it", async () => {
      await start();
      const bytes = pattern(60_000);
      const keep = recorder.data.bind(recorder);
      let running = 0;
      let deepest = 0;
      const settling: Promise<void>[] = [];
      const echoing: Promise<void>[] = [];
      recorder.data = (chunk) => {
        running++;
        deepest = Math.max(deepest, running);
        keep(chunk);
        // What the AT interface does when a command begins: it looks for more input, and prints.
        settling.push(rig.transport.settle());
        void rig.transport.write(Buffer.from("."));
        if (echoing.length < 10) echoing.push(rig.host.write("+"));
        running--;
        return undefined;
      };
      const PLUS = 0x2b;
      const sent = Buffer.from(bytes.filter((byte) => byte !== PLUS));
      // node-serialport watches for the last thing only that it has begun to wait for: a read makes it forget a write that
      // waits, until something comes.
      const nudge = setInterval(() => void rig.transport.write(Buffer.from(".")), 50);
      try {
        await rig.host.write(sent);
        await recorder.until(() => echoing.length === 10 && recorder.length === sent.length + 10);
        await Promise.all([...settling, ...echoing]);
      } finally {
        clearInterval(nudge);
      }
      expect(deepest).toBe(1);
      const heard = Buffer.concat(recorder.chunks);
      expect(Buffer.from(heard.filter((byte) => byte !== PLUS)).equals(sent)).toBe(true);
    });

    test("a host that does not read holds the module back, with a bounded backlog, and loses nothing", async () => {
      await start();
      rig.host.pause();
      const { taken, room } = await fill(rig.transport);
      expect(rig.transport.backlog).toBeGreaterThanOrEqual(SERIAL_LIMITS.hostBuffer);
      expect(rig.transport.backlog).toBeLessThan(SERIAL_LIMITS.hostBuffer + 8192);
      rig.host.resume();
      await room;
      expect(rig.transport.backlog).toBeLessThan(SERIAL_LIMITS.hostBuffer);
      expect((await rig.host.readExactly(taken)).every((byte) => byte === 0x78)).toBe(true);
    });

    test("large pieces arrive, also where their memory is used again as soon as the line gives it back", async () => {
      await start();
      rig.host.pause();
      const bytes = pattern(2_000_000);
      const sending = writeLarge(rig.transport, bytes, () => rig.host.resume());
      const [heard] = await Promise.all([rig.host.readExactly(bytes.length), sending]);
      expect(heard.equals(bytes)).toBe(true);
    });

    test("the host is heard while it does not read", async () => {
      await start();
      rig.host.pause();
      await fill(rig.transport);
      await rig.host.write("AT\r");
      expect((await recorder.received(3)).toString()).toBe("AT\r");
    });

    test("a flood of single bytes that the host does not read arrives in order", async () => {
      await start();
      rig.host.pause();
      const bytes = pattern(40_000);
      for (const byte of bytes) void rig.transport.write(Uint8Array.of(byte));
      rig.host.resume();
      expect((await rig.host.readExactly(bytes.length)).equals(bytes)).toBe(true);
    });

    test("an empty write is nothing", async () => {
      await start();
      expect(rig.transport.write(new Uint8Array(0))).toBeUndefined();
      void rig.transport.write(Buffer.from("OK"));
      expect((await rig.host.readExactly(2)).toString()).toBe("OK");
    });

    test("settle resolves while the receiver holds the host back", async () => {
      await start();
      const release = recorder.hold();
      await rig.host.write("AT\r");
      await recorder.until(() => recorder.chunks.length > 0);
      await rig.transport.settle();
      expect(recorder.trespasses).toBe(0);
      release();
    });

    test("settle neither loses nor repeats what is on its way", async () => {
      await start();
      const bytes = pattern(3000);
      await rig.host.write(bytes);
      await rig.transport.settle();
      expect((await recorder.received(bytes.length)).equals(bytes)).toBe(true);
    });

    test("close is idempotent and silent, and what is written later is lost", async () => {
      await start();
      await rig.transport.close();
      await rig.transport.close();
      expect(rig.transport.write(Buffer.alloc(1000))).toBeUndefined();
      expect(rig.transport.backlog).toBe(0);
      await rig.transport.settle();
      expect(recorder.losses).toEqual([]);
    });

    test("close before the start is fine", async () => {
      await rig.transport.close();
      expect(recorder.chunks).toEqual([]);
    });

    test("close releases a writer that waits", async () => {
      await start();
      rig.host.pause();
      const { room } = await fill(rig.transport);
      await rig.transport.close();
      await room;
      expect(rig.transport.backlog).toBe(0);
    });

    test("nothing is delivered after close, not even when a held receiver lets go", async () => {
      await start();
      const release = recorder.hold();
      void rig.host.write(pattern(30_000)).catch(() => undefined);
      await recorder.until(() => recorder.chunks.length > 0);
      await rig.transport.close();
      const before = recorder.chunks.length;
      release();
      for (let turns = 0; turns < 20; turns++) await yieldToIo();
      expect(recorder.chunks).toHaveLength(before);
    });
  });
}
