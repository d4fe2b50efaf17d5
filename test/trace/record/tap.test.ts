import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { recordTo } from "../../../src/cli/report-files.ts";
import { TextFile } from "../../../src/platform/disk/text-file.ts";
import type { EventBody } from "../../../src/platform/events.ts";
import { SERIAL_LIMITS, type SerialLine } from "../../../src/platform/serial-line.ts";
import { SystemClock } from "../../../src/platform/time/clock.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { Journal } from "../../../src/rig/journal.ts";
import { tap } from "../../../src/trace/record/tap.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { ModuleLines } from "../../../src/transport/module-lines.ts";
import { openRfc2217 } from "../../../src/transport/rfc2217.ts";
import { bounded, until } from "../../support/program.ts";
import { Rfc2217Client } from "../../transport/rfc2217/client.ts";
import { temporaryDirectory } from "../../transport/temporary-directory.ts";

/** A UART with a module at its other end, whose outputs a test drives. */
class FakeUart {
  outputs = { dcd: false, dsr: true, cts: true };
  readonly driven: unknown[] = [];

  async get() {
    return this.outputs;
  }

  async set(inputs: unknown): Promise<void> {
    this.driven.push(inputs);
  }
}

interface Bench {
  readonly line?: SerialLine;
  readonly lines?: ModuleLines;
  readonly room?: () => Promise<void> | undefined;
  readonly emit?: (event: EventBody) => void;
}

/** A tap between a host and a module, both in memory. */
function startTap({ line, lines, room = () => undefined, emit = () => undefined }: Bench = {}) {
  const [hostSide, moduleSide] = [memoryPair(), memoryPair()];
  const end = new AbortController();
  const rates: number[] = [];
  const module = {
    address: "memory",
    lines,
    start: moduleSide.module.start.bind(moduleSide.module),
    write: moduleSide.module.write.bind(moduleSide.module),
    backlog: 0,
    close: () => moduleSide.module.close(),
    setRate: async (rate: number) => void rates.push(rate),
  };
  const parts = { host: line ?? hostSide.module, module, events: { active: true, emit }, room };
  const lost = tap(parts, end.signal);
  return { host: hostSide.host, module: moduleSide.host, rates, lost, end };
}

/** Sends pieces until one is held back; gives the bytes that were sent, and the promise of the last one. */
function fill(end: { write(bytes: Uint8Array): Promise<void> | undefined }) {
  const piece = Buffer.alloc(16 * 1024, "x");
  for (let sent = piece.length; sent <= 64 * SERIAL_LIMITS.hostBuffer; sent += piece.length) {
    const held = end.write(piece);
    if (held !== undefined) return { sent, held };
  }
  throw new Error("nothing was held back");
}

describe("modem lines", () => {
  test("pass both ways and are in the record", async () => {
    const [uart, clock] = [new FakeUart(), new VirtualClock()];
    const lines = await ModuleLines.on(uart, clock);
    const states: unknown[] = [];
    const { host } = startTap({
      ...(lines === undefined ? {} : { lines }),
      emit: (event) => void (event.type === "state" && states.push(event.value)),
    });
    expect(uart.driven).toEqual([{ dtr: true, rts: true }]);
    host.setDtr(false);
    host.setRts(false);
    expect(uart.driven.slice(1)).toEqual([
      { dtr: false, rts: true },
      { dtr: false, rts: false },
    ]);
    uart.outputs = { dcd: true, dsr: true, cts: false };
    await clock.advance(2 * SERIAL_LIMITS.linePoll);
    expect({ dcd: host.dcd, dsr: host.dsr, cts: host.cts }).toEqual(uart.outputs);
    expect(states).toEqual([
      { dtr: true, rts: true, dcd: false, dsr: true, cts: true },
      { dtr: false, rts: true, dcd: false, dsr: true, cts: true },
      { dtr: false, rts: false, dcd: false, dsr: true, cts: true },
      { dtr: false, rts: false, dcd: true, dsr: true, cts: false },
    ]);
    lines?.close();
    expect(clock.pendingAlarms).toBe(0);
  });

  test("of a host are in the record also where the module's port has none", () => {
    const states: unknown[] = [];
    const { host } = startTap({ emit: (event) => void (event.type === "state" && states.push(event.value)) });
    host.setDtr(false);
    expect(states).toEqual([
      { dtr: true, rts: true },
      { dtr: false, rts: true },
    ]);
  });
});

