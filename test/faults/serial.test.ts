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

  test("lag delays one way where it is told so", async () => {
    const { dte } = await bench([{ kind: "lag", direction: "in", ms: 300 }]);
    dte.send("AT\r");
    await dte.expectNothing(299);
    await dte.expect(OK, { within: 1 });
  });

  test("chunk cuts what the host sends, too", async () => {
    const { dte, rig, clock } = await bench();
    await dte.command("ATE1\r", OK);
    rig.faults.add({ kind: "chunk", direction: "in", size: 3, gap: 10 });
    dte.send("AT+CMEE?\r");
    await dte.expect("AT+");
    await dte.expectNothing(9);
    await clock.advance(1);
    await dte.expect("CME");
    await clock.advance(10);
    await dte.expect(`E?\r\r\n+CMEE: 1\r\n${OK}`);
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

test("pace in: the host's bytes come at the rate of the UART", async () => {
  const { dte, rig, clock } = await bench();
  await dte.command("ATE1\r", OK);
  rig.faults.add({ kind: "pace", direction: "in", baud: 1200 });
  dte.send("AT\r".repeat(600));
  await clock.advance(10_000);
  const lines = dte.take().split(`AT\r${OK}`).length - 1;
  expect(Math.abs((3 * lines) / 1200 - 1)).toBeLessThan(0.05);
});

describe("urc prints a line where none should be", () => {
  const RING = "\r\nRING\r\n";
  const urc = (place: string): FaultSpec => ({ kind: "urc", text: "RING", place, times: 1 });

  test.each<[string, string, string, string]>([
    ["before-echo", "ATE1", "AT+CMEE?\r", `${RING}AT+CMEE?\r\r\n+CMEE: 1\r\n${OK}`],
    ["after-echo", "ATE1", "AT+CMEE?\r", `AT+CMEE?\r${RING}\r\n+CMEE: 1\r\n${OK}`],
    ["before-result", "AT", "AT+CMEE?\r", `\r\n+CMEE: 1\r\n${RING}${OK}`],
    ["before-result", "AT", "AT+NOSUCH\r", `${RING}\r\nERROR\r\n`],
    ["before-result", "AT", "AT+CFTPPORT=0\r", `${RING}\r\n+CME ERROR: 213\r\n`],
    ["before-result", "ATV0", "AT+CMEE?\r", "+CMEE: 1\r\nRING\r\n0\r"],
    ["before-echo", "ATE1", "A/", `${RING}A/`],
    ["before-echo", "AT", "AT\r", OK],
  ])("%s, after %s: %j", async (place, before, line, said) => {
    const { dte, rig, clock } = await bench();
    dte.send(`${before}\r`);
    await clock.advance(0);
    dte.take();
    rig.faults.add(urc(place));
    dte.send(line);
    await dte.expect(said);
  });

  test("before and after the echo of a line that is typed byte by byte", async () => {
    const { dte, rig } = await bench();
    await dte.command("ATE1\r", OK);
    for (const place of ["before-echo", "after-echo"]) rig.faults.add(urc(place));
    for (const [key, echo] of [
      ["A", ""],
      ["T", `${RING}AT`],
      ["\r", `\r${RING}${OK}`],
    ] as const)
      await dte.command(key, echo);
  });

  test("in data entry: once for each chunk of data, and the data is not harmed", async () => {
    const { dte } = await bench([{ kind: "urc", text: "RING", place: "in-entry" }]);
    await dte.command("AT+SMTPBODY\r", "\r\n>> ");
    await dte.command("Hel", RING);
    await dte.command("lo\x1a", `${RING}${OK}`);
    await dte.command("AT+SMTPBODY?\r", `\r\n+SMTPBODY: "Hello"\r\n${OK}`);
  });

  test("in a packet: the header counts the payload only", async () => {
    const { dte, modem } = await bench([{ kind: "urc", text: "RING", place: "in-packet" }]);
    await modem.efs.writeFile("C:/a.txt", "OK\r\nAT");
    await dte.command('AT+CFTRANTX="c:/a.txt"\r', `\r\n+CFTRANTX: DATA, 6\r\nOK\r${RING}\nAT\r\n+CFTRANTX: 0\r\n${OK}`);
  });
});

describe("disconnect takes the port away", () => {
  test("in memory: lines are off, nothing passes either way, and a half-typed line is dropped", async () => {
    const { dte, host, rig, clock, fired } = await bench();
    await dte.command("AT+CSQ;+CS", "");
    rig.faults.add({ kind: "disconnect", ms: 2000 });
    expect([host.dsr, host.cts]).toEqual([false, false]);
    await dte.expectNothing();
    dte.send("Q\r");
    await dte.expectNothing(1999);
    await clock.advance(1);
    expect([host.dsr, host.cts]).toEqual([true, true]);
    await dte.command("Q\r", "");
    await dte.command("AT\r", OK);
    expect(fired()).toEqual([1]);
  });

  test("a command that runs goes on, and its answer is lost", async () => {
    const { dte } = await bench([
      { kind: "delay", command: "+CMEE", form: "write", ms: 500 },
      { kind: "disconnect", ms: 1000, on: { type: "command", name: "+CMEE" } },
    ]);
    dte.send("AT+CMEE=0\r");
    await dte.expectNothing(1000);
    await dte.command("AT+CMEE?\r", `\r\n+CMEE: 0\r\n${OK}`);
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
