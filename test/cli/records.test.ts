import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openPty, type PtyTransport } from "../../src/transport/pty.ts";
import { runProgram, startProgram } from "../support/program.ts";
import { PtyHost } from "../support/pty-host.ts";

let folder = "";
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vmodem-records-"));
  return () => rmSync(folder, { recursive: true });
});

/** What makes a vmodem another module than ours: its dialect and identity, and answers that we do not have. */
const THEIRS = [
  "--dialect",
  "field",
  "--identity",
  "sim5320",
  "--fault",
  '{"kind":"answer","command":"+CGMM","lines":["SIM_OF_THEIRS"]}',
  "--fault",
  '{"kind":"answer","command":"+CSPN","form":"read","lines":["+CSPN: 1","","+CSPN: 2"],"result":"OK"}',
  "--fault",
  '{"kind":"busy","command":"+CPBS","code":14}',
];

const LINES = [
  "AT",
  "AT+CGMM",
  "AT+CSPN?",
  "AT+CMEE=1",
  "AT+CPBS?",
  "AT+CGMM;+CSQ",
  "AT+CMEE=2",
  "AT+CPBS?",
  "AT+NOSUCH",
  "ATE0",
  "AT+CGMM",
];

/** What a host sends: a command line, which has its result code, or bytes with what shows that they are answered. */
type Said = string | { readonly bytes: string; readonly until: RegExp };

const RESULT = /\r\n(OK|ERROR|\+CME ERROR: .*)\r\n$/;

function sentFor(said: Said) {
  return typeof said === "string" ? { bytes: `${said}\r`, until: RESULT } : said;
}

/** Says lines to a port, each when the one before has been answered. */
async function say(path: string, lines: readonly Said[]): Promise<string> {
  const host = new PtyHost(path);
  onTestFinished(() => host.close());
  let all = "";
  for (const { bytes, until } of lines.map(sentFor)) {
    host.write(Buffer.from(bytes, "latin1"));
    const giveUp = performance.now() + 10_000;
    for (let said = ""; !until.test(said); ) {
      if (performance.now() > giveUp) throw new Error(`no answer to ${bytes}: ${all}${said}`);
      await new Promise(setImmediate);
      const more = Buffer.from(host.take()).toString("latin1");
      said += more;
      all += more;
    }
  }
  return all;
}

/** Two UARTs with a cable between them, as far as pseudo-terminals are. */
async function uartPair(): Promise<readonly [string, string]> {
  const [a, b] = [await openPty(), await openPty()];
  const connect = (from: PtyTransport, to: PtyTransport) =>
    from.start({ data: (chunk) => to.write(chunk), lost: () => undefined });
  connect(a, b);
  connect(b, a);
  onTestFinished(async () => {
    await a.close();
    await b.close();
  });
  return [a.device, b.device];
}

