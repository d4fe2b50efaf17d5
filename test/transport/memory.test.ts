import { setImmediate as yieldToIo } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { type HostEnd, memoryPair } from "../../src/transport/memory.ts";
import { transportContract } from "./contract.ts";
import type { Host } from "./host.ts";
import { Recorder } from "./recorder.ts";

function asHost(end: HostEnd): Host {
  let come = Buffer.alloc(0);
  return {
    write: async (bytes) => end.write(bytes),
    async readExactly(length) {
      for (;;) {
        come = Buffer.concat([come, end.take()]);
        if (come.length >= length) break;
        await yieldToIo();
      }
      const taken = come.subarray(0, length);
      come = come.subarray(length);
      return taken;
    },
    pause: () => end.pause(),
    resume: () => end.resume(),
    close: async () => undefined,
  };
}

transportContract("memory", async () => {
  const { module, host } = memoryPair();
  return { transport: module, host: asHost(host) };
});

describe("the memory pair", () => {
  const signal = AbortSignal.timeout(10_000);

  test("waitFor takes what has come up to the text and leaves the rest", async () => {
    const { module, host } = memoryPair();
    const waiting = host.waitFor("OK\r\n", signal);
    void module.write(Buffer.from("\r\nO"));
    void module.write(Buffer.from("K\r\nRING"));
    expect((await waiting).toString()).toBe("\r\nOK\r\n");
    expect(host.take().toString()).toBe("RING");
  });

  test("waitFor that ends in vain says why, what was awaited and what came", async () => {
    const { module, host } = memoryPair();
    const abort = new AbortController();
    const waiting = host.waitFor("OK", abort.signal);
    void module.write(Buffer.from("\r\nERROR\r\n"));
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow('waited in vain for "OK" (enough); what came is "\\r\\nERROR\\r\\n"');
    void module.write(Buffer.from("OK"));
    expect(host.take().toString()).toBe("\r\nERROR\r\nOK");
  });

  test("the host is asked to wait once SERIAL_LIMITS.hostBuffer bytes wait", async () => {
    const { module, host } = memoryPair();
    expect(host.write(Buffer.alloc(SERIAL_LIMITS.hostBuffer - 1))).toBeUndefined();
    const room = host.write("x");
    expect(room).toBeInstanceOf(Promise);
    module.start(new Recorder());
    await room;
  });

  test("the host may reuse its buffer", () => {
    const { module, host } = memoryPair();
    const recorder = new Recorder();
    module.start(recorder);
    const buffer = Buffer.from("AT");
    void host.write(buffer);
    buffer.fill(0);
    expect(Buffer.concat(recorder.chunks).toString()).toBe("AT");
  });

  test("modem lines go both ways, and a line that does not change is not reported", () => {
    const { module, host } = memoryPair();
    const seen: boolean[] = [];
    module.lines?.onDtr((on) => seen.push(on));
    for (const on of [true, false, false, true]) host.setDtr(on);
    expect(seen).toEqual([false, true]);
    module.lines?.set({ dcd: true });
    module.lines?.set({ ri: true });
    expect([host.dcd, host.ri]).toEqual([true, true]);
  });

  test("a host that hangs up is reported once", () => {
    const { module, host } = memoryPair();
    const recorder = new Recorder();
    module.start(recorder);
    host.hangUp();
    host.hangUp();
    expect(recorder.losses).toHaveLength(1);
    expect(module.write(Buffer.alloc(100_000))).toBeUndefined();
  });
});

test("a host that opens and closes is heard in order with its bytes", async () => {
  const { module, host } = memoryPair();
  const recorder = new Recorder();
  module.start(recorder);
  host.open();
  await host.write("AT\r");
  host.close();
  expect(recorder.heard).toEqual(["opened", "AT\r", "closed"]);
});
