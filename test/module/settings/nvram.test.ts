import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { KeptValue } from "../../../src/module/settings/kept-value.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { cardInState } from "../../../src/module/sim.ts";
import { type Disk, DiskError } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { type LogRecord, lineLog, silentLog } from "../../../src/platform/log.ts";
import { Dte } from "../../support/dte.ts";
import { framed, info, OK, socketContexts } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-nvram-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A log that is kept. */
function logbook() {
  const records: LogRecord[] = [];
  const log = lineLog("warn", (line) => records.push(JSON.parse(line)));
  return { log, records };
}

/** One run of the program on a directory; `lines` and their answers. */
async function run(
  directory: string,
  lines: readonly (readonly [line: string, answer: string])[],
  sim?: "pin" | "puk" | "ready",
  disk: Disk = new SystemDisk(),
): Promise<readonly LogRecord[]> {
  const { log, records } = logbook();
  const nvram = await Nvram.open({ disk, directory }, log);
  const {
    dte: first,
    host,
    clock,
    modem,
  } = await modemOnMemory({
    nvram,
    ...(sim === undefined ? {} : { sim: { inserted: cardInState(sim) } }),
  });
  await first.command("ATE0\r", `ATE0\r${OK}`).catch(() => first.take());
  // A disk takes real time.
  const dte = new Dte(host, clock, "network");
  for (const [line, answer] of lines) await dte.command(`AT${line}\r`, answer);
  await modem.close();
  return records;
}

const WRONG = framed("+CME ERROR: incorrect password");

describe("what a directory keeps across runs", () => {
  test("the profile of AT&W, and what keeps itself; nothing else", async () => {
    const directory = join(temporaryFolder(), "not", "there", "yet");
    await run(directory, [
      ["S0=5&S1\\V1&W", OK],
      ["S0=6", OK],
      ["+IPREX=9600;+CTZU=1;+CATR=1,1;+CMEE=1;+CREG=2", OK],
    ]);
    expect(readdirSync(directory)).toEqual(["nvram.json"]);
    await run(directory, [
      ["S0?", info("005")],
      ["+IPR?", info("+IPR: 9600")],
      ["+IPREX?", info("+IPREX: 9600")],
      ["+CTZU?", info("+CTZU: 1")],
      ["+CATR?", info("+CATR: 1")],
      ["+CMEE?", info("+CMEE: 2")],
      ["+CREG?", info("+CREG: 0,1")],
      ["&FE0", OK],
      ["S0?", info("000")],
      ["+IPR?", info("+IPR: 9600")],
      ["Z", OK],
      ["S0?", info("005")],
    ]);
  });

  test("what AT&F sets in spite of that", async () => {
    const directory = temporaryFolder();
    await run(directory, [
      ["+CTZU=1", OK],
      ["+IPREX=9600", OK],
      ["&FE0", OK],
      ["+CTZU?", info("+CTZU: 0")],
    ]);
    await run(directory, [
      ["+CTZU?", info("+CTZU: 0")],
      ["+IPREX?", info("+IPREX: 9600")],
    ]);
  });

  test("the lock of the SIM, its tries and its PIN; another card replaces it", async () => {
    const directory = temporaryFolder();
    await run(directory, [["+CPIN=0000", WRONG]], "pin");
    await run(directory, [
      ["+CPIN?", info("+CPIN: SIM PIN")],
      ["+SPIC", info("+SPIC: 2,10,3,10")],
      ["+CPIN=1234", OK + framed("+CPIN: READY") + framed("SMS DONE") + framed("PB DONE")],
      ['+CPWD="SC","1234","5678"', OK],
    ]);
    await run(directory, [["+CPIN=1234", WRONG]]);
    await run(directory, [["+CPIN?", info("+CPIN: READY")]], "ready");
    await run(directory, [["+CPIN?", info("+CPIN: READY")]]);
  });

  test("contexts, their log-in, and how the clock was set", async () => {
    const directory = temporaryFolder();
    await run(directory, [
      ['+CGDCONT=2,"IP","apn"', OK],
      ['+CGSOCKCONT=1,"IP","other"', OK],
      ['+CSOCKAUTH=1,1,"p","u"', OK],
      ['+CCLK="20/01/02,03:04:05+08"', OK],
    ]);
    await run(directory, [
      ["+CGDCONT?", info('+CGDCONT: 1,"IP","","0.0.0.0",0,0', '+CGDCONT: 2,"IP","apn","0.0.0.0",0,0')],
      ["+CGSOCKCONT?", socketContexts({ 1: "other" })],
      ["+CSOCKAUTH?", info('+CSOCKAUTH: 1,1,"u"')],
      ["+CCLK?", info('+CCLK: "20/01/02,03:04:05+08"')],
    ]);
    expect(readFileSync(join(directory, "nvram.json"), "utf8")).not.toContain('"p"');
  });
});

