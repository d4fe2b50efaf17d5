import { describe, expect, test } from "vitest";
import { EtxEntry } from "../../../src/at/entry/etx-entry.ts";
import { AT_LIMITS } from "../../../src/at/limits.ts";
import type { OnlineLink } from "../../../src/at/line/online-mode.ts";
import type { LinePhase } from "../../../src/at/line/owner.ts";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { endedByTest, sessionOnMemory, testCommand, yieldToIo } from "../../support/session-on-memory.ts";

const URC = framed("+URC: 1");

/** A far end that says nothing and remembers what it got. */
function silentLink() {
  let closed = false;
  let end: (bytes: undefined) => void = () => undefined;
  const received: Buffer[] = [];
  const link: OnlineLink = {
    write: (bytes) => void received.push(bytes),
    read: () => new Promise((resolve) => (end = resolve)),
    close: () => {
      closed = true;
      end(undefined);
    },
  };
  return { link, received: () => Buffer.concat(received).toString("latin1"), closed: () => closed };
}

function bench() {
  const hold = endedByTest("HOLD", "holding");
  const far = silentLink();
  const received: string[] = [];
  const outcomes: string[] = [];
  const data = testCommand("DATA", "holding", async (line) => {
    const entry = new EtxEntry(async (bytes) => void received.push(bytes.toString("latin1")), { binary: true });
    const outcome = await line.prompt("GO", entry);
    outcomes.push(outcome);
    return outcome === "ended" ? "OK" : "ERROR";
  });
  const raw = testCommand("RAW", "holding", (line) => {
    line.afterwards(async () => {
      await line.exchange(async (wire) => {
        while ((await wire.peek(1000)) !== undefined) wire.discard();
      });
    });
    return "OK";
  });
  const online = testCommand("ON", "holding", (line) => {
    line.online(far.link);
    return "CONNECT";
  });
  const session = sessionOnMemory([hold.command, data, raw, online], { promptDelay: 50 });
  return { ...session, hold, far, received, outcomes };
}

type Bench = ReturnType<typeof bench>;

interface Row {
  readonly state: string;
  readonly reach: (bench: Bench) => Promise<unknown>;
  readonly phase: LinePhase;
  readonly urcsPass: boolean;
  /** What the module prints when the host drops DTR, with AT&D2. */
  readonly dtr: string;
  /** What it prints when the host falls silent for the time of data entry. */
  readonly silence: string;
  /** The answer of `AT+N` in this state. */
  readonly command: string;
}

const rows: readonly Row[] = [
  {
    state: "idle",
    reach: async () => undefined,
    phase: "idle",
    urcsPass: true,
    dtr: "",
    silence: "",
    command: OK,
  },
  {
    state: "idle, after a lone A",
    reach: async ({ dte }) => dte.send("A"),
    phase: "idle",
    urcsPass: true,
    dtr: "",
    silence: "",
    command: OK,
  },
  {
    state: "typing",
    reach: async ({ dte }) => dte.send("AT+NOS"),
    phase: "typing",
    urcsPass: false,
    dtr: "",
    silence: "",
    command: ERROR,
  },
  {
    state: "running",
    reach: ({ dte }) => dte.command("AT+HOLD\r", ""),
    phase: "busy",
    urcsPass: false,
    dtr: "",
    silence: "",
    command: "",
  },
  {
    state: "entry, before its prompt",
    reach: ({ dte }) => dte.command("AT+DATA\r", ""),
    phase: "entry",
    urcsPass: false,
    dtr: ERROR,
    silence: framed("GO") + ERROR,
    command: "",
  },
  {
    state: "entry",
    reach: async ({ dte }) => {
      dte.send("AT+DATA\r");
      await dte.expect(framed("GO"), { within: 50 });
      dte.send("half");
    },
    phase: "entry",
    urcsPass: false,
    dtr: ERROR,
    silence: ERROR,
    command: "",
  },
  {
    state: "raw",
    reach: ({ dte }) => dte.command("AT+RAW\r", OK),
    phase: "busy",
    urcsPass: false,
    dtr: "",
    silence: "",
    command: "",
  },
  {
    state: "online",
    reach: ({ dte }) => dte.command("AT+ON\r", framed("CONNECT 115200")),
    phase: "online",
    urcsPass: false,
    dtr: framed("NO CARRIER"),
    silence: "",
    command: "",
  },
];