/** A record of a session with another module, made by `vmodem record`. */
async function recordTheirs(
  medium: "pty" | "uart",
  lines: readonly Said[] = LINES,
  options: readonly string[] = THEIRS,
): Promise<string> {
  const [moduleEnd, hostEnd] = medium === "uart" ? await uartPair() : [undefined, at("theirs")];
  const port = moduleEnd === undefined ? ["--link", hostEnd] : ["--serial", moduleEnd];
  const theirs = startProgram(["start", "--json", ...port, ...options]);
  await theirs.waitFor("ready");
  const record = startProgram(["record", "--from", hostEnd, "--link", at("host"), "-o", at("session.jsonl")]);
  await record.waitFor("Recording");
  const said = await say(at("host"), lines);
  record.child.kill("SIGTERM");
  expect(await record.ended).toMatchObject({ code: 0 });
  expect(record.errors()).toBe("");
  const events = readFileSync(at("session.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const bytes = (type: string) =>
    events
      .filter((event) => event.type === type)
      .map((event) => event.bytes)
      .join("");
  expect(bytes("host")).toBe(lines.map((line) => sentFor(line).bytes).join(""));
  expect(bytes("module")).toBe(said);
  return hostEnd;
}

describe.each(["pty", "uart"] as const)("a module at a %s", (medium) => {
  test("is recorded unchanged, and a replay to it is the same", async () => {
    const port = await recordTheirs(medium);
    // The echo is off at the end of the session, and on at its beginning.
    await say(port, ["ATE1"]);
    expect(await runProgram(["replay", at("session.jsonl"), "--port", port])).toEqual({
      code: 0,
      output: "same\n",
      errors: "",
    });
    writeFileSync(
      at("other.jsonl"),
      readFileSync(at("session.jsonl"), "utf8").replace("SIM_OF_THEIRS", "SIM_OF_OTHERS"),
    );
    await say(port, ["ATE1"]);
    const { code, output } = await runProgram(["replay", at("other.jsonl"), "--port", port]);
    expect(code).toBe(1);
    expect(output).toContain("  > AT+CGMM<CR>\n  < AT+CGMM<CR><CR><LF>\n- < SIM_OF_OTHERS<CR><LF>\n");
    expect(output).toContain("+ < SIM_OF_THEIRS<CR><LF>\n");
    await say(port, ["ATE1"]);
    const masked = ["replay", at("other.jsonl"), "--port", port, "--mask", "SIM_OF_\\w+"];
    expect(await runProgram(masked)).toMatchObject({ code: 0, output: "same\n" });
  });
});

test("compare tells the difference, learn takes it away", async () => {
  await recordTheirs("pty");
  const session = at("session.jsonl");
  const before = await runProgram(["compare", session]);
  expect(before.code).toBe(1);
  expect(before.output).toContain("- < SIM_OF_THEIRS<CR><LF>");
  const learned = await runProgram(["learn", session, "-o", at("scenario.json")]);
  expect(learned.errors).toMatch(/^vmodem: learn: \d+ answers; the session is the same now\n$/);
  expect(learned).toMatchObject({ code: 0, output: "" });
  const { modems, faults } = JSON.parse(readFileSync(at("scenario.json"), "utf8"));
  expect(await runProgram(["compare", session, "--scenario", at("scenario.json")])).toEqual({
    code: 0,
    output: "same\n",
    errors: "",
  });
  expect(JSON.parse((await runProgram(["learn", session])).output)).toEqual({ modems, faults });
});

describe("a session with unsolicited lines and an HTTP request", () => {
  const REQUEST = "GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n\x1a";
  const AS_THEIRS = ["--dialect", "manual", "--identity", "wcdma"];
  const SESSION: readonly Said[] = [
    "AT",
    { bytes: "AT+CSQ\r", until: /\+CREG: 5\r\n\r\nRING\r\n$/ },
    { bytes: "AT+CGMM\r", until: /\+CREG: 1\r\n$/ },
    "AT+CSQ",
    { bytes: 'AT+CHTTPACT="www.example.com",80\r', until: /REQUEST\r\n$/ },
    { bytes: REQUEST, until: /\+CHTTPACT: 0\r\n$/ },
    "AT",
  ];

  beforeEach(async () => {
    const urc = (line: string, after: number, text: string) => ({
      when: { type: "line", text: line },
      after,
      do: { urc: text },
    });
    const timeline = [urc("AT+CSQ", 450, "+CREG: 5"), urc("AT+CSQ", 600, "RING"), urc("AT+CGMM", 0, "+CREG: 1")];
    const faults = [{ kind: "answer", command: "+CGMM", lines: ["SIM_OF_THEIRS"] }];
    writeFileSync(at("theirs.json"), JSON.stringify({ sandbox: true, faults, timeline }));
    await recordTheirs("pty", SESSION, ["--scenario", at("theirs.json")]);
  });

  test("is the same once it is learned", async () => {
    const session = at("session.jsonl");
    expect(await runProgram(["compare", "--sandbox", session])).toMatchObject({ code: 1 });
    const learned = await runProgram(["learn", "--sandbox", ...AS_THEIRS, session, "-o", at("scenario.json")]);
    expect(learned.errors).toBe("vmodem: learn: 1 answer, 3 unsolicited lines; the session is the same now\n");
    const { faults, timeline } = JSON.parse(readFileSync(at("scenario.json"), "utf8"));
    expect(faults).toMatchObject([{ kind: "answer", command: "+CGMM", lines: ["SIM_OF_THEIRS"] }]);
    expect(timeline).toMatchObject([
      { when: { type: "line", text: "AT+CSQ" }, do: { urc: "+CREG: 5" } },
      { when: { type: "line", text: "AT+CSQ" }, do: { urc: "RING" } },
      { when: { type: "line", text: "AT+CGMM" }, do: { urc: "+CREG: 1" } },
    ]);
    expect(timeline[1].after).toBeGreaterThanOrEqual(timeline[0].after);
    expect(await runProgram(["compare", session, "--scenario", at("scenario.json")])).toEqual({
      code: 0,
      output: "same\n",
      errors: "",
    });
  });

  test("is the same also where there is no server", async () => {
    const session = at("session.jsonl");
    const noServer = ["--fault", '{"kind":"unresolved"}'];
    const learned = await runProgram(["learn", ...noServer, ...AS_THEIRS, session, "-o", at("scenario.json")]);
    expect(learned.errors).toMatch(/; the session is the same now\n$/);
    const entry = { prompt: "+CHTTPACT: REQUEST" };
    const { faults } = JSON.parse(readFileSync(at("scenario.json"), "utf8"));
    expect(faults).toContainEqual(expect.objectContaining({ kind: "answer", command: "+CHTTPACT", entry }));
    expect(await runProgram(["compare", session, "--scenario", at("scenario.json")])).toMatchObject({ code: 0 });
  });
});

describe("a session with entered data", () => {
  const AS_OURS = ["--dialect", "manual", "--identity", "wcdma", "--fault", '{"kind":"unresolved"}'];
  const prompted = (bytes: string, prompt: string): Said => ({ bytes: `${bytes}\r`, until: new RegExp(`${prompt}$`) });
  const SESSION: readonly Said[] = [
    "AT+CMGF=1",
    // Their module prints its prompt behind each CR, and ours once.
    prompted('AT+CMGS="+15555550142"', "\r\n> "),
    { bytes: "at home\r", until: /> $/ },
    { bytes: "or not\x1a", until: RESULT },
    prompted('AT+CMGS="+15555550143"', "\r\n> "),
    { bytes: "never mind\x1b", until: RESULT },
    "ATE0",
    prompted('AT+CMGS="+15555550142"', "\r\n> "),
    { bytes: "hi\x1a", until: RESULT },
    'AT+CFTPSERV="ftp.example.com";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1',
    prompted('AT+CFTPPUT="/a.bin"', "BEGIN\r\n"),
    { bytes: "\x1b\x03\x1a\x00\xff\x1a", until: RESULT },
    { bytes: "AT+NETOPEN\r", until: /NETOPEN: 0\r\n$/ },
    { bytes: 'AT+CIPOPEN=0,"TCP","www.example.com",80\r', until: /CIPOPEN: 0,0\r\n$/ },
    prompted("AT+CIPSEND=0,3", ">"),
    { bytes: "a\x1ab", until: /CIPSEND: 0,3,3\r\n$/ },
    prompted("AT+CIPSEND=0,", ">"),
    { bytes: "ab\x1a", until: /CIPSEND: 0,2,2\r\n$/ },
    "AT",
  ];

  test("is the same once it is learned", async () => {
    await recordTheirs("pty", SESSION, ["--dialect", "field", "--identity", "sim5320", "--sandbox"]);
    const session = at("session.jsonl");
    expect(await runProgram(["compare", ...AS_OURS, session])).toMatchObject({ code: 1 });
    const learned = await runProgram(["learn", ...AS_OURS, session, "-o", at("scenario.json")]);
    expect(learned.errors).toMatch(/; the session is the same now\n$/);
    expect(await runProgram(["compare", session, "--scenario", at("scenario.json")])).toEqual({
      code: 0,
      output: "same\n",
      errors: "",
    });
  });
});

test("a record of the last session of a module without echo is compared as such", async () => {
  await recordTheirs("pty", ["ATE0"]);
  writeFileSync(at("session.jsonl"), "");
  const theirs = at("theirs");
  const record = startProgram(["record", "--from", theirs, "--link", at("host"), "-o", at("session.jsonl")]);
  await record.waitFor("Recording");
  await say(at("host"), ["AT", "AT+CSQ"]);
  record.child.kill("SIGTERM");
  await record.ended;
  expect(await runProgram(["compare", at("session.jsonl")])).toEqual({ code: 0, output: "same\n", errors: "" });
});

test.each(["tcp", "rfc2217"])("a module at %s is recorded, replayed to and reached by the console", async (medium) => {
  const theirs = startProgram(["start", "--json", `--${medium}`, "0", ...THEIRS]);
  const { port } = JSON.parse(await theirs.waitFor("\n"));
  const address = medium === "tcp" ? `tcp:${port}` : port;
  const record = startProgram(["record", "--from", address, "--link", at("host"), "-o", at("session.jsonl")]);
  await record.waitFor("Recording");
  await say(at("host"), ["AT+CGMM", "AT+CSPN?"]);
  record.child.kill("SIGTERM");
  expect(await record.ended).toMatchObject({ code: 0 });
  expect(await runProgram(["replay", at("session.jsonl"), "--port", address])).toMatchObject({ output: "same\n" });
  expect(await runProgram(["console", address], "AT+CGMM\n")).toMatchObject({ output: "SIM_OF_THEIRS\nOK\n" });
});

test("a record holds no password where it is redacted", async () => {
  const theirs = startProgram(["start", "--json", "--link", at("theirs")]);
  await theirs.waitFor("ready");
  const argv = ["record", "--redact", "--from", at("theirs"), "--link", at("host"), "-o", at("session.jsonl")];
  const record = startProgram(argv);
  await record.waitFor("Recording");
  const said = await say(at("host"), ['AT+CFTPPW="secret"', "AT+CFTPPW?", "AT"]);
  expect(said).toContain('+CFTPPW: "secret"');
  record.child.kill("SIGTERM");
  await record.ended;
  const session = readFileSync(at("session.jsonl"), "utf8");
  expect(session).not.toContain("secret");
  expect(session).toContain('+CFTPPW: \\"******\\"');
});

test("diff compares records and transcripts", async () => {
  writeFileSync(at("a.txt"), "> AT+CSQ\n< +CSQ: 22,0\n< OK\n");
  writeFileSync(at("b.txt"), "> AT+CSQ\n< +CSQ: 9,9\n< OK\n");
  const record = (await runProgram(["show", "--json", at("a.txt")])).output;
  writeFileSync(at("a.jsonl"), record);
  expect(await runProgram(["diff", at("a.txt"), at("a.jsonl")])).toEqual({ code: 0, output: "same\n", errors: "" });
  expect(await runProgram(["diff", at("a.jsonl"), at("b.txt")])).toMatchObject({ code: 0 });
  const { code, output } = await runProgram(["diff", at("a.jsonl"), at("b.txt"), "--no-mask"]);
  expect(code).toBe(1);
  expect(output).toContain("- < +CSQ: 22,0<CR><LF>\n");
  expect((await runProgram(["diff", at("a.jsonl"), at("b.txt"), "--no-mask", "--mask", "\\d+,\\d+"])).code).toBe(0);
});

test.each([
  [["replay", "x.jsonl"], "replay needs --port PORT"],
  [["replay", "x.jsonl", "--port", "/dev/no-such-port"], "--port /dev/no-such-port: there is no such port"],
  [["replay", "x.jsonl", "--port", "/etc/passwd"], "--port /etc/passwd: it is not a serial port"],
  [["replay", "x.jsonl", "--port", "tcp:"], "--port tcp:: it is not tcp:HOST:PORT or rfc2217://HOST:PORT"],
  [["replay", "x.jsonl", "--port", "tcp:127.0.0.1:9"], "--port tcp:127.0.0.1:9: nothing listens there"],
  [["replay", "--port", "/dev/null"], "replay needs FILE"],
  [["diff", "a"], "diff needs B"],
  [["diff", "nothing", "nothing"], "nothing: there is no such file"],
  [["diff", "a", "b", "--mask", "("], "--mask (: not a regular expression"],
  [["record", "-o", "x"], "record needs --from PORT"],
  [["record", "--from", "/dev/ttyUSB99"], "record needs -o FILE"],
  [["record", "--from", "/dev/ttyUSB99", "-o", "x"], "--from /dev/ttyUSB99: there is no such port"],
  [["record", "--baud", "9600", "-o", "x"], "--baud goes with --from"],
  [["compare", "nothing.jsonl"], "nothing.jsonl: there is no such file"],
  [["compare", "x", "--dialect", "klingon"], "--dialect klingon: not one of manual, field"],
  [["compare", "x", "--link", "y"], "--link goes with start, run and record, not with compare"],
  [["learn", "-"], "the standard input can be read once"],
  [["learn"], "learn needs FILE"],
])("%j is code 2", async (argv, message) => {
  const { code, errors } = await runProgram(argv);
  expect(code).toBe(2);
  expect(errors).toMatch(/^vmodem: [^\n]*\n$/);
  expect(errors).toContain(message);
});