describe("a directory that is no good", () => {
  test.each([
    ["not JSON", "{"],
    ["empty", ""],
    ["no object", "[1]"],
    ["a setting out of range", '{"profile": {"E": 7}}'],
    ["a setting of the wrong type", '{"profile": {"E": "0"}}'],
    ["a profile that is none", '{"profile": 3}'],
    ["half a card", '{"sim": {"inserted": {"imsi": "1"}}}'],
    ["a card with too many tries", JSON.stringify({ sim: { inserted: { ...cardInState("ready"), pinTries: 4 } } })],
    ["contexts out of range", '{"contexts": {"17": {"type": "IP", "apn": "", "address": ""}}}'],
    ["a clock without a zone", '{"clock": {"offset": 1}}'],
    ["garbage", "\0\xff".repeat(100)],
    ["too much", " ".repeat(2_000_000)],
  ])("%s: a warning, and factory values", async (_, content) => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, "nvram.json"), content, "latin1");
    const records = await run(directory, [
      ["+CPIN?", info("+CPIN: READY")],
      ["S0?", info("000")],
      ["+CGDCONT?", info('+CGDCONT: 1,"IP","","0.0.0.0",0,0')],
      ["+CCLK?", info('+CCLK: "10/02/05,12:00:00+00"')],
      ["S0=3&W", OK],
    ]);
    expect(records.length).toBeGreaterThan(0);
    // What was broken is whole again.
    expect(await run(directory, [["S0?", info("003")]])).toEqual([]);
  });

  test.each([
    ["that is a file", "file", "this is not a directory"],
    ["below a file", "file/state", "the directory cannot be made: this is not a directory"],
    ["where nothing can be made", "/proc/state", "the directory cannot be made: there is no such file or directory"],
    ["whose nvram.json is a directory", "odd", "nvram.json: this is a directory"],
    ["whose nvram.json is a link", "link", "nvram.json: this is a symbolic link"],
  ])("%s is refused", async (_, name, message) => {
    const base = temporaryFolder();
    writeFileSync(join(base, "file"), "");
    mkdirSync(join(base, "odd", "nvram.json"), { recursive: true });
    mkdirSync(join(base, "link"));
    symlinkSync("/etc/hostname", join(base, "link", "nvram.json"));
    const before = readdirSync(base, { recursive: true });
    await expect(run(resolve(base, name), [])).rejects.toMatchObject({ name: "NvramError", message });
    expect(readdirSync(base, { recursive: true })).toEqual(before);
  });

  test("one that cannot be written is refused", async () => {
    const disk = new SystemDisk();
    disk.openFolder = async () => {
      throw new DiskError("DENIED", "permission denied");
    };
    await expect(run(temporaryFolder(), [], undefined, disk)).rejects.toMatchObject({
      name: "NvramError",
      message: "permission denied",
    });
  });
});

test("serves one modem at a time; the second is told who holds it, and it is free after a refusal and a close", async () => {
  const directory = temporaryFolder();
  const backing = { disk: new SystemDisk(), directory };
  const first = await Nvram.open(backing, silentLog);
  await expect(Nvram.open(backing, silentLog)).rejects.toMatchObject({
    name: "NvramError",
    message: `in use by this process (${process.pid}) already`,
  });
  await first.close();
  await (await Nvram.open(backing, silentLog)).close();
  expect(readdirSync(directory)).toEqual([]);
});

test("only the owner may read the file and a directory that is made for it", async () => {
  const directory = join(temporaryFolder(), "state");
  await run(directory, [["S0=3&W", OK]]);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, "nvram.json")).mode & 0o777).toBe(0o600);
});

