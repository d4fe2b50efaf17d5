import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { expect, onTestFinished, test } from "vitest";
import { bounded, runProgram, startProgram, until, VMODEM } from "../support/program.ts";

interface Ready {
  readonly event: string;
  readonly port: string;
  readonly pid: number;
  readonly sandbox?: { readonly http: { readonly host: string; readonly port: number } };
}

async function ready(program: ReturnType<typeof startProgram>): Promise<Ready> {
  return JSON.parse(await program.waitFor("\n"));
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Sends a command line to a port as a host does and gives the answer up to its OK. */
function ask(path: string, line: string): Promise<string> {
  const port = new SerialPort({ path, baudRate: 115200 });
  onTestFinished(() => new Promise<void>((resolve) => port.close(() => resolve())));
  return bounded(
    new Promise((resolve) => {
      let answer = "";
      port.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
        if (answer.endsWith("\r\nOK\r\n")) resolve(answer);
      });
      port.on("open", () => port.write(line));
    }),
    () => `an answer to ${line}`,
  );
}

test("the ready line names a port that answers AT", async () => {
  const program = startProgram(["start", "--json"]);
  const { event, port, pid } = await ready(program);
  expect({ event, pid }).toEqual({ event: "ready", pid: program.child.pid });
  expect(await ask(port, "AT\r")).toBe("AT\r\r\nOK\r\n");
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends it with code 0 and removes the link", async (signal) => {
  const link = join(temporaryFolder(), "modem");
  const program = startProgram(["--json", "--link", link]);
  const { port } = await ready(program);
  expect(readlinkSync(link)).toBe(port);
  program.child.kill(signal);
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("a stale link is replaced", async () => {
  const link = join(temporaryFolder(), "modem");
  symlinkSync("/dev/pts/99999", link);
  const program = startProgram(["--json", "--link", link]);
  expect((await ready(program)).port).toBe(readlinkSync(link));
});

test("a person is told the port, how to open it and what to type", async () => {
  const program = startProgram([]);
  const text = await program.waitFor("Ctrl-C");
  expect(text).toMatch(/picocom .*\/dev\/pts\/\d+/);
  expect(text).toMatch(/AT /);
});

const aFile = join(tmpdir(), `vmodem-in-the-way-${process.pid}`);

test.each([
  { args: ["--nonsense"], says: "unknown option --nonsense; see vmodem start --help" },
  { args: ["--boot-tme", "5"], says: "unknown option --boot-tme; did you mean --boot-time?" },
  { args: ["dance"], says: "unknown verb dance; see vmodem --help" },
  { args: ["strat"], says: "unknown verb strat; did you mean start?" },
  { args: ["constructor"], says: "unknown verb constructor; see vmodem --help" },
  { args: ["help", "rnu"], says: "unknown verb rnu; did you mean run?" },
  { args: ["help", "start", "now"], says: "help takes one verb; now is one too many" },
  { args: ["version", "now"], says: "version takes no argument now" },
  { args: ["--dialect", "two\nlines"], says: "--dialect two lines: not one of manual, field" },
  { args: ["--two\nlines"], says: "unknown option --two lines; see vmodem start --help" },
  { args: ["--timeout-scale", "fast"], says: "--timeout-scale fast: not a number from 0.0001 to 10000" },
  { args: ["run", "--grace", "soon", "--", "true"], says: /^--grace soon: not a time in milliseconds/ },
  { args: ["run", "--json", "--", "true"], says: "--json goes with start, commands and show, not with run" },
  { args: ["run", "true"], says: "run takes no argument true; see vmodem run --help" },
  { args: ["run"], says: "run needs a command: vmodem run [OPTIONS] -- COMMAND..." },
  { args: ["run", "--"], says: "run needs a command: vmodem run [OPTIONS] -- COMMAND..." },
  { args: ["commands", "all"], says: "there is no command all; did you mean ATL, ATA, AT+CLVL?" },
  {
    args: ["--link", aFile],
    says: `--link ${aFile}: there is a file already, which is not replaced; choose another path`,
  },
  {
    args: ["--link", "x", "--nmea-link", "x"],
    says: "--link and --nmea-link both name x; give each a path of its own",
  },
  {
    args: ["--identity", "sim5216", "--gps-track", "x"],
    says: /^--gps-track needs AT\+CGPS, which --identity sim5216 does/,
  },
  { args: ["--link", "/nope/dir/m"], says: "--link /nope/dir/m: there is no directory /nope/dir" },
  { args: ["--link", join(aFile, "m")], says: `--link ${join(aFile, "m")}: ${aFile} is not a directory` },
  { args: ["--link", join(tmpdir(), "x".repeat(300))], says: /: the name is too long$/ },
  { args: ["--state", aFile], says: `--state ${aFile}: it is not a directory` },
  { args: ["--state", join(aFile, "d")], says: `--state ${join(aFile, "d")}: ${aFile} is not a directory` },
  { args: ["--efs", aFile], says: `--efs ${aFile}: it is not a directory` },
  { args: ["--serial", "/dev/nonexistent"], says: "--serial /dev/nonexistent: there is no such port" },
  { args: ["--serial", "/dev/null"], says: "--serial /dev/null: it is not a serial port" },
  { args: ["--serial", tmpdir()], says: `--serial ${tmpdir()}: it is not a serial port` },
  { args: ["--tcp", "192.0.2.1:0"], says: "--tcp 192.0.2.1:0: this machine does not have that address" },
  { args: ["--group", "no such group"], says: "--group no such group: not the name or the number of a group" },
  { args: ["--group", "nosuchgroup"], says: "--group nosuchgroup: there is no such group" },
])("wrong: $args is one line on stderr and code 2", async ({ args, says }) => {
  writeFileSync(aFile, "precious");
  onTestFinished(() => rmSync(aFile, { force: true }));
  const { code, output, errors } = await runProgram(args);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toMatch(/^vmodem: [^\n]+\n$/);
  expect(errors.slice("vmodem: ".length, -1)).toEqual(typeof says === "string" ? says : expect.stringMatching(says));
});

test("a start that fails leaves no link", async () => {
  const link = join(temporaryFolder(), "modem");
  const { code } = await runProgram(["--link", link, "--group", "nosuchgroup"]);
  expect(code).toBe(2);
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("with too few descriptors one line says so; with enough it runs", () => {
  const runs = [20, 24, 48, 64, 256].map((limit) => {
    const script = `ulimit -n ${limit}; exec "$0" "$@"`;
    const program = [process.execPath, VMODEM, "--stdio", "--sandbox", "--json"];
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script, ...program], { encoding: "utf8", timeout: 10_000 });
    return { limit, status, stderr };
  });
  const complaint = /^vmodem: this process may not open more files[^\n]*; raise the limit with ulimit -n 256\n$/;
  for (const { limit, status, stderr } of runs) {
    const expected = status === 0 ? /^\{"event":"ready".*\}\n$/ : complaint;
    expect({ limit, stderr }).toEqual({ limit, stderr: expect.stringMatching(expected) });
  }
  expect(runs.at(0)?.status).toBe(2);
  expect(runs.at(-1)?.status).toBe(0);
});

test("--mode and --group set who may use the port", async () => {
  // A user may give a file only to the groups that he is in.
  const group = process.getgroups?.().at(-1) ?? 0;
  const { port } = await ready(startProgram(["--json", "--mode", "606", "--group", String(group)]));
  const { mode, gid } = statSync(port);
  expect({ mode: (mode & 0o777).toString(8), gid }).toEqual({ mode: "606", gid: group });
});

test("SIGUSR1 opens no debugger and ends nothing", async () => {
  const program = startProgram(["--json"]);
  const { port } = await ready(program);
  program.child.kill("SIGUSR1");
  expect(await ask(port, "AT\r")).toBe("AT\r\r\nOK\r\n");
  program.child.kill("SIGTERM");
  await program.ended;
  expect(program.errors()).toBe("");
});

test("a signal during the boot ends it at once, with code 0 and no link", async () => {
  const link = join(temporaryFolder(), "modem");
  const program = startProgram(["--json", "--boot-time", "1h", "--link", link]);
  await until(() => existsSync(link), "the link");
  program.child.kill("SIGTERM");
  expect(await program.ended).toEqual({ code: 0, signal: null });
  expect(program.output()).toBe("");
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test.each([
  ["its parent", ["--until-parent-exits"], 'node="$1"; shift; "$node" "$@" & wait'],
  ["npx", [], ""],
])("it ends when %s has been killed", async (name, options, script) => {
  const link = join(temporaryFolder(), "modem");
  const args = ["start", "--json", "--link", link, ...options];
  const parent =
    name === "npx"
      ? spawn("npx", ["--no", "vmodem", ...args], { cwd: installed(), stdio: ["ignore", "pipe", "ignore"] })
      : spawn("/bin/sh", ["-c", script, "sh", process.execPath, VMODEM, ...args], {
          stdio: ["ignore", "pipe", "ignore"],
        });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = (await bounded(once(parent.stdout, "data"), () => "the ready line")) as [Buffer];
  const { pid } = JSON.parse(line.toString()) as Ready;
  onTestFinished(() => killQuietly(pid));
  parent.kill("SIGKILL");
  await until(() => lstatSync(link, { throwIfNoEntry: false }) === undefined, "vmodem to end");
});

/** A project that has vmodem installed. */
function installed(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "package.json"), '{"name":"host"}');
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  symlinkSync(VMODEM, join(folder, "node_modules", ".bin", "vmodem"));
  return folder;
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
}

test("a TCP port in use is one line on stderr and code 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const { code, errors } = await runProgram(["--tcp", String(port)]);
  expect(code).toBe(2);
  expect(errors).toBe(`vmodem: --tcp 127.0.0.1:${port}: the port is in use\n`);
});

test("--tcp serves the modem on TCP", async () => {
  const program = startProgram(["--tcp", "0", "--json"]);
  const [host = "", port] = (await ready(program)).port.split(":");
  const socket = connect(Number(port), host);
  onTestFinished(() => void socket.destroy());
  socket.write("AT\r");
  const answer = new Promise((resolve) => socket.once("data", (chunk: Buffer) => resolve(chunk.toString())));
  expect(await bounded(answer, () => "OK over TCP")).toBe("AT\r\r\nOK\r\n");
});

test("--stdio talks on the standard streams and ends with them", async () => {
  const { code, output } = await runProgram(["--stdio"], "ATE0\rAT+CSQ\r");
  expect({ code, output }).toEqual({ code: 0, output: "ATE0\r\r\nOK\r\n\r\n+CSQ: 22,0\r\n\r\nOK\r\n" });
});

test("--sandbox leads every name to its HTTP origin, and says where that is", async () => {
  const program = startProgram(["--stdio", "--sandbox", "--json"]);
  program.child.stdin.write('ATE0\rAT+CHTTPACT="www.mywebsite.com",80\r');
  await program.waitFor("REQUEST");
  program.child.stdin.write("GET / HTTP/1.0\r\n\r\n\x1a");
  expect(await program.waitFor("+CHTTPACT: 0")).toContain("HTTP/1.1 200 OK");
  expect(JSON.parse(program.errors()).sandbox.http.host).toBe("127.0.0.1");
});

test("--resolve leads a name elsewhere, the most specific rule first", async () => {
  const server = createServer((socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nfound")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const program = startProgram([
    "--stdio",
    "--resolve",
    "*=127.0.0.1:1",
    "--resolve",
    `module.test:80=127.0.0.1:${port}`,
  ]);
  program.child.stdin.write('AT+CHTTPACT="Module.Test",80\r');
  await program.waitFor("REQUEST");
  program.child.stdin.write("GET / HTTP/1.0\r\n\r\n\x1a");
  expect(await program.waitFor("+CHTTPACT: 0")).toContain("found");
  program.child.stdin.write('AT+CHTTPACT="other.test",80\r');
  expect(await program.waitFor("+CME ERROR")).toContain("+CME ERROR: Network error");
});

test("--dialect field and --timeout-scale reach the module", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const program = startProgram(["--stdio", "--dialect", "field", "--timeout-scale", "0.001"]);
  program.child.stdin.write(`AT+CHTTPACT="127.0.0.1",${port}\r`);
  await program.waitFor("REQUEST");
  program.child.stdin.write("GET / HTTP/1.0\r\n\r\n\x1a");
  expect(await program.waitFor("+CHTTPACT: 223\r\n\r\nERROR")).toContain("OK");
});