test("the rate that a host sets over RFC 2217 is set at the module's port", async () => {
  const line = await openRfc2217({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => line.close());
  const { rates, module } = startTap({ line });
  const client = await (await Rfc2217Client.connect(line)).negotiate();
  onTestFinished(() => client.close());
  expect(await client.ask(1, 0, 0, 0x25, 0x80)).toEqual([0, 0, 0x25, 0x80]);
  expect(await client.ask(1, 0, 1, 0xc2, 0)).toEqual([0, 1, 0xc2, 0]);
  expect(rates).toEqual([9600, 115_200]);
  await client.write("AT\r");
  await module.waitFor("AT\r");
});

describe.each(["host", "module"] as const)("a %s that does not read", (deaf) => {
  test("holds the other one back after a bounded number of bytes, and is still heard", async () => {
    const sides = startTap();
    const [silent, talker] = deaf === "host" ? [sides.host, sides.module] : [sides.module, sides.host];
    silent.pause();
    const { sent, held } = fill(talker);
    expect(sent).toBeLessThan(4 * SERIAL_LIMITS.hostBuffer);
    void silent.write("still here");
    expect((await talker.waitFor("still here")).toString()).toBe("still here");
    silent.resume();
    await bounded(held, () => "room after the reader has read");
    await until(() => silent.take().length === 0, "nothing left");
    void talker.write("end");
    await silent.waitFor("end");
  });

  test("does not keep a tap from ending", async () => {
    const sides = startTap();
    const [silent, talker] = deaf === "host" ? [sides.host, sides.module] : [sides.module, sides.host];
    silent.pause();
    fill(talker);
    sides.end.abort();
    expect(await bounded(sides.lost, () => "the end of the tap")).toBeUndefined();
  });

  test("and goes ends the tap with the reason", async () => {
    const sides = startTap();
    const [silent, talker] = deaf === "host" ? [sides.host, sides.module] : [sides.module, sides.host];
    silent.pause();
    fill(talker);
    silent.hangUp();
    const name = deaf === "host" ? "host's line" : "module's port";
    expect(await bounded(sides.lost, () => "the loss")).toContain(`the ${name} is gone: `);
  });
});

describe("a slow disk", () => {
  test("holds back both sides, after what they sent was passed on", async () => {
    let release: () => void = () => undefined;
    const room = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { host, module } = startTap({ room: () => room });
    void host.write("to the module");
    void module.write("to the host");
    await module.waitFor("to the module");
    await host.waitFor("to the host");
    const [up, down] = [fill(host), fill(module)];
    void host.write("last");
    expect([host.take().length, module.take().length]).toEqual([0, 0]);
    release();
    await bounded(Promise.all([up.held, down.held]), () => "room after the disk has written");
    await module.waitFor("last");
  });

  test("loses nothing of a session that is larger than what may wait", async () => {
    const fifo = join(temporaryDirectory(), "record");
    execFileSync("mkfifo", [fifo]);
    const stuck = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const file = await TextFile.growing(fifo);
    const journal = new Journal({ clock: new SystemClock(), size: 0 });
    recordTo(file).follow(journal);
    const { host, module } = startTap({ emit: (event) => journal.port("m1").emit(event), room: () => file.room() });
    const piece = Buffer.alloc(64 * 1024, "x");
    const pieces = 512;
    let sent = 0;
    let passed = 0;
    const sending = (async () => {
      for (; sent < pieces; sent++) {
        await host.write(piece);
        passed += module.take().length;
      }
    })();
    let before = -1;
    await until(() => {
      const isStill = sent === before;
      before = sent;
      return isStill;
    }, "a sender that is held back");
    expect(sent).toBeLessThan(pieces / 2);
    const reader = spawn("cat", [fifo]);
    let events = 0;
    let incomplete = false;
    const read = new Promise<void>((resolve) => {
      reader.stdout.on("data", (chunk: Buffer) => {
        for (const byte of chunk) if (byte === 0x0a) events++;
        incomplete ||= chunk.includes("record-incomplete");
      });
      reader.stdout.on("end", resolve);
    });
    await bounded(sending, () => `the rest, of which ${sent} pieces were sent`);
    await until(() => {
      passed += module.take().length;
      return passed === pieces * piece.length;
    }, "all bytes at the module");
    journal.settle();
    await file.close();
    closeSync(stuck);
    await bounded(read, () => "the end of the record");
    // One of them is the state of the lines.
    expect({ events, incomplete }).toEqual({ events: pieces + 1, incomplete: false });
  });
});
