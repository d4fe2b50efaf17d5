import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseOptions } from "../../src/cli/parse-options.ts";
import { SessionReports } from "../../src/cli/run-report.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../src/rig/rig.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { runProgram, VMODEM } from "../support/program.ts";

const CTL = `${process.execPath} ${VMODEM} ctl`;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "run-report-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A session of `run` with these options, in which the host sends these lines. Gives the exit code and what is printed. */
async function session(argv: readonly string[], lines: readonly string[], exitCode = 0) {
  let printed = "";
  const reports = await SessionReports.open(parseOptions("run", argv).checked, (text) => {
    printed += text;
  });
  const { module, host } = memoryPair();
  const rig = await Rig.start({ clock: new VirtualClock(), journal: true, modems: [{ transport: module }], seed: 7 });
  onTestFinished(() => rig.close());
  reports.follow(rig);
  for (const line of lines) {
    void host.write(line);
    if (line.endsWith("\r")) await host.waitFor("OK\r\n", AbortSignal.timeout(10_000));
  }
  return { code: await reports.finish(exitCode), printed, rig };
}

describe("the exit code", () => {
  const met = '{"some":[{"type":"command","name":"+CSQ"}]}';
  const unmet = '{"some":[{"type":"command","name":"+CSX"}]}';
  test.each<[string, number, readonly string[], readonly string[], number]>([
    ["that of the command", 3, [], ["AT+CSQ\r"], 3],
    ["expectations met", 0, ["--expect", met], ["AT+CSQ\r"], 0],
    ["expectations not met", 0, ["--expect", unmet], ["AT+CSQ\r"], 1],
    ["expectations not met, and the command fails", 3, ["--expect", unmet], ["AT+CSQ\r"], 3],
    ["lint warns", 0, [], ["AT\n"], 0],
    ["lint is off", 0, ["--lint", "off"], ["AT\n"], 0],
    ["lint fails", 0, ["--lint", "error"], ["AT\n"], 1],
    ["lint finds nothing", 0, ["--lint", "error"], ["AT+CSQ\r"], 0],
    ["a report cannot be written", 0, ["--record", "/dev/full"], ["AT+CSQ\r"], 1],
  ])("%s: %d, %j", async (_, commandCode, argv, lines, code) => {
    const place = folder();
    const given = argv.map((word) => {
      if (!word.startsWith("{")) return word;
      writeFileSync(join(place, "expect.json"), word);
      return join(place, "expect.json");
    });
    expect((await session(given, lines, commandCode)).code).toBe(code);
  });
});

describe("what is printed", () => {
  test("nothing when all is well", async () => {
    expect((await session([], ["AT+CSQ\r"])).printed).toBe("");
  });

  test("the last exchanges when the command fails, and lint once", async () => {
    const { printed } = await session([], ["AT+CSQ\r", "AT+CSR\n"], 2);
    expect(printed).toMatch(
      /^vmodem: the command ended with code 2\. .*\n\n.* > AT\+CSQ<CR>\n.* < <CR><LF>\+CSQ: 22,0/,
    );
    expect(printed).toMatch(/> AT\+CSR<LF>\n.*! lint line-feed-only: .*\n *remedy: end a command line with CR/);
    expect(printed.match(/line-feed-only/g)).toHaveLength(1);
  });

  test("that nothing was said", async () => {
    expect((await session([], [], 1)).printed).toContain("nothing was said on the serial line");
  });

  test("lint and expectations when the command does not fail", async () => {
    const place = folder();
    writeFileSync(join(place, "e.json"), '{"never":[{"type":"host"}]}');
    const { printed } = await session(["--expect", join(place, "e.json")], ["AT\n", "AT\n"]);
    expect(printed).toMatch(
      /^vmodem: lint line-feed-only \(2 times\): a command line ends with LF alone; end a command line with CR/,
    );
    expect(printed).toMatch(/vmodem: expected never \{"type":"host"\}: 2 events matched, first\n {2}\{"seq":\d+,/);
  });

  test("why a file could not be written", async () => {
    expect((await session(["--record", "/dev/full"], [])).printed).toContain(
      "--record /dev/full: not written: the disk is full",
    );
  });
});

test("the reports of a session", async () => {
  const place = folder();
  const files = ["r.xml", "r.json", "r.jsonl", "r.html"].map((name) => join(place, name));
  writeFileSync(files[0] ?? "", "old");
  const argv = [...files.flatMap((file) => ["--report", file]), "--record", join(place, "record")];
  const { rig } = await session(argv, ["AT+CSQ\r"], 4);
  expect(readdirSync(place).toSorted()).toEqual(["r.html", "r.json", "r.jsonl", "r.xml", "record"]);
  const [xml = "", json = "", jsonl = "", html = ""] = files.map((file) => readFileSync(file, "utf8"));
  expect(xml).toContain('<failure message="the command ended with code 4"');
  expect(JSON.parse(json)).toMatchObject({ exitCode: 4, seed: 7, commands: { "+CSQ": { OK: 1 } } });
  const events = jsonl
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toEqual(JSON.parse(JSON.stringify(rig.journal?.query().events)));
  expect(readFileSync(join(place, "record"), "utf8")).toBe(jsonl);
  expect(html).toContain("AT+CSQ");
});

describe("a file that cannot be read or written is refused at the start, and nothing is left", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["no directory", ["--report", "none/r.xml"], /^--report \S+none\/r\.xml: there is no directory \S+none$/],
    ["a directory", ["--report", "folder.xml"], /^--report \S+folder\.xml: it is a directory$/],
    ["a directory", ["--record", "folder.xml"], /^--record \S+folder\.xml: it is a directory$/],
    ["no file", ["--expect", "none.json"], /^--expect \S+none\.json: there is no such file$/],
    ["no JSON", ["--expect", "broken.json"], /^--expect \S+broken\.json: line 2: expected a name in double quotes/],
    [
      "a wrong field",
      ["--expect", "wrong.json"],
      /^--expect \S+wrong\.json: \/some\/0\/type: no event has the type "comand"; did you mean command\?$/,
    ],
    ["no object", ["--expect", "list.json"], /^--expect \S+list\.json: not an object$/],
  ])("%s: %j", async (_, argv, message) => {
    const place = folder();
    mkdirSync(join(place, "folder.xml"));
    writeFileSync(join(place, "broken.json"), '{"some": [],\n}');
    writeFileSync(join(place, "wrong.json"), '{"some":[{"type":"comand"}]}');
    writeFileSync(join(place, "list.json"), "[]");
    const before = readdirSync(place);
    const given = argv.map((word) => (word.startsWith("--") ? word : join(place, word)));
    const { checked: options } = parseOptions("run", ["--report", join(place, "first.json"), ...given]);
    await expect(SessionReports.open(options, () => undefined)).rejects.toThrow(message);
    expect(readdirSync(place)).toEqual(before);
  });
});

