import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { runProgram, startProgram } from "../support/program.ts";

const RECORD = [
  { seq: 1, at: 0, type: "rig", now: "2026-01-02T03:04:05Z", version: "1.0", seed: 7, options: { modems: [{}] } },
  { seq: 2, at: 1500, modem: "m1", type: "host", bytes: "AT+CSQ\r" },
  { seq: 3, at: 1501, modem: "m1", type: "module", bytes: "AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n" },
  { seq: 4, at: 1502, modem: "m2", type: "module", bytes: `\x1b[31m${"x".repeat(300)}` },
].map((event) => `${JSON.stringify(event)}\n`);

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vmodem-show-"));
  file = join(folder, "a.jsonl");
  writeFileSync(file, RECORD.join(""));
  return () => rmSync(folder, { recursive: true });
});

describe("a record", () => {
  test.each<[string, readonly string[], string]>([
    [
      "of one modem, then of several",
      [],
      `     0.000 * vmodem 1.0, seed 7, 2026-01-02T03:04:05Z
     1.500 > AT+CSQ<CR>
     1.501 < AT+CSQ<CR><CR><LF>+CSQ: 22,0<CR><LF><CR><LF>OK<CR><LF>
     1.502 m2  < <ESC>[31m${"x".repeat(85)}...xxxxxx (305 bytes)
`,
    ],
    ["by type", ["--type", "host"], "     1.500 > AT+CSQ<CR>\n"],
    [
      "by modem, in hexadecimal",
      ["--modem", "m1", "--type", "host", "--hex"],
      `     1.500 > 7 bytes
             000000  41 54 2b 43 53 51 0d                              |AT+CSQ.|
`,
    ],
    ["as a record again", ["--json", "--type=host"], RECORD[1] ?? ""],
    [
      "as a transcript",
      ["--transcript", "--modem", "m1"],
      "# spec: a session recorded by vmodem 1.0, 2026-01-02T03:04:05Z\n# origin: constructed\n> AT+CSQ\n< +CSQ: 22,0\n< OK\n",
    ],
  ])("is shown %s", async (_, argv, output) => {
    expect(await runProgram(["show", file, ...argv])).toEqual({ code: 0, output, errors: "" });
    expect(await runProgram(["show", "-", ...argv], RECORD.join(""))).toEqual({ code: 0, output, errors: "" });
  });

  test.each([
    ["a small", RECORD],
    ["a large", Array.from({ length: 20_000 }, () => RECORD[3] ?? "")],
    ["an empty", []],
  ])("%s one is shown as a page that holds it", async (_, lines) => {
    writeFileSync(file, lines.join(""));
    const { code, output, errors } = await runProgram(["show", "--html", file]);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(output.match(/^<!doctype html>/gi)).toHaveLength(1);
    expect(output.trimEnd()).toMatch(/<\/html>$/);
    const blocks = [...output.matchAll(/<script [^>]*class="events">\n(.*?)<\/script>/gs)];
    expect(blocks.map(([, events]) => events).join("")).toBe(lines.join("").replaceAll("<", "\\u003c"));
  });

  test("of which only some is wanted gives a page with that, and one that is not there gives none", async () => {
    const some = await runProgram(["show", "--html", "--type", "host", "-"], RECORD.join(""));
    expect(some.output.split('class="events">\n')[1]?.split("</script>")[0]).toBe(RECORD[1]);
    expect(await runProgram(["show", "--html", `${file}.not`])).toMatchObject({ code: 2, output: "" });
  });

  test("that was cut is shown as far as it came", async () => {
    appendFileSync(file, '{"seq":5,"at":');
    const { code, output, errors } = await runProgram(["show", file, "--type", "host"]);
    expect({ code, output }).toEqual({ code: 0, output: "     1.500 > AT+CSQ<CR>\n" });
    expect(errors).toBe(`vmodem: ${file}: line 5, the last one, is cut; it is left out\n`);
  });

  test("that grows is followed, until a signal", async () => {
    const program = startProgram(["show", "--follow", file]);
    await program.waitFor("305 bytes");
    const next =
      '{"seq":5,"at":1503,"modem":"m1","type":"urc","text":""}\n{"seq":6,"at":1504,"modem":"m1","type":"host","bytes":"LAST"}\n';
    appendFileSync(file, next.slice(0, 20));
    appendFileSync(file, next.slice(20));
    await program.waitFor("LAST");
    program.child.kill("SIGINT");
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.errors()).toBe("");
  });

  test("whose reader has gone ends quietly", async () => {
    writeFileSync(file, (RECORD[1] ?? "").repeat(200_000));
    const program = startProgram(["show", file]);
    await program.waitFor("AT+CSQ");
    program.child.stdout.destroy();
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.errors()).toBe("");
  });
});

test.each([
  [["nothing.jsonl"], "nothing.jsonl: there is no such file"],
  [["/"], "/: it is a directory"],
  [[join(import.meta.dirname, "show.test.ts")], "show.test.ts: line 1: neither an event of a record"],
  [[], "show needs FILE"],
  [["a", "b"], "show takes no argument b besides FILE"],
  [["a", "--type", "guest"], "--type guest: not a type of event; there are rig, host"],
  [["a", "--hex", "--json"], "--hex and --json exclude each other"],
  [["a", "--html", "--json"], "--html and --json exclude each other"],
  [["a", "--dialect", "field"], "--dialect goes with start, run, compare and learn, not with show"],
  [["a", "-x"], "unknown option -x"],
])("show %j is code 2", async (argv, message) => {
  const { code, errors } = await runProgram(["show", ...argv]);
  expect(code).toBe(2);
  expect(errors).toMatch(/^vmodem: [^\n]*\n$/);
  expect(errors).toContain(message);
});