test.each(["--help", "--version", "help", "version"])("%s prints and ends", async (flag) => {
  const { code, output } = await runProgram([flag]);
  expect(code).toBe(0);
  expect(output).not.toBe("");
});

test("commands lists the table for a person and for a program", async () => {
  expect((await runProgram(["commands"])).output).toMatch(/^AT\+CHTTPACT .*manual 6\.1/m);
  const table = JSON.parse((await runProgram(["commands", "--json"])).output);
  expect(table).toContainEqual(
    expect.objectContaining({ name: "AT+CHTTPACT", needsPin: true, forms: ["test", "write"] }),
  );
});

test.each([
  [["--sim", "absent"], "AT+CPIN?", "+CME ERROR: SIM not inserted"],
  [["--sim", "puk"], "AT+CPIN?", "+CPIN: SIM PUK"],
  [["--sim", "pin"], "AT+CPIN=1234", "+CPIN: READY"],
  [["--sim", "pin", "--pin", "98765"], "AT+CPIN=98765", "PB DONE"],
  [["--identity", "sim5320"], "ATI", "Model: SIMCOM_SIM5320E"],
  [["--clock", "2010-02-05T12:00:00+08:00,0"], "AT+CCLK?", '+CCLK: "10/02/05,12:00:00+32"'],
] as const)("%j: %s says %s", async (options, line, answer) => {
  const program = startProgram(["--stdio", ...options]);
  program.child.stdin.write(`${line}\r`);
  expect(await program.waitFor(answer)).toContain(answer);
});