test("findings are announced as they come, the first ten of each rule", async () => {
  let printed = "";
  const reports = await SessionReports.open(parseOptions("run", []).checked, (text) => {
    printed += text;
  });
  const { module, host } = memoryPair();
  const rig = await Rig.start({ journal: true, modems: [{ transport: module }] });
  onTestFinished(() => rig.close());
  reports.announceLint(rig);
  for (let index = 0; index < 12; index++) void host.write("AT\n");
  rig.journal?.settle();
  const lines = printed.trimEnd().split("\n");
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^vmodem: m1: lint line-feed-only: .*ends nothing$/);
  expect(lines[9]).toMatch(/; no more of this rule is told$/);
});

test("run prints the last exchanges, writes its reports, and fails where an expectation is not met", async () => {
  const place = folder();
  writeFileSync(join(place, "e.json"), '{"some":[{"type":"line","text":"AT+CSQ"}],"never":[{"type":"unknown"}]}');
  const talk = `printf 'AT+CSR\\r' > "$VMODEM_PORT"; head -c 9 < "$VMODEM_PORT" > /dev/null`;
  const argv = ["--expect", join(place, "e.json"), "--report", join(place, "r.json"), "--record", join(place, "r")];
  const passed = await runProgram(["run", ...argv, "--", "sh", "-c", talk]);
  expect(passed.code).toBe(1);
  expect(passed.errors).toMatch(/vmodem: expected some .*text is "AT\+CSR", not "AT\+CSQ"/s);
  expect(passed.errors).toMatch(/vmodem: expected never .*one event matched/s);
  expect(JSON.parse(readFileSync(join(place, "r.json"), "utf8"))).toMatchObject({ unknown: { "+CSR": { count: 1 } } });
  expect(readFileSync(join(place, "r"), "utf8")).toContain('"type":"unknown"');
  const failed = await runProgram(["run", "--", "sh", "-c", `${talk}; exit 3`]);
  expect(failed.code).toBe(3);
  expect(failed.errors).toMatch(
    /ended with code 3\..*> AT\+CSR<CR>\n.*! unknown command \+CSR; nearest: \+CSRP, \+CSQ/s,
  );
});

test("the summary of run tells the faults that fired and those that never did, also those that were removed", async () => {
  const report = join(folder(), "r.json");
  const faults = ['{"kind":"busy","command":"+CSQ","code":14,"id":"used"}', '{"kind":"refused","id":"unused"}'];
  const script = `printf 'AT+CSQ\\r' > "$VMODEM_PORT"; head -c 20 < "$VMODEM_PORT" > /dev/null
    $CTL fault add latency --latency 5 --id added > /dev/null && $CTL fault rm added > /dev/null`;
  const argv = [...faults.flatMap((fault) => ["--fault", fault]), "--report", report];
  const { code } = await runProgram(["run", ...argv, "--", "sh", "-c", `CTL="${CTL}"; ${script}`]);
  expect([code, JSON.parse(readFileSync(report, "utf8")).faults]).toEqual([
    0,
    [
      { id: "used", kind: "busy", fired: 1 },
      { id: "unused", kind: "refused", fired: 0 },
      { id: "added", kind: "latency", fired: 0 },
    ],
  ]);
});

test.each([
  ["warn", 0, /^vmodem: m1: lint line-feed-only: .*\n$/],
  ["error", 1, /^vmodem: m1: lint line-feed-only: .*\n$/],
  ["off", 0, /^$/],
])("start with --lint %s ends with code %d, and its record is whole", async (level, code, errors) => {
  const record = join(folder(), "record");
  const ended = await runProgram(["start", "--stdio", "--lint", level, "--record", record], "AT\n");
  expect(ended.code).toBe(code);
  expect(
    ended.errors
      .split("\n")
      .filter((line) => line.startsWith("vmodem: "))
      .map((line) => `${line}\n`)
      .join(""),
  ).toMatch(errors);
  const events = readFileSync(record, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events).toContainEqual(expect.objectContaining({ type: "lint", rule: "line-feed-only", modem: "m1" }));
});
