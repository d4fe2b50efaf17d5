import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  rmSync,
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
  { args: ["--nonsense"], says: "--nonsense" },
  { args: ["dance"], says: "dance" },
  { args: ["start", "surplus"], says: "surplus" },
  { args: ["--dialect", "klingon"], says: "klingon" },
  { args: ["--tcp", "70000"], says: "70000" },
  { args: ["--tcp", "1.2.3.4.5:x"], says: "--tcp" },
  { args: ["--tcp", "1", "--stdio"], says: "exclude" },
  { args: ["--baud", "9600"], says: "--serial" },
  { args: ["--identity", "sim900"], says: "sim5320" },
  { args: ["--sim", "blocked"], says: "puk" },
  { args: ["--sim", "pin", "--pin", "12"], says: "digits" },
  { args: ["--state", ""], says: "--state" },
  { args: ["--boot-time", "-1"], says: "boot-time" },
  { args: ["--clock", "yesterday"], says: "yesterday" },
  { args: ["--clock", "2010-02-30T00:00:00Z"], says: "2010-02-30" },
  { args: ["--clock", "2010-02-05T12:00:00+08:07"], says: "+08:07" },
  { args: ["--clock", "2010-02-05T12:00:00Z,-1"], says: "-1" },
  { args: ["--serial", "/dev/nonexistent"], says: "/dev/nonexistent" },
  { args: ["--resolve", "nothing"], says: "nothing" },
  { args: ["--resolve", "a=b:99999"], says: "99999" },
  { args: ["--resolve", "a=b=c"], says: "a=b=c" },
  { args: ["--dialect", "two\nlines"], says: "two lines" },
  { args: ["--two\nlines"], says: "--two lines" },
  { args: ["--timeout-scale", "fast"], says: "fast" },
  { args: ["--packet-gap", "-1"], says: "packet-gap" },
  { args: ["--link", aFile], says: aFile },
  { args: ["--link", "/nonexistent/folder/modem"], says: "/nonexistent/folder/modem" },
  { args: ["run", "--json", "--", "true"], says: "--json" },
  { args: ["run", "true"], says: "--" },
  { args: ["commands", "all"], says: "commands" },
])("wrong: $args is one line on stderr and code 2", async ({ args, says }) => {
  writeFileSync(aFile, "precious");
  onTestFinished(() => rmSync(aFile, { force: true }));
  const { code, output, errors } = await runProgram(args);
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(errors).toMatch(/^vmodem: (?!vmodem)[^\n]+\n$/);
  expect(errors).not.toContain("Error:");
  expect(errors).toContain(says);
});

test("a TCP port in use is one line on stderr and code 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const { code, errors } = await runProgram(["--tcp", String(port)]);
  expect(code).toBe(2);
  expect(errors).toMatch(/^vmodem: .*EADDRINUSE.*\n$/);
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

test.each(["--help", "--version"])("%s prints and ends", async (flag) => {
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
