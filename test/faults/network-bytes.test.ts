import { expect, onTestFinished, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { Faults } from "../../src/faults/faults.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { ScriptedNetwork } from "../support/scripted-network.ts";

const SIGNAL = new AbortController().signal;

/** A connection with faults, to a server that sends those pieces as fast as they are read, and then ends. */
async function connected(specs: readonly FaultSpec[], pieces: readonly (string | Uint8Array)[]) {
  const clock = new VirtualClock();
  const faults = new Faults(
    { clock, randomOf: () => new SeededRandom(5), triggerOf: () => () => false, fired: () => undefined },
    specs,
  );
  onTestFinished(() => faults.clear());
  const scripted = new ScriptedNetwork({ acts: pieces });
  const connection = await faults
    .network("m1", scripted)
    .connect({ host: "mail.example", port: 25, service: "smtp" }, SIGNAL);
  /** What has come so far, each piece with the time at which it came. */
  const came: { readonly at: number; readonly bytes: string }[] = [];
  let end: number | undefined;
  const reading = (async () => {
    for (let chunk = await connection.read(SIGNAL); chunk !== undefined; chunk = await connection.read(SIGNAL))
      came.push({ at: clock.monotonic(), bytes: chunk.toString("latin1") });
    end = clock.monotonic();
  })();
  return { clock, faults, connection, came, reading, ended: () => end, peer: () => scripted.connections[0]?.written };
}

test("latency delays what comes together by one delay, the end included in none", async () => {
  const { clock, came, reading } = await connected([{ kind: "latency", latency: 300 }], ["a", "b"]);
  await clock.advance(299);
  expect(came).toEqual([]);
  await clock.advance(1);
  await reading;
  expect(came).toEqual([
    { at: 300, bytes: "a" },
    { at: 300, bytes: "b" },
  ]);
});

test.each<[FaultSpec, number]>([
  [{ kind: "bandwidth", rate: 10 }, 10_000],
  [{ kind: "link", preset: "gprs" }, 80_000 / 8],
  [{ kind: "link", preset: "edge" }, 236_800 / 8],
  [{ kind: "link", preset: "umts" }, 1_920_000 / 8],
  [{ kind: "link", preset: "hspa" }, 14_400_000 / 8],
])("%j passes %d bytes a second over 10 s", async (fault, rate) => {
  const piece = Buffer.alloc(60_000);
  const count = Math.ceil((rate * 12) / piece.length);
  const { clock, came } = await connected([fault], new Array(count).fill(piece));
  await clock.advance(10_000);
  const passed = came.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(Math.abs(passed / (rate * 10) - 1)).toBeLessThan(0.05);
});

test.each<[FaultSpec, number]>([
  [{ kind: "bandwidth", rate: 10 }, 10_000],
  [{ kind: "link", preset: "gprs" }, 40_000 / 8],
  [{ kind: "link", preset: "edge" }, 118_400 / 8],
  [{ kind: "link", preset: "umts" }, 128_000 / 8],
  [{ kind: "link", preset: "hspa" }, 348_000 / 8],
])("%j passes %d bytes a second over 10 s to the server", async (fault, rate) => {
  const { clock, connection, peer } = await connected([fault], ["silence" as never]);
  void connection.write(Buffer.alloc(rate * 12), SIGNAL).catch(() => undefined);
  await clock.advance(10_000);
  expect(Math.abs((peer()?.length ?? 0) / (rate * 10) - 1)).toBeLessThan(0.05);
});

test("latency comes with a jitter that stays within its bounds", async () => {
  const { clock, connection, peer } = await connected(
    [{ kind: "latency", direction: "up", latency: 300, jitter: 100 }],
    ["silence" as never],
  );
  const delays = new Set<number>();
  for (let count = 1; count <= 20; count++) {
    await connection.write("x", SIGNAL);
    let delay = 0;
    for (; (peer()?.length ?? 0) < count && delay < 1000; delay++) await clock.advance(1);
    delays.add(delay);
  }
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...delays)).toBeLessThanOrEqual(400);
  expect(delays.size).toBeGreaterThan(5);
});

test("slicer cuts pieces whose size varies within its bounds", async () => {
  const fault = { kind: "slicer", average_size: 10, size_variation: 4, delay: 1 };
  const { clock, came, reading } = await connected([fault], ["x".repeat(300)]);
  await clock.advance(300);
  await reading;
  const sizes = came.slice(0, -1).map(({ bytes }) => bytes.length);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(6);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(14);
  expect(new Set(sizes).size).toBeGreaterThan(3);
});