test("what killed processes left half written is removed, and nothing else", async () => {
  const directory = temporaryFolder();
  const dead = new SystemDisk().draftName().replace(/-\d+-/, "-1-");
  for (const name of [dead, ".nvram.json.new", "notes"]) writeFileSync(join(directory, name), "half");
  await run(directory, []);
  expect(readdirSync(directory).sort()).toEqual([".nvram.json.new", "notes"]);
});

/** A disk on which a test decides when a file is replaced, and whether. */
function slowDisk(directory: string) {
  const disk = new SystemDisk();
  const replace = disk.replaceFile.bind(disk);
  const waiting: (() => void)[] = [];
  let [full, held, writes] = [false, false, 0];
  disk.replaceFile = async (path, bytes) => {
    writes++;
    if (held) await new Promise<void>((resolve) => void waiting.push(resolve));
    if (full) throw new DiskError("NO_SPACE", "the disk is full");
    await replace(path, bytes);
  };
  return {
    disk,
    content: () => JSON.parse(readFileSync(join(directory, "nvram.json"), "utf8")),
    setFull: (value: boolean) => {
      full = value;
    },
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
      for (const resolve of waiting.splice(0)) resolve();
    },
    writes: () => writes,
  };
}

/** Every command that changes NVRAM: how to see the old value and the new one. */
const KEEPING: readonly (readonly [
  command: string,
  query: string,
  old: string,
  changed: string,
  sim?: "pin" | "puk",
])[] = [
  ["S0=3&W", "Z;E0;S0?", info("000"), info("003")],
  ["+IPREX=9600", "+IPREX?", info("+IPREX: 115200"), info("+IPREX: 9600")],
  ["+IPREX=9600", "+IPR?", info("+IPR: 115200"), info("+IPR: 9600")],
  ["+CTZU=1", "+CTZU?", info("+CTZU: 0"), info("+CTZU: 1")],
  ["+CATR=1,1", "+CATR?", info("+CATR: 0"), info("+CATR: 1")],
  [
    '+CCLK="20/01/02,03:04:05+08"',
    "+CCLK?",
    info('+CCLK: "10/02/05,12:00:00+00"'),
    info('+CCLK: "20/01/02,03:04:05+08"'),
  ],
  [
    '+CGDCONT=1,"IP","apn"',
    "+CGDCONT?",
    info('+CGDCONT: 1,"IP","","0.0.0.0",0,0'),
    info('+CGDCONT: 1,"IP","apn","0.0.0.0",0,0'),
  ],
  ["+CGDCONT=1", "+CGDCONT?", info('+CGDCONT: 1,"IP","","0.0.0.0",0,0'), OK],
  ['+CGSOCKCONT=1,"IP","apn"', "+CGSOCKCONT?", socketContexts({}), socketContexts({ 1: "apn" })],
  ['+CSOCKAUTH=1,1,"p","u"', "+CSOCKAUTH?", OK, info('+CSOCKAUTH: 1,1,"u"')],
  ['+CLCK="SC",1,"1234"', '+CLCK="SC",2', info("+CLCK: 0"), info("+CLCK: 1")],
  ["+CPIN=0000", "+SPIC", info("+SPIC: 3,10,3,10"), info("+SPIC: 2,10,3,10"), "pin"],
  ["+CPIN=00000000,1111", "+SPIC", info("+SPIC: 0,10,3,10"), info("+SPIC: 0,9,3,10"), "puk"],
  ['+CLCK="SC",1,"0000"', "+SPIC", info("+SPIC: 3,10,3,10"), info("+SPIC: 2,10,3,10")],
  ["+CPIN=12345678,1111", "+CPIN?", info("+CPIN: SIM PUK"), info("+CPIN: READY"), "puk"],
];

const ROWS = KEEPING.map(([command, query, old, changed, sim]) => ({ command, query, old, changed, sim }));

