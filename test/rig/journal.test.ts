import { describe, expect, test } from "vitest";
import { type LogRecord, silentLog } from "../../src/platform/log.ts";
import { withBytes } from "../../src/platform/long-bytes.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { EventRing } from "../../src/rig/event-ring.ts";
import type { RigEvent } from "../../src/rig/events.ts";
import { Journal } from "../../src/rig/journal.ts";
import { Pattern } from "../../src/rig/pattern.ts";

const NEVER = new AbortController().signal;

function journal(size?: number) {
  const clock = new VirtualClock();
  const errors: LogRecord[] = [];
  const log = { ...silentLog, error: (record: LogRecord) => errors.push(record) };
  const made = new Journal({ clock, log, ...(size === undefined ? {} : { size }) });
  const urc = (text: string, modem = "m1") => made.port(modem).emit({ type: "urc", text });
  const line = (text: string, modem = "m1") => made.port(modem).emit({ type: "line", text });
  return { clock, errors, journal: made, urc, line };
}

const seqs = (events: readonly RigEvent[]) => events.map(({ seq }) => seq);

test("events are numbered from 1, dated from the start, and bear their modem", async () => {
  const { journal: kept, clock, urc } = journal();
  urc("RING");
  await clock.advance(12.3456);
  kept.port().emit({ type: "request", method: "GET", target: "/", status: 200 });
  expect(kept.query().events).toEqual([
    { seq: 1, at: 0, modem: "m1", type: "urc", text: "RING" },
    { seq: 2, at: 12.346, type: "request", method: "GET", target: "/", status: 200 },
  ]);
});

test("a step of the wall clock does not move `at`", async () => {
  const { journal: kept, clock, urc } = journal();
  await clock.advance(10);
  clock.stepWallClock(-3_600_000);
  urc("a");
  expect(kept.query().events.map(({ at }) => at)).toEqual([10]);
});

describe("a query", () => {
  const filled = () => {
    const made = journal();
    made.urc("a");
    made.line("AT", "m2");
    made.urc("b", "m2");
    made.line("ATI");
    return made.journal;
  };

  test.each([
    [{}, [1, 2, 3, 4], 4],
    [{ after: 2 }, [3, 4], 4],
    [{ after: 4 }, [], 4],
    [{ after: 9 }, [], 9],
    [{ types: ["urc"] as const }, [1, 3], 4],
    [{ types: ["urc", "line"] as const }, [1, 2, 3, 4], 4],
    [{ modem: "m2" }, [2, 3], 4],
    [{ modem: "m2", types: ["line"] as const }, [2], 4],
    [{ match: new Pattern({ text: "/^AT/" }) }, [2, 4], 4],
    [{ limit: 2 }, [1, 2], 2],
    [{ limit: 1, types: ["line"] as const }, [2], 2],
    [{ limit: 0 }, [], 0],
  ])("%j", (query, found, next) => {
    const page = filled().query(query);
    expect(seqs(page.events)).toEqual(found);
    expect([page.next, page.dropped]).toEqual([next, 0]);
  });

  test("of pages that follow each other gives every event once", () => {
    const kept = filled();
    const all: number[] = [];
    for (let after = 0; ; ) {
      const { events, next } = kept.query({ after, limit: 1, types: ["urc"] });
      if (events.length === 0) break;
      all.push(...seqs(events));
      after = next;
    }
    expect(all).toEqual([1, 3]);
  });
});

test("the oldest go first, and whoever has missed some is told how many", () => {
  const ring = new EventRing(0);
  ring.push({ seq: 1, at: 0, modem: "m1", type: "urc", text: "0" });
  const size = ring.bytes;
  // A seq of two digits takes a byte more.
  const { journal: kept, urc } = journal(3 * (size + 1));
  for (let count = 0; count < 10; count++) urc(String(count));
  expect(seqs(kept.query().events)).toEqual([8, 9, 10]);
  expect(kept.query().dropped).toBe(7);
  expect(kept.query({ after: 5 }).dropped).toBe(2);
  expect(kept.query({ after: 7 }).dropped).toBe(0);
  expect(kept.dropped).toBe(7);
});

test("what was cleared is not missed; numbers go on", () => {
  const { journal: kept, urc } = journal();
  urc("a");
  urc("b");
  kept.clear();
  urc("c");
  const page = kept.query();
  expect([seqs(page.events), page.dropped, kept.last]).toEqual([[3], 0, 3]);
});

test.each([[-1], [1.5], [Number.NaN]])("a size of %d is refused", (size) => {
  expect(() => journal(size)).toThrow(RangeError);
});

