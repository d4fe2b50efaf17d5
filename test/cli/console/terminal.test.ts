import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startProgram, until, VMODEM } from "../../support/program.ts";

interface Terminal {
  write(data: string): void;
  onData(listener: (data: string) => void): void;
  kill(): void;
}

const { spawn } = createRequire(import.meta.url)("node-pty") as {
  spawn(file: string, args: readonly string[], options: object): Terminal;
};

/** Writes down the process of the console, and makes it fail when it gets a signal. */
const PRELOADED = `
  import { writeFileSync } from "node:fs";
  process.on("SIGUSR2", () => { throw new Error("a bug"); });
  writeFileSync(process.env.PID_FILE, String(process.pid));
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vmodem-terminal-"));
  writeFileSync(join(folder, "preloaded.mjs"), PRELOADED);
  return () => rmSync(folder, { recursive: true });
});

/** The console of a rig that another process holds. */
async function startConsole(settings = "") {
  const rig = startProgram(["start", "--json", "--control", "0"]);
  const { control } = JSON.parse(await rig.waitFor("\n"));
  return startOnTerminal(["console", control], settings);
}

/** A shell on a terminal with unusual settings that starts the program, and prints the settings before and after it. */
async function startOnTerminal(argv: readonly string[], settings = "") {
  const script = `tty; stty -echoctl -ixon erase ^H ${settings}; stty -g; "$@"; echo "[code $?]"; stty -g; echo "[over]"`;
  const terminal = spawn("sh", ["-c", script, "sh", process.execPath, VMODEM, ...argv], {
    cols: 80,
    rows: 24,
    env: {
      ...process.env,
      PID_FILE: join(folder, "pid"),
      NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "preloaded.mjs"))}`,
      XDG_STATE_HOME: folder,
      // Whatever it is where the tests run: what is said unasked is told by its color.
      NO_COLOR: "",
    },
  });
  onTestFinished(() => terminal.kill());
  let output = "";
  terminal.onData((data) => {
    output += data;
  });
  const waitFor = async (text: string) => {
    await until(() => output.includes(text), text);
    return output;
  };
  await waitFor("m1> ");
  return {
    terminal,
    waitFor,
    kill: (signal: NodeJS.Signals) => process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), signal),
  };
}

type Console = Awaited<ReturnType<typeof startOnTerminal>>;

test.each<[string, (console: Console) => void, number]>([
  ["the end of the input", ({ terminal }) => terminal.write("\x04"), 0],
  ["Ctrl-C", ({ terminal }) => terminal.write("\x03"), 130],
  ["SIGTERM", ({ kill }) => kill("SIGTERM"), 143],
  ["SIGHUP", ({ kill }) => kill("SIGHUP"), 129],
  ["a crash", ({ kill }) => kill("SIGUSR2"), 1],
])("after %s the terminal has the settings that it had before", async (_, end, code) => {
  const console = await startConsole();
  const [device = ""] = /^\/dev\/\S+/.exec(await console.waitFor("m1> ")) ?? [];
  const meanwhile = execFileSync("stty", ["-F", device, "-g"], { encoding: "utf8" }).trim();
  end(console);
  const output = await console.waitFor("[over]");
  const settings = output.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}(?=\r$)/gm) ?? [];
  expect(settings).toHaveLength(2);
  expect(settings[1]).toBe(settings[0]);
  expect(meanwhile).not.toBe(settings[0]);
  expect(output).toContain(`[code ${code}]`);
});

test("a terminal that does not know its size shows the whole hint, and the choice of a completion", async () => {
  const { terminal, waitFor } = await startConsole("cols 0 rows 0");
  terminal.write("AT+CSQ");
  await waitFor("AT+CSQ  Signal quality");
  terminal.write("\x15AT+C\t");
  await waitFor("  +CLAC");
  terminal.write("\x15\x04");
  expect(await waitFor("[over]")).toContain("[code 0]");
});

describe("start --console on a terminal", () => {
  test("completes, explains, takes data and commands of ctl", async () => {
    const { terminal, waitFor } = await startOnTerminal(["start", "--console", "--sandbox"]);
    terminal.write("AT+CSQ\r");
    await waitFor("+CSQ: 22,0\r\nOK\r\n");
    terminal.write("AT+SMTPSU\t");
    await waitFor("AT+SMTPSUB");
    terminal.write("\x15:urc +CMTI: 1\r");
    await waitFor("+CMTI: 1\x1b[0m\r\n");
    terminal.write('AT+CHTTPACT="www.example.com",80\r');
    await waitFor("data> ");
    terminal.write("GET / HTTP/1.1\r\r\x1a");
    await waitFor("+CHTTPACT: 0");
    terminal.write("\x04");
    expect(await waitFor("[over]")).toContain("[code 0]");
  });

  test.each<[string, string, number]>([
    ["Ctrl-D", "\x04", 0],
    ["Ctrl-C", "\x03", 130],
  ])("ends with %s, tells nothing that the user has seen, and leaves the terminal as it was", async (_, key, code) => {
    const { terminal, waitFor } = await startOnTerminal(["start", "--console"]);
    terminal.write("AT+NOSUCH\r");
    await waitFor("unknown command +NOSUCH");
    await waitFor("ERROR\r\n");
    terminal.write(key);
    const output = await waitFor("[over]");
    expect(output.match(/unknown.command/g)).toHaveLength(1);
    expect(output).toContain(`[code ${code}]`);
    expect(output).not.toContain("said last");
    const settings = output.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}(?=\r$)/gm) ?? [];
    expect([settings.length, settings[1]]).toEqual([2, settings[0]]);
  });
});
