import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ctl } from "../../src/cli/ctl/ctl.ts";
import { findRig, writeRigFile } from "../../src/cli/ctl/rig-file.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { markOf } from "../../src/platform/disk/process-mark.ts";
import { type ControlBench, controlBench } from "../support/control-bench.ts";
import { runProgram, startProgram } from "../support/program.ts";

/** No rig of the machine is found: neither by the environment, nor by its file. */
beforeEach(() => {
  vi.stubEnv("XDG_RUNTIME_DIR", temporaryFolder());
  vi.stubEnv("VMODEM_CONTROL", "");
  vi.stubEnv("VMODEM_CONTROL_TOKEN", undefined);
  return () => vi.unstubAllEnvs();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-ctl-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a command of `ctl` in this process. */
async function run(...argv: readonly string[]) {
  let output = "";
  let errors = "";
  const write = (add: (text: string) => void) => (text: string | Uint8Array) => {
    add(Buffer.from(text as string).toString());
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(write((text) => (output += text)));
  const err = vi.spyOn(process.stderr, "write").mockImplementation(write((text) => (errors += text)));
  try {
    return { code: await ctl(argv), output, errors, json: output.startsWith("{") ? JSON.parse(output) : undefined };
  } catch (error) {
    return { code: 2, output, errors: String(error), json: undefined };
  } finally {
    out.mockRestore();
    err.mockRestore();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  }
}

function on(bench: ControlBench): void {
  vi.stubEnv("VMODEM_CONTROL", bench.url);
}

const COMMANDS: readonly (readonly [command: string, output: string | RegExp])[] = [
  ["health", '{"status":"ready"}\n'],
  ["openapi", /^\{"openapi":"3\.1\.0"/],
  ["reset", '{"reset":"done"}\n'],
  ["clock", /"mode":"manual"/],
  ["advance 2m", /"mode":"manual"/],
  ["modems", /^\{"modems":\[\{"id":"m1"/],
  ["add --tcp 0 --no-card --identity=sim5320", /^\{"id":"m2".*"inserted":false/],
  ["state --modem m2", /^\{"id":"m2"/],
  ["remove m2", '{"removed":true}\n'],
  ["state", /^\{"id":"m1"/],
  ["set radio.rssi=7 radio.operator.long=00 sim.pin=0000", '{"radio":{"rssi":7,"operator":{"long":"00"}},"sim":{}}\n'],
  ["set gps.latitude=-33.5 gps.fix=false gps.track=null", '{"gps":{"latitude":-33.5,"fix":false,"track":null}}\n'],
  ["set ussd.*1#=hello", '{"ussd":{"*1#":"hello"}}\n'],
  ["restart", /^\{"id":"m1"/],
  ['expect {"type":"urc"} --timeout 5s', /"text":"START"/],
  ["type AT", '{"typed":3}\n'],
  ["urc +CMTI: 1", '{"queued":"yes"}\n'],
  ["sms +15555550142 hello there", '{"received":true}\n'],
  ['type AT+CSCB=0,"50";+CNMI=2,1,2', /^\{"typed":\d+\}/],
  ["broadcast 50 hello", '{"received":true}\n'],
  ["messages", /"text":"hello there"/],
  ["call +15555550142 Jane Doe", '{"id":1}\n'],
  ["calls", /^\{"calls":\[\{.*"\+15555550142"/],
  ["call set 1 state=ended", /^\{/],
  ["track TRACK", '{"points":2,"seconds":60}\n'],
  ["fault add latency --id slow --service smtp --latency 500", /"id":"slow","service":"smtp"/],
  ["faults", /^\{"faults":\[\{"kind":"latency","id":"slow"/],
  ["fault rm slow", /^\{/],
  ["fault clear", /^\{/],
  ["put FILE C:/dir/a.txt", '{"path":"C:/dir/a.txt","size":5}\n'],
  ["get C:/dir/a.txt", "hello"],
  ["ls", /"name":"dir"/],
  ["ls C:/dir", /"name":"a.txt"/],
  ["rm C:/dir", '{"removed":true}\n'],
  ["events --type command,rig --limit 1", /^\{"events":\[\{"seq":\d+/],
  ['expect {"type":"urc","text":"+CMTI:&nbsp;1"} --timeout 5000', /"text":"\+CMTI: 1"/],
  ["mail", '{"mail":[]}\n'],
  ["mail clear", '{"removed":0}\n'],
  ["mail put FILE someone", '{"size":5}\n'],
  ["requests", '{"requests":[]}\n'],
  ["requests clear", '{"removed":0}\n'],
  ["page FILE /a --host www.example.com", '{"page":"/a"}\n'],
  ["page FILE /b --status 404 --type text/plain", '{"page":"/b"}\n'],
  ["page rm a --host www.example.com", '{"removed":true}\n'],
  ["files put FILE /a.txt", '{"path":"/a.txt","size":5}\n'],
  ["files a.txt", "hello"],
  ["files", /"name":"a.txt"/],
  ["files rm a.txt", '{"removed":true}\n'],
];

/** What needs a message that there is not. */
const REFUSED = ["mail show 1", "mail raw 1", "mail attachment 1 1"];

test("each command does its work", async () => {
  const bench = await controlBench({ time: "manual" });
  on(bench);
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "hello");
  const track = join(temporaryFolder(), "track.json");
  writeFileSync(track, JSON.stringify([0, 60].map((time) => ({ latitude: 0, longitude: time / 100, time }))));
  const files: Readonly<Record<string, string>> = { FILE: file, TRACK: track };
  for (const [command, output] of COMMANDS) {
    const words = command.split(" ").map((word) => files[word] ?? word.replace("&nbsp;", " "));
    const ran = await run(...words);
    expect([command, ran.code, ran.errors]).toEqual([command, 0, ""]);
    if (typeof output === "string") expect(ran.output).toBe(output);
    else expect(ran.output).toMatch(output);
  }
});

test("the commands that are tried are those of the table", () => {
  const tried = [...COMMANDS.map(([command]) => command), ...REFUSED];
  const names = ROUTES.flatMap((route) => (route.ctl ?? []).map(({ words }) => words));
  expect(names.filter((name) => !tried.some((command) => `${command} `.startsWith(`${name} `)))).toEqual([]);
});

test.each<[command: string, message: string]>([
  ...REFUSED.map((command): [string, string] => [command, "there is no message 1"]),
  ["state --modem m9", "there is no modem m9"],
  ["set radio.rssi=99999", "/radio/rssi must be"],
  ["advance 1h", "the clock runs by itself"],
  ["get C:/nothing", "there is no C:/nothing"],
  ["files nothing", "/nothing: No such file or directory"],
])("what the rig refuses is one line on stderr and code 1: %s", async (command, message) => {
  on(await controlBench());
  const { code, output, errors } = await run(...command.split(" "));
  expect([code, output]).toEqual([1, ""]);
  expect(errors).toMatch(/^vmodem: ctl: [^\n]*\n$/);
  expect(errors).toContain(message);
});

test("without --modem it is the only modem, whatever its id; of several, one must be chosen", async () => {
  const bench = await controlBench();
  on(bench);
  await run("add", "--tcp", "0");
  const { code, errors } = await run("state");
  expect([code, errors]).toEqual([2, expect.stringContaining("several modems, m1, m2; choose one by --modem")]);
  await run("remove", "m1");
  expect((await run("state")).json.id).toBe("m2");
  await run("remove", "m2");
  expect((await run("state")).errors).toContain("the rig has no modem");
});

test("a page has the status and the type that are asked for", async () => {
  const bench = await controlBench();
  on(bench);
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "gone");
  expect((await run("page", file, "/b", "--status", "410", "--type", "text/plain")).code).toBe(0);
  const response = await fetch(`http://127.0.0.1:${bench.rig.sandbox?.http.endpoint.port}/b`);
  expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
    410,
    "text/plain",
    "gone",
  ]);
  expect((await run("page", file, "/b", "--status", "9x")).errors).toContain("/status");
});

test("for a person, nothing in a list stands on a line of its own", async () => {
  on(await controlBench());
  expect((await run("events", "--type", "rig", "--text")).output).toContain(
    "    options:\n      modems:\n        - {}\n      sandbox: true\n",
  );
});

test("a mail that came is shown, and given as it was received", async () => {
  const bench = await controlBench();
  on(bench);
  await bench.say(
    'AT+SMTPSRV="mail";+SMTPFROM="a@example.com";+SMTPRCPT=0,0,"b@example.com";+SMTPBODY="hello";+SMTPSUB="hi"',
  );
  await bench.say("AT+SMTPSEND", "+SMTP: SUCCESS");
  expect((await run("mail", "show", "1")).json).toMatchObject({
    from: "a@example.com",
    subject: "hi",
    text: expect.stringContaining("hello"),
  });
  expect((await run("mail", "raw", "1")).output).toMatch(/^Subject: hi\r\n[\s\S]*\r\n\r\nhello/m);
});

test("an expectation that is not met prints the near misses", async () => {
  on(await controlBench());
  const { code, json, errors } = await run("expect", '{"type":"rig","seed":-1}', "--timeout", "1");
  expect([code, json.near[0].differences[0].at]).toEqual([1, "/seed"]);
  expect(errors).toContain("no such event came within 1 ms");
});

test.each([
  ["", "ctl needs a command"],
  ["sttae", "did you mean state?"],
  ["files ptu x y", "ctl files takes no argument x"],
  ["fille put x y", "did you mean files put?"],
  ["xyzzyxyzzy", "see vmodem ctl --help"],
  ["sms +1", "needs TEXT..."],
  ["get", "needs PATH"],
  ["state m2", "takes no argument m2"],
  ["state --modem", "--modem needs ID"],
  ["state --nothing", "unknown option --nothing"],
  ["state --constructor=1", "unknown option --constructor"],
  ["state --text=1", "--text takes no value"],
  ["state --modem m1 --modem m1", "--modem is given twice"],
  ["set radio", "is not FIELD=VALUE"],
  ["set radio=1 radio.rssi=2", "has a value already"],
  ["set __proto__.x=1", "is not FIELD=VALUE"],
  ["put /nowhere/a C:/a", "ctl: /nowhere/a: there is no such file"],
  ["put / C:/a", "ctl: /: it is a directory"],
  ["expect {", "is no JSON"],
  ["advance soon", "ctl advance soon: not a time in milliseconds, or with a unit as in 2s"],
  ["expect {} --timeout soon", "ctl expect --timeout soon: not a time"],
  ["events --wait soon", "ctl events --wait soon: not a time"],
  ["state --control nowhere", "not HOST:PORT"],
  ["state --control 127.0.0.1:1", "ctl: http://127.0.0.1:1: nothing listens there"],
  ["state --control unix:/nowhere/socket", "ctl: unix:/nowhere/socket: nothing listens there"],
  ["state", "no rig with a control interface runs here"],
])("a wrong command line is code 2: %s", async (command, message) => {
  const { code, errors } = await run(...command.split(" ").filter((word) => word !== ""));
  expect(code).toBe(2);
  expect(errors).toContain(message);
});

describe("options", () => {
  test("may stand before the command; what follows -- is none", async () => {
    const { url, host } = await controlBench();
    const { code } = await run("--control", url, "urc", "--modem", "m1", "--", "--text");
    expect(code).toBe(0);
    await host.waitFor("\r\n--text\r\n", AbortSignal.timeout(10_000));
  });

  test("--text prints for a person", async () => {
    const bench = await controlBench();
    on(bench);
    const { output } = await run("state", "--text");
    expect(output).toMatch(/^radio:\n {2}registration: home$/m);
    expect((await run("mail", "--text")).output).toBe("mail: []\n");
    await run("sms", "+1", "hi");
    expect((await run("messages", "--text")).output).toMatch(
      /^stored:\n {2}- storage: \w\w\n {4}index: \d+\n {4}state: unread\n {4}from: \+1\n/,
    );
  });

  test("the token comes from the option or the environment", async () => {
    on(await controlBench({ token: "right-token" }));
    expect((await run("state")).errors).toContain("Authorization: Bearer");
    expect((await run("state", "--control-token", "right-token")).code).toBe(0);
    vi.stubEnv("VMODEM_CONTROL_TOKEN", "right-token");
    expect((await run("state")).code).toBe(0);
  });
});

describe("help", () => {
  test("has every command and its summary", async () => {
    const { code, output } = await run("--help");
    expect(code).toBe(0);
    for (const { summary, ctl: commands = [] } of ROUTES) {
      for (const { words } of commands) expect(output).toContain(`  vmodem ctl ${words}`);
      if (commands.length > 0) expect(output).toContain(summary);
    }
    expect((await run("help")).output).toBe(output);
  });

  test("of one command", async () => {
    const { output } = await run("files", "put", "--help");
    expect(output).toContain("vmodem ctl files put FILE PATH\n");
    expect(output).not.toContain("vmodem ctl state");
  });

  test.each([
    [["help", "ctl"], "vmodem ctl state [--modem ID]"],
    [["ctl", "--help"], "vmodem ctl state [--modem ID]"],
    [["help", "wait"], "--timeout TIME"],
    [["help"], "vmodem ctl COMMAND..."],
    [["help"], "vmodem wait [ADDRESS]"],
  ])("vmodem %j", async (argv, text) => {
    const { code, output } = await runProgram(argv);
    expect(code).toBe(0);
    expect(output).toContain(text);
  });
});

describe("a rig is found by its file", () => {
  const rig = (pid: number, control = "http://127.0.0.1:1") => onTestFinished(writeRigFile({ pid, control }));

  test("the only one, with its token", async () => {
    const { url } = await controlBench({ token: "right-token" });
    onTestFinished(writeRigFile({ pid: process.pid, control: url, token: "right-token" }));
    expect((await run("state")).code).toBe(0);
  });

  test("not one of several", async () => {
    rig(process.pid);
    rig(process.ppid, "unix:/a");
    const { code, errors } = await run("state");
    expect(code).toBe(2);
    expect(errors).toContain(`http://127.0.0.1:1 (process ${process.pid})`);
    expect(errors).toContain(`unix:/a (process ${process.ppid})`);
  });

  test("a file of a process that has ended, or that is no file of a rig, counts for nothing", async () => {
    rig(process.pid);
    rig(2 ** 30);
    const folder = join(process.env.XDG_RUNTIME_DIR ?? "", "vmodem");
    for (const text of ["{", "[]", '{"pid":"1","control":"x"}']) writeFileSync(join(folder, "1.json"), text);
    mkdirSync(join(folder, "2.json"));
    expect((await findRig()).pid).toBe(process.pid);
  });

  test("one that was killed is forgotten, also where its pid is another process's by now", async () => {
    rig(process.pid);
    const folder = join(process.env.XDG_RUNTIME_DIR ?? "", "vmodem");
    const path = join(folder, `${process.ppid}.json`);
    const mark = markOf(process.ppid).replace(/^(\d+)-\d+/, "$1-1");
    writeFileSync(path, JSON.stringify({ pid: process.ppid, control: "http://127.0.0.1:2", mark }));
    expect((await findRig()).pid).toBe(process.pid);
    expect(existsSync(path)).toBe(false);
  });

  test("nobody else reads it", () => {
    rig(process.pid);
    const folder = join(process.env.XDG_RUNTIME_DIR ?? "", "vmodem");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, `${process.pid}.json`)).mode & 0o777).toBe(0o600);
  });

  test("of a program that runs; it goes with it", async () => {
    const program = startProgram(["start", "--tcp", "0", "--control", "0", "--json"]);
    await program.waitFor('"ready"');
    expect((await runProgram(["ctl", "health"])).output).toBe('{"status":"ready"}\n');
    program.child.kill("SIGTERM");
    await program.ended;
    expect(await runProgram(["ctl", "health"])).toMatchObject({ code: 2, output: "" });
  });
});

test("events -f prints events as they come, and ends with its reader", async () => {
  const bench = await controlBench();
  on(bench);
  const program = startProgram(["ctl", "events", "-f", "--type", "command"]);
  await bench.say("AT+CSQ");
  const [line = ""] = (await program.waitFor("\n")).split("\n");
  expect(JSON.parse(line)).toMatchObject({ type: "command", name: "+CSQ" });
  program.child.stdout.destroy();
  const asText = startProgram(["ctl", "events", "-f", "--type", "command", "--text"]);
  expect(await asText.waitFor("\n")).toMatch(/^\d+ [\d.]+ m1 command name="\+CSQ" /);
  await bench.say("AT+CSQ");
  expect((await program.ended).code).toBe(0);
  asText.child.kill("SIGINT");
  expect((await asText.ended).code).toBe(130);
});
