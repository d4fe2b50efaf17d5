import { describe, expect, test } from "vitest";
import type { OnlineLink } from "../../../src/at/line/online-mode.ts";
import { framed, OK } from "../../support/framing.ts";
import { sessionOnMemory, testCommand, yieldToIo } from "../../support/session-on-memory.ts";

const CONNECT = framed("CONNECT 115200");
const NO_CARRIER = framed("NO CARRIER");
const GUARD = 1000;

/** A far end that a test holds in its hands. */
class FarEnd implements OnlineLink {
  closed = false;
  received = "";
  /** Present while it takes no more. */
  room: Promise<void> | undefined;
  readonly #sent: Array<Uint8Array | undefined | Error> = [];
  #wake: () => void = () => undefined;

  write(bytes: Buffer): Promise<void> | undefined {
    this.received += bytes.toString("latin1");
    return this.room;
  }

  async read(): Promise<Uint8Array | undefined> {
    if (this.#sent.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const next = this.#sent.shift();
    if (next instanceof Error) throw next;
    return next;
  }

  close(): void {
    this.closed = true;
    this.send(undefined);
  }

  send(what: string | undefined | Error): void {
    this.#sent.push(typeof what === "string" ? Buffer.from(what, "latin1") : what);
    this.#wake();
  }
}

async function online(farewell?: string) {
  const far = new FarEnd();
  const carrier: boolean[] = [];
  const dial = testCommand("ON", "holding", (line) => {
    line.online(far, farewell === undefined ? undefined : () => farewell);
    return "CONNECT";
  });
  const back = testCommand("ATO", "synchronous", (line) => (line.resume() ? "CONNECT" : "NO CARRIER"));
  const hangUp = testCommand("ATH", "synchronous", (line) => {
    line.hangUp();
    return "OK";
  });
  const session = sessionOnMemory([dial, back, hangUp], { carrier: (on) => carrier.push(on) });
  await session.dte.command("AT+ON\r", CONNECT);
  return { ...session, far, carrier };
}

async function escaped() {
  const bench = await online();
  await bench.clock.advance(GUARD);
  bench.dte.send("+++");
  await bench.dte.expect(OK, { within: GUARD });
  return bench;
}

describe("online data mode", () => {
  test("passes bytes of every value both ways, unechoed", async () => {
    const { dte, far, settings, carrier } = await online();
    settings.set("E", 1);
    const all = Buffer.from(Array.from({ length: 256 }, (_, value) => value)).toString("latin1");
    dte.send(all);
    expect(far.received).toBe(all);
    far.send(all);
    await dte.expect(all);
    await dte.expectNothing();
    expect(carrier).toEqual([true]);
  });

  test("what the host sends behind its command line belongs to the link, and the rest of the line does not run", async () => {
    const { dte, far } = await online();
    far.send(undefined);
    await dte.expect(NO_CARRIER);
    await dte.command("AT+ON;+N\rdata", CONNECT);
    expect(far.received).toBe("data");
  });

  test("holds the host back while the link is full", async () => {
    const { dte, far, host } = await online();
    let release: () => void = () => undefined;
    far.room = new Promise((resolve) => (release = resolve));
    dte.send("one");
    let room: Promise<void> | undefined;
    for (let sent = 0; room === undefined && sent < 1000; sent++) room = host.write("x".repeat(1000));
    expect(room).toBeInstanceOf(Promise);
    expect(far.received).toBe("one");
    far.room = undefined;
    release();
    await room;
    expect(far.received.length).toBeGreaterThan(60_000);
  });

  test("holds the far end back while the host does not read", async () => {
    const { dte, far, host, module } = await online();
    host.pause();
    for (let sent = 0; sent < 100; sent++) far.send("x".repeat(10_000));
    for (let turn = 0; turn < 200; turn++) await yieldToIo();
    expect(module.backlog).toBeLessThan(100_000);
    host.resume();
    await dte.expect("x".repeat(1_000_000));
  });

  test.each([
    { end: undefined, farewell: undefined, said: NO_CARRIER },
    { end: new Error("reset"), farewell: undefined, said: NO_CARRIER },
    { end: undefined, farewell: "CLOSED", said: framed("CLOSED") },
  ])("ends with the link ($end) and says $said", async ({ end, farewell, said }) => {
    const { dte, far, carrier, session } = await online(farewell);
    session.urc("+URC: 1");
    await dte.expectNothing();
    far.send(end);
    await dte.expect(said + framed("+URC: 1"));
    expect(far.closed).toBe(true);
    expect(carrier).toEqual([true, false]);
    await dte.command("AT+ATO\r", NO_CARRIER);
  });

  test("ends where the link refuses what the host sends", async () => {
    const { dte, far } = await online();
    far.room = Promise.reject(new Error("reset"));
    await dte.command("x", NO_CARRIER);
    await dte.command("AT+N\r", OK);
  });
});

describe("the escape sequence", () => {
  const cases = [
    { name: "alone", steps: [GUARD, "+++"], left: true, received: "" },
    { name: "a byte at a time", steps: [GUARD, "+", 300, "+", 300, "+"], left: true, received: "" },
    { name: "too soon after data", steps: ["x", GUARD - 1, "+++"], left: false, received: "x+++" },
    { name: "with data right behind", steps: [GUARD, "+++", GUARD - 1, "x"], left: false, received: "+++x" },
    { name: "in the middle of data", steps: [GUARD, "a+++"], left: false, received: "a+++" },
    { name: "of two", steps: [GUARD, "++"], left: false, received: "++" },
    { name: "of four", steps: [GUARD, "+++", "+"], left: false, received: "++++" },
    { name: "with a long pause in it", steps: [GUARD, "+", GUARD, "++"], left: false, received: "+++" },
  ] as const;

  test.each(cases)("$name: $left", async ({ steps, left, received }) => {
    const { dte, far, clock, session } = await online();
    for (const step of steps) {
      if (typeof step === "number") await clock.advance(step);
      else dte.send(step);
    }
    await clock.advance(GUARD);
    await dte.expect(left ? OK : "");
    expect(session.phase).toBe(left ? "idle" : "online");
    expect(far.received).toBe(received);
    expect(far.closed).toBe(false);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("is of the character in S2, with the guard time in S12", async () => {
    const { dte, settings, clock, far } = await online();
    settings.set("S2", 0x2f);
    settings.set("S12", 5);
    await clock.advance(100);
    dte.send("///");
    await dte.expect(OK, { within: 100 });
    expect(far.received).toBe("");
  });

  test("is switched off by an S2 above 127", async () => {
    const { dte, settings, clock, far } = await online();
    settings.set("S2", 200);
    await clock.advance(GUARD);
    dte.send("\xc8\xc8\xc8");
    await dte.expectNothing(GUARD);
    expect(far.received).toBe("\xc8\xc8\xc8");
  });
});

describe("a suspended link", () => {
  test("keeps what comes meanwhile until it is resumed", async () => {
    const { dte, far, carrier } = await escaped();
    far.send("late");
    await dte.command("AT+N\r", OK);
    await dte.command("AT+ATO\r", `${CONNECT}late`);
    dte.send("more");
    expect(far.received).toBe("more");
    expect(carrier).toEqual([true]);
  });

  test("that ends says so when the line is free", async () => {
    const { dte, far, carrier } = await escaped();
    dte.send("AT");
    far.send(undefined);
    await dte.expectNothing();
    await dte.command("+N\r", OK + NO_CARRIER);
    await dte.command("AT+ATO\r", NO_CARRIER);
    expect(carrier).toEqual([true, false]);
  });

  test("is hung up by ATH without another word", async () => {
    const { dte, far, carrier } = await escaped();
    await dte.command("AT+ATH\r", OK);
    await dte.expectNothing();
    expect(far.closed).toBe(true);
    expect(carrier).toEqual([true, false]);
  });

  test("makes room for another one", async () => {
    const { dte, far } = await escaped();
    await dte.command("AT+ON\r", CONNECT);
    expect(far.closed).toBe(true);
  });
});

describe("a host that leaves online data mode by", () => {
  test.each([
    { d: 0, way: "dtr", said: "", phase: "online", closed: false },
    { d: 1, way: "dtr", said: OK, phase: "idle", closed: false },
    { d: 2, way: "dtr", said: NO_CARRIER, phase: "idle", closed: true },
    { d: 0, way: "closing", said: "", phase: "idle", closed: false },
    { d: 1, way: "closing", said: "", phase: "idle", closed: false },
    { d: 2, way: "closing", said: "", phase: "idle", closed: true },
  ] as const)("$way with AT&D$d", async ({ d, way, said, phase, closed }) => {
    const { dte, far, session, settings } = await online();
    settings.set("&D", d);
    if (way === "dtr") session.dtrDropped();
    else session.hostGone();
    await dte.expect(said);
    await dte.expectNothing();
    expect(session.phase).toBe(phase);
    expect(far.closed).toBe(closed);
  });

  test("dropping DTR with a link suspended hangs it up with AT&D2", async () => {
    const { dte, far, session } = await escaped();
    session.dtrDropped();
    await dte.expect(NO_CARRIER);
    expect(far.closed).toBe(true);
  });
});

test("a reset closes the link without a word", async () => {
  const { dte, far, power, carrier } = await online();
  power.abort(new Error("reset"));
  await yieldToIo();
  await dte.expectNothing(GUARD);
  expect(far.closed).toBe(true);
  expect(carrier).toEqual([true, false]);
});
