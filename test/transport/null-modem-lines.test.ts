import { describe, expect, test } from "vitest";
import { DTR_POLL } from "../../src/platform/limits.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { NullModemLines } from "../../src/transport/null-modem-lines.ts";

/** A UART whose inputs a test drives. */
class FakePort {
  dsr = true;
  failure: Error | null = null;
  readonly outputs: unknown[] = [];
  readings = 0;

  async get(): Promise<{ cts: boolean; dsr: boolean; dcd: boolean }> {
    this.readings++;
    if (this.failure !== null) throw this.failure;
    return { cts: false, dsr: this.dsr, dcd: false };
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
    await clock.advance(3 * DTR_POLL);
    expect(seen).toEqual([]);
    port.dsr = false;
    await clock.advance(3 * DTR_POLL);
    expect(seen).toEqual(["a:false", "b:false"]);
    port.dsr = true;
    await clock.advance(DTR_POLL);
    expect(seen).toEqual(["a:false", "b:false", "a:true", "b:true"]);
    lines.close();
    expect(clock.pendingAlarms).toBe(0);
  });

  test("nobody listening, the port is not polled", async () => {
    const [port, clock] = [new FakePort(), new VirtualClock()];
    await linesOn(port, clock);
    await clock.advance(10 * DTR_POLL);
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
    await clock.advance(10 * DTR_POLL);
    lines.set({ dcd: false });
    expect([port.readings, clock.pendingAlarms]).toEqual([2, 0]);
  });
});
