import { describe, expect, test } from "vitest";
import { driveConnectionCircuits } from "../../../src/module/settings/circuits.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { Settings } from "../../../src/module/settings/settings.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../../src/transport/memory.ts";

function bench() {
  const { module, host } = memoryPair();
  if (module.lines === undefined) throw new Error("a line in memory has modem lines");
  const settings = new Settings(Nvram.inMemory());
  const clock = new VirtualClock();
  const power = new AbortController();
  const connect = driveConnectionCircuits(module.lines, settings, clock, power.signal);
  return { host, settings, clock, power, connect };
}

/** What DCD and DSR are without, with and after a connection. */
test.each([
  { c: 0, s: 0, before: [true, true], during: [true, true], after: [true, true] },
  { c: 1, s: 0, before: [false, true], during: [true, true], after: [false, true] },
  { c: 0, s: 1, before: [true, false], during: [true, true], after: [true, false] },
  { c: 2, s: 0, before: [true, true], during: [true, true], after: [false, true] },
])("DCD and DSR with AT&C$c and AT&S$s", ({ c, s, before, during, after }) => {
  const { host, settings, connect } = bench();
  settings.set("&C", c);
  settings.set("&S", s);
  const circuits = () => [host.dcd, host.dsr];
  expect(circuits()).toEqual(before);
  connect(true);
  expect(circuits()).toEqual(during);
  connect(false);
  expect(circuits()).toEqual(after);
});

describe("AT&C2", () => {
  test("DCD goes off for a second when a connection ends", async () => {
    const { host, settings, clock, connect } = bench();
    settings.set("&C", 2);
    connect(true);
    connect(false);
    await clock.advance(999);
    expect(host.dcd).toBe(false);
    await clock.advance(1);
    expect(host.dcd).toBe(true);
  });

  test("a connection in that second ends it, and the power leaves no alarm", () => {
    const { host, settings, clock, power, connect } = bench();
    settings.set("&C", 2);
    connect(true);
    connect(false);
    connect(true);
    expect(host.dcd).toBe(true);
    connect(false);
    power.abort();
    expect(clock.pendingAlarms).toBe(0);
  });
});
