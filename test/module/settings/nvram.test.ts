import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { cardInState } from "../../../src/module/sim.ts";
import { DiskError } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { type LogRecord, lineLog } from "../../../src/platform/log.ts";
import { framed, info, OK } from "../../support/framing.ts";
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
  sim?: "pin" | "ready",
): Promise<readonly LogRecord[]> {
  const { log, records } = logbook();
  const nvram = await Nvram.open({ disk: new SystemDisk(), directory }, log);
  const { dte, modem } = await modemOnMemory({
    nvram,
    ...(sim === undefined ? {} : { sim: { inserted: cardInState(sim) } }),
  });
  await dte.command("ATE0\r", `ATE0\r${OK}`).catch(() => dte.take());
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
      ["+CGSOCKCONT?", info('+CGSOCKCONT: 1,"IP","other","0.0.0.0",0,0')],
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

  test.runIf(process.getuid?.() !== 0)("one that cannot be written: a warning, and memory alone", async () => {
    const directory = join(temporaryFolder(), "locked");
    mkdirSync(directory);
    chmodSync(directory, 0o500);
    const records = await run(directory, [
      ["S0=3&W", OK],
      ["S0=4", OK],
      ["Z", OK],
    ]);
    expect(records.map(({ event }) => event)).toContain("nvram cannot be written");
  });

  test("a file where the directory should be: warnings, and memory alone", async () => {
    const directory = join(temporaryFolder(), "file");
    writeFileSync(directory, "");
    const records = await run(directory, [
      ["S0=3&W", OK],
      ["S0=4", OK],
      ["Z", OK],
      ["S0?", info("003")],
    ]);
    expect(records.map(({ event }) => event)).toContain("nvram cannot be written");
    expect(existsSync(join(directory, "nvram.json"))).toBe(false);
  });

  test("a disk that is full for a while loses nothing that is stored later", async () => {
    const { log, records } = logbook();
    let full = true;
    const written: string[] = [];
    const disk = {
      openFolder: () => Promise.reject(new DiskError("IO", "not used")),
      readFile: async () => undefined,
      replaceFile: async (_: string, bytes: Uint8Array) => {
        if (full) throw new DiskError("NO_SPACE", "full");
        written.push(Buffer.from(bytes).toString());
      },
    };
    const nvram = await Nvram.open({ disk, directory: "/d" }, log);
    nvram.store("a", 1);
    await nvram.settle();
    expect(records).toHaveLength(1);
    full = false;
    nvram.store("b", 2);
    nvram.store("b", 3);
    nvram.store("b", 3);
    await nvram.settle();
    expect(written.map((text) => JSON.parse(text))).toEqual([{ a: 1, b: 3 }]);
  });
});
