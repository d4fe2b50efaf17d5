import { describe, expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { OK } from "../support/framing.ts";
import { bench } from "./bench.ts";

describe("the bytes that the host gets", () => {
  test.each<[FaultSpec, string]>([
    [{ kind: "drop", direction: "out", at: 2, count: 2 }, "\r\n\r\n"],
    [{ kind: "drop", direction: "in", at: 0 }, ""],
    [{ kind: "duplicate", direction: "out", at: 2, count: 2 }, "\r\nOKOK\r\n"],
    [{ kind: "duplicate", direction: "in", at: 0, count: 3 }, `${OK}${OK}`],
    [{ kind: "flip", direction: "out", at: 3 }, "\r\nOJ\r\n"],
    [{ kind: "flip", direction: "in", at: 1 }, ""],
    [{ kind: "noise", direction: "out", rate: 0 }, OK],
    [{ kind: "mute" }, ""],
    [{ kind: "deaf" }, ""],
  ])("%j: AT answers %j", async (fault, said) => {
    const { dte } = await bench([fault]);
    dte.send("AT\r");
    await dte.expect(said);
    await dte.expectNothing(1000);
  });

  test("noise hits about as many bytes as it is told, one bit each, the same for one seed", async () => {
    const garbled = async (seed: number) => {
      const { dte } = await bench([{ kind: "noise", direction: "out", rate: 0.1 }], { seed });
      dte.send("AT\r".repeat(1000));
      await dte.clock.advance(1);
      return dte.take();
    };
    const one = await garbled(7);
    const clean = OK.repeat(1000);
    expect(one).toHaveLength(clean.length);
    const hits = [...one].map((byte, at) => byte.charCodeAt(0) ^ clean.charCodeAt(at)).filter((bits) => bits !== 0);
    expect(hits.length).toBeGreaterThan(500);
    expect(hits.length).toBeLessThan(700);
    expect(hits.every((bits) => (bits & (bits - 1)) === 0)).toBe(true);
    expect(await garbled(7)).toBe(one);
    expect(await garbled(8)).not.toBe(one);
  });
});

describe("the time at which they come", () => {
  test("lag delays both ways", async () => {
    const { dte } = await bench([{ kind: "lag", ms: 300 }]);
    dte.send("AT\r");
    await dte.expectNothing(599);
    await dte.expect(OK, { within: 1 });
  });

  test("chunk cuts, and pauses after each chunk", async () => {
    const { dte, clock } = await bench([{ kind: "chunk", direction: "out", size: 4, gap: 10 }]);
    dte.send("AT\r");
    await dte.expect("\r\nOK");
    await dte.expectNothing(9);
    await clock.advance(1);
    await dte.expect("\r\n");
  });

  test.each<[number | "ipr", number]>([
    [1200, 120],
    [9600, 960],
    [115_200, 11_520],
    ["ipr", 240],
  ])("pace %s: %d bytes a second over 10 s", async (baud, rate) => {
    const { dte, clock, rig } = await bench();
    if (baud === "ipr") await dte.command("AT+IPR=2400\r", OK);
    rig.faults.add({ kind: "pace", direction: "out", baud });
    for (let sent = 0; sent < 12 * rate; sent += 6000) dte.send("AT\r".repeat(1000));
    await clock.advance(10_000);
    expect(Math.abs(dte.take().length / (10 * rate) - 1)).toBeLessThan(0.05);
  });
});

test("overrun: what comes while a command runs is lost past the buffer", async () => {
  const { dte, clock } = await bench([
    { kind: "delay", command: "+CSQ", ms: 1000, times: 1 },
    { kind: "overrun", buffer: 3 },
  ]);
  dte.send("AT+CSQ\rAT\rAT+CMEE?\r");
  await clock.advance(1000);
  await clock.advance(1000);
  const said = dte.take();
  expect(said).toMatch(/^\r\n\+CSQ: \d+,\d+\r\n\r\nOK\r\n\r\nOK\r\n$/);
});

test("a fault that ends leaves the line as it was", async () => {
  const { dte, rig } = await bench([{ kind: "mute", id: "m", on: { type: "command", name: "+CSQ" } }]);
  await dte.command("AT\r", OK);
  dte.send("AT+CSQ\r");
  await dte.expectNothing(1000);
  rig.faults.remove("m");
  await dte.command("AT\r", OK);
});

test("a use is one chunk", async () => {
  const { dte, fired } = await bench([{ kind: "deaf", times: 2 }]);
  for (const said of ["", "", OK]) await dte.command("AT\r", said);
  expect(fired()).toEqual([2]);
});

describe("a wrong field is refused by name", () => {
  test.each<[unknown, string]>([
    [{ kind: "drop" }, "/at is missing"],
    [{ kind: "drop", at: 0, direction: "up" }, "/direction must be one of in, out"],
    [{ kind: "mute", direction: "in" }, "/direction is unknown here"],
    [{ kind: "noise", rate: 2 }, "/rate must be a number from 0 to 1"],
    [{ kind: "pace", baud: "fast" }, "/baud must be"],
    [{ kind: "overrun" }, "/buffer is missing"],
  ])("%j", async (fault, message) => {
    const { rig } = await bench();
    expect(() => rig.faults.add(fault)).toThrow(message);
  });
});