describe.each(ROWS)("AT$command", ({ command, query, old, changed, sim }) => {
  async function onDisk() {
    const directory = temporaryFolder();
    const slow = slowDisk(directory);
    const nvram = await Nvram.open({ disk: slow.disk, directory }, silentLog);
    const { modem, host, clock } = await modemOnMemory({
      nvram,
      ...(sim === undefined ? {} : { sim: { inserted: cardInState(sim) } }),
    });
    onTestFinished(() => modem.close());
    await nvram.settle();
    const dte = new Dte(host, clock, "network");
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    return { directory, slow, dte };
  }

  test("answers when the change is on the disk, and not before", async () => {
    const { slow, dte } = await onDisk();
    slow.hold();
    const before = slow.writes();
    dte.send(`AT${command}\r`);
    await dte.expectNothing();
    expect(slow.writes()).toBe(before + 1);
    slow.release();
    // The PIN and the PUK that are wrong are answered with an error, but their tries count.
    const wrong = /0000/.test(command) && !command.startsWith("+CGDCONT");
    await dte.expect(wrong ? WRONG : OK);
    dte.take();
    await dte.command(`AT${query}\r`, changed);
  });

  test("answers ERROR when the disk refuses it; the old value stays, here and at the next start", async () => {
    const { directory, slow, dte } = await onDisk();
    slow.setFull(true);
    await dte.command(`AT${command}\r`, framed("ERROR"));
    await dte.expectNothing();
    await dte.command(`AT${query}\r`, old);
    slow.setFull(false);
    // Nothing of it comes with a later change.
    await dte.command("AT+CTZR=1;+CTZU=0\r", OK);
    const kept = existsSync(join(directory, "nvram.json")) ? slow.content() : {};
    expect(JSON.stringify(kept)).not.toMatch(/9600|"apn"|"S0":3|"\+CTZU":1|"\+CATR:1":1|"pinTries":2|"pukTries":9|"u"/);
    // What failed for a while succeeds later.
    if (sim === undefined) {
      dte.send(`AT${command}\r`);
      await dte.expect(command.includes("0000") ? WRONG : OK);
    }
  });
});

describe("writes", () => {
  test("that come together share one, in the order of their changes", async () => {
    const directory = temporaryFolder();
    const slow = slowDisk(directory);
    const nvram = await Nvram.open({ disk: slow.disk, directory }, silentLog);
    onTestFinished(() => nvram.close());
    slow.hold();
    const first = nvram.store("a", 1);
    await Promise.resolve();
    await Promise.resolve();
    const others = [nvram.store("b", 2), nvram.store("b", 3), nvram.store("c", 4)];
    slow.release();
    await Promise.all([first, ...others]);
    expect(slow.content()).toEqual({ a: 1, b: 3, c: 4 });
    expect(slow.writes()).toBe(2);
    await nvram.store("c", 4);
    expect(slow.writes()).toBe(2);
  });

  test("that fail lose nothing that is stored later, and are logged", async () => {
    const { log, records } = logbook();
    const directory = temporaryFolder();
    const slow = slowDisk(directory);
    const nvram = await Nvram.open({ disk: slow.disk, directory }, log);
    onTestFinished(() => nvram.close());
    slow.setFull(true);
    await expect(nvram.store("a", 1)).rejects.toMatchObject({ name: "NvramError", message: "the disk is full" });
    expect(records).toMatchObject([{ event: "nvram-not-written", error: "the disk is full" }]);
    slow.setFull(false);
    await nvram.store("b", 2);
    expect(slow.content()).toEqual({ b: 2 });
    await nvram.store("a", 1);
    expect(slow.content()).toEqual({ a: 1, b: 2 });
  });

  test("of one value take turns: each builds on the one before, a failed one on none", async () => {
    const directory = temporaryFolder();
    const slow = slowDisk(directory);
    const nvram = await Nvram.open({ disk: slow.disk, directory }, silentLog);
    onTestFinished(() => nvram.close());
    const value = new KeptValue(nvram, "n", 1, (n) => n);
    slow.setFull(true);
    const failed = expect(value.update((n) => n + 1)).rejects.toThrow("full");
    expect(value.value).toBe(1);
    await failed;
    slow.setFull(false);
    await Promise.all([value.update((n) => n * 10), value.update((n) => n + 5)]);
    expect([value.value, slow.content()]).toEqual([15, { n: 15 }]);
  });

  test("in memory a change holds before the call returns", () => {
    const nvram = Nvram.inMemory();
    const value = new KeptValue(nvram, "n", 1, (n) => n);
    void value.update((n) => n + 1);
    expect([value.value, nvram.load("n", (n) => n)]).toEqual([2, 2]);
  });
});