test("--boot-time: the ready line comes after the boot, whose URCs the host sees", async () => {
  const program = startProgram(["--stdio", "--json", "--boot-time", "100"]);
  expect(await program.waitFor("PB DONE")).toContain("\r\nSTART\r\n");
  program.child.stdin.write("AT\r");
  await program.waitFor("OK");
  expect(program.errors()).toContain('"event":"ready"');
});

test("--state keeps what the module remembers from run to run", async () => {
  const state = join(temporaryFolder(), "state");
  const input = ["ATS0=5&W\rAT+IPREX=9600\r", "ATS0?\rAT+IPREX?\r"];
  const runs = [];
  for (const lines of input) {
    const program = startProgram(["--stdio", "--state", state]);
    program.child.stdin.write(`${lines}AT+CPAS\r`);
    await program.waitFor("+CPAS: 0");
    program.child.kill("SIGTERM");
    await program.ended;
    runs.push(program.output());
  }
  expect(runs[1]).toContain("\r\n005\r\n");
  expect(runs[1]).toContain("+IPREX: 9600");
});

test("it serves on when nobody reads its output and its log any more", async () => {
  const link = join(temporaryFolder(), "modem");
  const program = startProgram(["--log-level", "debug", "--link", link]);
  program.child.stdout.destroy();
  program.child.stderr.destroy();
  await until(() => lstatSync(link, { throwIfNoEntry: false }) !== undefined, "the link");
  expect(await ask(link, 'AT+CHTTPACT="127.0.0.1",1;\rAT\r')).toContain("Network error");
  program.child.kill("SIGTERM");
  expect(await program.ended).toEqual({ code: 0, signal: null });
});

test.runIf(existsSync("/dev/full"))("a full disk under its output is one line on stderr and code 1", () => {
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const { status, stderr } = spawnSync(process.execPath, [VMODEM, "commands"], {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^vmodem: .*ENOSPC.*\n$/);
});
