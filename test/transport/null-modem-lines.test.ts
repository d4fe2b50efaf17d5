import { describe, expect, test } from "vitest";
import { SERIAL_LIMITS } from "../../src/platform/serial-line.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { NullModemLines } from "../../src/transport/null-modem-lines.ts";

/** A UART whose inputs a test drives. */
class FakePort {
  dsr = true;
  cts = true;
  failure: Error | null = null;
  readonly outputs: unknown[] = [];
  readings = 0;

  async get(): Promise<{ cts: boolean; dsr: boolean; dcd: boolean }> {
    this.readings++;
    if (this.failure !== null) throw this.failure;
    return { cts: this.cts, dsr: this.dsr, dcd: false };
  }

  async set(outputs: unknown): Promise<void> {
    this.outputs.push(outputs);
    if (this.failure !== null) throw this.failure;
  }
}

async function linesOn(port: FakePort, clock: VirtualClock): Promise<NullModemLines> {
  const lines = await NullModemLines.on(port, clock);
  if (lines === undefined) throw new Error("no lines");
  return lines;
}

describe("the lines of a null-modem cable", () => {
  test("DCD goes out on our DTR, with RTS on; RI has no wire", async () => {
    const port = new FakePort();
    const lines = await linesOn(port, new VirtualClock());
    lines.set({ dcd: true });
    lines.set({ dcd: false, ri: true });
    lines.set({ ri: true });
    lines.set({ dcd: false });
    expect(port.outputs).toEqual([
      { dtr: true, rts: true },
      { dtr: false, rts: true },
    ]);
  });

  test("the host's DTR is reported when it changes, to all who listen", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    const lines = await linesOn(port, clock);
    const seen: string[] = [];
    lines.onDtr((on) => seen.push(`a:${on}`));
    lines.onDtr((on) => seen.push(`b:${on}`));
    await clock.advance(3 * SERIAL_LIMITS.linePoll);
    expect(seen).toEqual([]);
    port.dsr = false;
    await clock.advance(3 * SERIAL_LIMITS.linePoll);
    expect(seen).toEqual(["a:false", "b:false"]);
    port.dsr = true;
    await clock.advance(SERIAL_LIMITS.linePoll);
    expect(seen).toEqual(["a:false", "b:false", "a:true", "b:true"]);
    lines.close();
    expect(clock.pendingAlarms).toBe(0);
  });

  test("CTS goes out on our RTS, and leaves DCD as it is", async () => {
    const port = new FakePort();
    const lines = await linesOn(port, new VirtualClock());
    lines.set({ dcd: false });
    lines.set({ cts: false });
    expect(port.outputs).toEqual([
      { dtr: false, rts: true },
      { dtr: false, rts: false },
    ]);
  });

  test("the host's RTS is reported, and both inputs can be read", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    const lines = await linesOn(port, clock);
    const seen: string[] = [];
    lines.onDtr((on) => seen.push(`dtr:${on}`));
    lines.onRts((on) => seen.push(`rts:${on}`));
    port.cts = false;
    await clock.advance(SERIAL_LIMITS.linePoll);
    expect([seen, lines.inputs]).toEqual([["rts:false"], { dtr: true, rts: false }]);
  });

  test("a break lasts as long as it is to", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    const lines = await linesOn(port, clock);
    const sending = lines.sendBreak(300);
    await clock.advance(299);
    expect(port.outputs).toEqual([{ dtr: true, rts: true, brk: true }]);
    await clock.advance(1);
    await sending;
    expect(port.outputs.at(-1)).toEqual({ dtr: true, rts: true, brk: false });
  });

  test("nobody listening, the port is not polled", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    await linesOn(port, clock);
    await clock.advance(10 * SERIAL_LIMITS.linePoll);
    expect([port.readings, clock.pendingAlarms]).toEqual([1, 0]);
  });

  test("a port that cannot tell (ENOTTY) has no lines", async () => {
    const port = new FakePort();
    port.failure = new Error("ENOTTY");
    expect(await NullModemLines.on(port, new VirtualClock())).toBeUndefined();
  });

  test("a port that fails later is left alone", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    const lines = await linesOn(port, clock);
    lines.onDtr(() => undefined);
    port.failure = new Error("unplugged");
    await clock.advance(10 * SERIAL_LIMITS.linePoll);
    lines.set({ dcd: false });
    expect([port.readings, clock.pendingAlarms]).toEqual([2, 0]);
  });
});