describe.each(rows)("a line that is $state", ({ state, reach, phase, urcsPass, dtr, silence, command }) => {
  const reached = async () => {
    const reachedBench = bench();
    await reach(reachedBench);
    await yieldToIo();
    return reachedBench;
  };

  test(`is ${phase}`, async () => {
    const { session } = await reached();
    expect(session.phase).toBe(phase);
    expect(session.backlog).toBe(0);
  });

  test(`${urcsPass ? "lets URCs pass" : "makes URCs wait"}`, async () => {
    const { dte, session } = await reached();
    session.urc("+URC: 1");
    await dte.expect(urcsPass ? URC : "");
    await dte.expectNothing();
  });

  test("has its own use for the host's bytes", async () => {
    const { dte } = await reached();
    await dte.command("AT+N\r", command);
    await dte.expectNothing();
  });

  test("knows what a host that drops DTR means", async () => {
    const { dte, session, hold } = await reached();
    session.dtrDropped();
    await dte.expect(dtr);
    await dte.expectNothing();
    hold.end("OK");
    await dte.clock.advance(1000);
    dte.take();
    await dte.command("AT+N\r", OK);
    expect(session.phase).toBe("idle");
  });

  test("is clean for the next host when its host has gone, and says nothing to it", async () => {
    const { dte, session, hold, received, outcomes, logged, clock } = await reached();
    session.urc("+URC: 1");
    const printed = urcsPass ? URC : "";
    await dte.expect(printed);
    session.hostGone();
    hold.end("OK");
    await clock.advance(AT_LIMITS.entrySilence);
    await dte.expect((state === "running" ? OK : "") + (urcsPass ? "" : URC));
    await dte.command("AT+N\r", OK);
    await dte.expectNothing();
    expect(received.join("")).toBe(state === "entry" ? "half" : "");
    expect(outcomes).toEqual(phase === "entry" ? ["cut"] : []);
    expect(logged).toEqual([]);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("knows what silence means", async () => {
    const { dte, clock } = await reached();
    await clock.advance(50);
    await clock.advance(AT_LIMITS.entrySilence);
    await dte.expect(silence);
    await dte.expectNothing();
  });

  test("prints nothing more and leaves nothing when the module resets", async () => {
    const { dte, power, clock, session, logged } = await reached();
    session.urc("+URC: 1");
    dte.take();
    power.abort(new Error("reset"));
    await yieldToIo();
    dte.send("AT+N\r");
    await dte.expectNothing(AT_LIMITS.entrySilence);
    expect(clock.pendingAlarms).toBe(0);
    expect(logged).toEqual([]);
  });
});

test("a command whose host has gone never prompts the next host", async () => {
  const { dte, session, hold } = bench();
  await dte.command("AT+HOLD;+DATA\r", "");
  session.hostGone();
  hold.end("OK");
  await yieldToIo();
  await dte.command("AT+N\r", OK);
  await dte.expectNothing();
});

test("complete lines of a host that has gone are run, an unended one is dropped", async () => {
  const { dte, session, hold } = bench();
  dte.send("AT+HOLD\rAT+N\rAT+NOS");
  session.hostGone();
  hold.end("OK");
  await dte.expect(OK + OK);
  await dte.command("AT+N\r", OK);
});

test("DTR says nothing with AT&D0", async () => {
  const { dte, session, settings } = bench();
  settings.set("&D", 0);
  dte.send("AT+NOS");
  session.dtrDropped();
  await dte.command("UCH\r", ERROR);
});
