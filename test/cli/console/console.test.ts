import { appendFileSync } from "node:fs";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { readConsoleArguments } from "../../../src/cli/console/arguments.ts";
import { openAttachment } from "../../../src/cli/console/open-attachment.ts";
import { type Program, runProgram, startProgram, until } from "../../support/program.ts";

interface Ready {
  readonly port: string;
  readonly control: string;
  readonly program: Program;
}

async function startRig(...options: readonly string[]): Promise<Ready> {
  const program = startProgram(["start", "--json", "--control", "0", ...options]);
  return { ...JSON.parse(await program.waitFor("\n")), program };
}

const INPUT = ["AT+CGMM", "AT+CMGF=1", 'AT+CMGS="+15555550142"', "Hello", "you\x1aAT+CFTPMODE=5", ""].join("\n");
const OUTPUT = ["SIMCOM_WCDMA", "OK", "OK", "+CMGS: 0", "OK", "+CME ERROR: Invalid parameter", ""].join("\n");

test("lines of a pipe go to the modem of a rig one by one, data at the prompt, and the answers come back", async () => {
  const { control } = await startRig();
  expect(await runProgram(["console", control], INPUT)).toEqual({ code: 0, output: OUTPUT, errors: "" });
});

test("the same over its pseudo-terminal", async () => {
  const { port } = await startRig();
  expect(await runProgram(["console", port], INPUT)).toEqual({ code: 0, output: OUTPUT, errors: "" });
});

test("the same over TCP", async () => {
  const { port } = await startRig("--tcp", "0");
  expect(await runProgram(["console", `tcp:${port}`], INPUT)).toEqual({ code: 0, output: OUTPUT, errors: "" });
});

test("a file is entered by its length", async () => {
  const { control } = await startRig();
  const input = 'AT+CFTRANRX="C:/a.txt",5\nabc\nAT+CFTRANTX="C:/a.txt"\n';
  const { output } = await runProgram(["console", control], input);
  expect(output.split("\n")).toEqual(["OK", "+CFTRANTX: DATA, 5", "abc", "+CFTRANTX: 0", "OK", ""]);
});

test("a host that has the port keeps every byte, and the console sees both", async () => {
  const { control, port } = await startRig();
  const console = startProgram(["console", control]);
  console.child.stdin.write("AT+CGMI\n");
  await console.waitFor("OK\n");
  appendFileSync(port, "AT+CGMR\r");
  expect(await console.waitFor("WCDMA_V1.00\nOK\n")).toContain("> AT+CGMR<CR>\n");
  console.child.stdin.end();
  expect(await console.ended).toEqual({ code: 0, signal: null });
});

test("while the host has begun a line another is refused, and the exit code tells", async () => {
  const { control, port } = await startRig();
  const console = startProgram(["console", control]);
  console.child.stdin.write("AT\n");
  await console.waitFor("OK\n");
  appendFileSync(port, "AT+CSQ");
  // The echo of a line that has no end shows that the module has it.
  await console.waitFor("AT+CSQ\n");
  console.child.stdin.end("AT\n");
  expect(await console.ended).toEqual({ code: 1, signal: null });
  expect(console.errors()).toBe("vmodem: console: the host has the line (typing); wait until it is idle\n");
});

test(": commands are those of ctl, and a mistake in one is no end", async () => {
  const { control } = await startRig();
  const input = ":set radio.rssi=7\n:stat\nAT+CSQ\n:urc '+CMTI: \"SM\",1'\n";
  const { code, output, errors } = await runProgram(["console", control], input);
  expect(output).toMatch(/^radio:\n {2}rssi: 7\n\+CSQ: 7,0\nOK\nqueued: yes\n/);
  expect(errors).toMatch(/^unknown command stat; did you mean state\?$/m);
  expect(code).toBe(0);
});

test("the loss of the rig ends it with 1", async () => {
  const { control, program } = await startRig();
  const console = startProgram(["console", control]);
  console.child.stdin.write("AT\n");
  await console.waitFor("OK\n");
  program.child.kill("SIGTERM");
  expect(await console.ended).toEqual({ code: 1, signal: null });
  expect(console.errors()).toMatch(/^vmodem: console: the rig (has ended|is gone \(.+\))\n$/);
});

test("the loss of a port ends it with 1", async () => {
  const { port, program } = await startRig();
  const console = startProgram(["console", port]);
  console.child.stdin.write("AT\n");
  await console.waitFor("OK\n");
  program.child.kill("SIGTERM");
  expect(await console.ended).toEqual({ code: 1, signal: null });
  expect(console.errors()).toMatch(/^vmodem: console: the port is gone \(.+\)\n$/);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s ends it with %i, also while an answer is awaited", async (signal, code) => {
  const server = createServer((socket) => void socket.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { readonly port: number };
  let connected = false;
  server.on("connection", () => {
    connected = true;
  });
  const console = startProgram(["console", `tcp:127.0.0.1:${port}`]);
  console.child.stdin.write("AT\n");
  await until(() => connected, "a connection");
  console.child.kill(signal);
  expect(await console.ended).toEqual({ code, signal: null });
});

test("data without an end are told", async () => {
  const { control } = await startRig();
  const { code, errors } = await runProgram(["console", control], "AT+SMTPBODY\nHello\n");
  expect(errors).toBe("vmodem: console: the data of AT+SMTPBODY have no end; give it as Ctrl-Z\n");
  expect(code).toBe(1);
});

test("start --console types at its own modem, and ends with it", async () => {
  const { code, output } = await runProgram(["start", "--console"], "AT+CGMM\n");
  expect(output).toMatch(/\n\nCtrl-D ends it\.\n\nSIMCOM_WCDMA\nOK\n$|Ctrl-D ends it\.\nSIMCOM_WCDMA\nOK\n$/);
  expect(code).toBe(0);
});

test.each([
  [["/dev/nope"], "console /dev/nope: there is no such port"],
  [["tcp:127.0.0.1:1"], "console tcp:127.0.0.1:1: nothing listens there"],
  [["http://127.0.0.1:1"], "console http://127.0.0.1:1: nothing listens there"],
  [
    ["ttyUSB9"],
    "console ttyUSB9: there is no such port, and it is no address of a control interface (HOST:PORT, a URL or unix:PATH)",
  ],
  [["--baud", "1"], "console: --baud 1: not a whole number from 50 to 4000000"],
  [["--modem"], "console: --modem needs a value: --modem ID"],
  [["--nope"], "console: unknown option --nope; see vmodem console --help"],
  [["a:1", "b:2"], "console takes one port or address; b:2 is one too many"],
])("console %j is refused", async (args, message) => {
  const open = async () => openAttachment(readConsoleArguments(args), AbortSignal.timeout(10_000));
  await expect(open()).rejects.toThrow(message);
});