describe("a listener", () => {
  test("hears every event, until it has had enough", () => {
    const { journal: kept, urc } = journal();
    const heard: number[] = [];
    const remove = kept.on(({ seq }) => heard.push(seq));
    urc("a");
    urc("b");
    kept.settle();
    remove();
    urc("c");
    kept.settle();
    expect(heard).toEqual([1, 2]);
  });

  test("hears of an event after whoever has emitted it has gone on, when the event loop turns", async () => {
    const { journal: kept, urc } = journal();
    const heard: number[] = [];
    kept.on(({ seq }) => heard.push(seq));
    urc("a");
    urc("b");
    expect(heard).toEqual([]);
    await new Promise(setImmediate);
    expect(heard).toEqual([1, 2]);
  });

  test("hears at the latest when many events wait", () => {
    const { journal: kept, urc } = journal();
    let heard = 0;
    kept.on(() => heard++);
    for (let event = 0; event < 1000; event++) urc("a");
    expect(heard).toBeGreaterThan(900);
  });

  test("gets what the port has seen at the moment of the event, and the event as the port has refined it", () => {
    const { journal: kept } = journal();
    let recipients = ["a"];
    const moment = { terminator: "\r", simReady: true, registered: true, pop3Session: false };
    const port = kept.port("m1", {
      momentOf: () => ({ ...moment, recipients }),
      refine: (event) => (event.type === "urc" ? { ...event, text: "***" } : event),
    });
    const heard: unknown[] = [];
    kept.on((event, at) => heard.push([event.type === "urc" && event.text, at?.recipients]));
    port.emit({ type: "urc", text: "secret" });
    recipients = ["b"];
    kept.settle();
    expect(heard).toEqual([["***", ["a"]]]);
  });

  test("that emits events does not put others out of order", () => {
    const { journal: kept, urc } = journal();
    kept.on((event) => {
      if (event.type === "urc") kept.port().emit({ type: "lint", rule: "r", message: "m", cause: event.seq });
    });
    const heard: number[] = [];
    kept.on(({ seq }) => heard.push(seq));
    urc("a");
    kept.settle();
    urc("b");
    kept.settle();
    expect(heard).toEqual([1, 2, 3, 4]);
    expect(kept.query({ types: ["lint"] }).events).toMatchObject([{ cause: 1 }, { cause: 3 }]);
  });

  test("that throws is logged, and harms neither the module nor the others", () => {
    const { journal: kept, urc, errors } = journal();
    const heard: number[] = [];
    kept.on(() => {
      throw new Error("a bug of the listener");
    });
    kept.on(({ seq }) => heard.push(seq));
    urc("a");
    urc("b");
    kept.settle();
    expect(heard).toEqual([1, 2]);
    expect(errors).toHaveLength(2);
  });
});

describe("next()", () => {
  test("gives what is there already", async () => {
    const { journal: kept, urc } = journal();
    urc("a");
    urc("b");
    expect((await kept.next({ after: 1 }, NEVER)).seq).toBe(2);
  });

  test("waits for the first that is selected", async () => {
    const { journal: kept, urc, line } = journal();
    const waited = kept.next({ types: ["line"], modem: "m2" }, NEVER);
    urc("a");
    line("AT", "m1");
    await Promise.resolve();
    line("ATI", "m2");
    line("ATZ", "m2");
    expect(await waited).toMatchObject({ seq: 3, text: "ATI" });
  });

  test.each([
    ["at once", true],
    ["while it waits", false],
  ])("ends with the signal, %s", async (_, early) => {
    const { journal: kept } = journal();
    const controller = new AbortController();
    if (early) controller.abort(new Error("enough"));
    const waited = kept.next({}, controller.signal);
    controller.abort(new Error("enough"));
    await expect(waited).rejects.toThrow("enough");
  });
});

test("near misses are of the same type and modem, the closest first, at most three", () => {
  const { journal: kept, urc, line } = journal();
  const command = (name: string, form: "read" | "write") =>
    kept.port("m1").emit({ type: "command", name, form, arguments: [] });
  command("+SMTPSRV", "read");
  urc("+SMTPSEND");
  line("AT+SMTPSEND");
  command("+SMTPSEND", "read");
  for (const name of ["+A", "+B", "+C"]) command(name, "read");
  const near = kept.near(new Pattern({ type: "command", name: "+SMTPSEND", form: "write" }));
  expect(near.map(({ event, differences }) => [event.seq, differences.map(({ at }) => at)])).toEqual([
    [4, ["/form"]],
    [7, ["/name", "/form"]],
    [6, ["/name", "/form"]],
  ]);
});

describe.each([0, 100_000, undefined])("bytes that are lent, in a journal of %s", (size) => {
  const LENGTH = 40_000;

  /** Emits payloads of one letter each from memory that is used again. */
  function emitAll(made: Journal): readonly string[] {
    const memory = Buffer.alloc(LENGTH);
    const port = made.port("m1");
    const letters = [..."ABCDEFGHIJ"];
    for (const letter of letters) {
      memory.fill(letter);
      port.emit(withBytes({ type: "module" }, memory));
      memory.fill("?");
    }
    made.settle();
    return letters.map((letter) => letter.repeat(LENGTH));
  }

  const saidBy = (events: readonly RigEvent[]) => events.map((event) => (event.type === "module" ? event.bytes : ""));

  test("are its own when they were emitted", () => {
    const { journal: made } = journal(size);
    const all = emitAll(made);
    const kept = saidBy(made.query().events);
    expect(kept).toEqual(all.slice(-kept.length));
    expect(kept.length).toBeGreaterThan(0);
  });

  test("are a listener's own to keep, unless it lends them only; then they are right until it returns", () => {
    const { journal: made } = journal(size);
    const own: RigEvent[] = [];
    const lent: string[] = [];
    made.on((event) => lent.push(...saidBy([event])), { lent: true });
    made.on((event) => own.push(event));
    const all = emitAll(made);
    expect(saidBy(own)).toEqual(all);
    expect(lent).toEqual(all);
  });

  test("are dropped where the port keeps something else", () => {
    const { journal: made } = journal(size);
    const memory = Buffer.alloc(LENGTH, "x");
    const port = made.port("m1", { refine: (event) => (event.type === "host" ? { ...event, bytes: "***" } : event) });
    for (let count = 0; count < 1000; count++) port.emit(withBytes({ type: "host" }, memory));
    expect(made.query().events.at(-1)).toMatchObject({ seq: 1000, bytes: "***" });
  });
});