test.each<[FaultSpec, object]>([
  [{ kind: "reset_peer", timeout: 700 }, { code: "RESET" }],
  [{ kind: "timeout", timeout: 700 }, {}],
])("%j ends the connection at its time, and not earlier", async (fault, error) => {
  const { clock, reading, ended } = await connected([fault], ["silence" as never]);
  let failure: unknown;
  const settled = reading.catch((reason: unknown) => {
    failure = reason;
  });
  await clock.advance(699);
  expect([failure, ended()]).toEqual([undefined, undefined]);
  await clock.advance(1);
  await settled;
  if ("code" in error) expect(failure).toMatchObject(error);
  else expect(ended()).toBe(700);
});

test("corrupt counts from the moment at which it holds, also on a connection that is open already", async () => {
  const { clock, faults, connection, peer } = await connected([], ["silence" as never]);
  await connection.write("abcdef", SIGNAL);
  await clock.advance(0);
  faults.add({ kind: "corrupt", direction: "up", at: 1, bytes: "XY" });
  await connection.write("ghij", SIGNAL);
  await clock.advance(0);
  expect(peer()).toBe("abcdefgXYj");
});

test.each([
  ["gprs", 325],
  ["edge", 150],
  ["umts", 150],
  ["hspa", 50],
])("link %s: a byte takes %d ms and its own time", async (preset, delay) => {
  const { clock, came } = await connected([{ kind: "link", preset }], ["a"]);
  await clock.advance(1000);
  expect(came[0]?.at).toBeGreaterThanOrEqual(delay);
  expect(came[0]?.at).toBeLessThan(delay + 2);
});

test("slicer cuts, and pauses after each piece", async () => {
  const { clock, came, reading } = await connected([{ kind: "slicer", average_size: 3, delay: 10 }], ["abcdefgh"]);
  await clock.advance(30);
  await reading;
  expect(came).toEqual([
    { at: 0, bytes: "abc" },
    { at: 10, bytes: "def" },
    { at: 20, bytes: "gh" },
  ]);
});

test("slow_close delays the end only", async () => {
  const { clock, came, reading, ended } = await connected([{ kind: "slow_close", delay: 700 }], ["a"]);
  await clock.advance(700);
  await reading;
  expect([came, ended()]).toEqual([[{ at: 0, bytes: "a" }], 700]);
});

test("limit_data passes so many bytes, then closes", async () => {
  const { clock, came, reading } = await connected(
    [{ kind: "limit_data", bytes: 5, direction: "down" }],
    ["abc", "def"],
  );
  await clock.advance(0);
  await reading;
  expect(came.map(({ bytes }) => bytes).join("")).toBe("abcde");
});

test("corrupt replaces bytes across two pieces, in both directions", async () => {
  const fault = { kind: "corrupt", at: 2, bytes: "XY" };
  const { clock, came, reading, connection, peer } = await connected([fault], ["abc", "def"]);
  await connection.write("0123", SIGNAL);
  await clock.advance(0);
  await reading;
  expect(came.map(({ bytes }) => bytes).join("")).toBe("abXYef");
  expect(peer()).toBe("01XY");
});

test("a fault that is removed lets pass what it held back", async () => {
  const { clock, faults, came, reading } = await connected([{ id: "t", kind: "timeout", timeout: 0 }], ["a"]);
  await clock.advance(100_000);
  expect(came).toEqual([]);
  expect(faults.remove("t")).toBe(true);
  await clock.advance(0);
  await reading;
  expect(came).toEqual([{ at: 100_000, bytes: "a" }]);
});

test("a fault gets hold of a connection that is open already", async () => {
  const { faults, reading } = await connected([], ["silence" as never]);
  faults.add({ kind: "reset_peer", timeout: 0 });
  await expect(reading).rejects.toMatchObject({ code: "RESET" });
});

test("no alarm and no byte is left when a delayed connection is closed", async () => {
  const { clock, connection, reading, peer } = await connected([{ kind: "latency", latency: 500 }], ["a"]);
  const failed = expect(reading).rejects.toMatchObject({ code: "CLOSED" });
  await connection.write("QUIT", SIGNAL);
  connection.close();
  await failed;
  expect(clock.pendingAlarms).toBe(0);
  expect(peer()).toBe("");
});

test.each<[Partial<FaultSpec>, boolean]>([
  [{ host: "MAIL.example" }, true],
  [{ host: "*.example" }, true],
  [{ host: "m*e" }, true],
  [{ host: "*.org" }, false],
  [{ service: "smtp", port: 25 }, true],
  [{ service: "pop3" }, false],
  [{ port: 26 }, false],
  [{ modem: "m2" }, false],
])("chosen by %j: %s", async (selection, isFor) => {
  const { faults } = await connected([{ kind: "latency", latency: 0, ...selection }], ["a"]);
  expect(faults.list()[0]?.fired).toBe(isFor ? 1 : 0);
});
