import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { reap } from "../../src/cli/reaper.ts";
import { placeLink } from "../../src/transport/pty/link.ts";
import { bounded, runProgram, startProgram, until, VMODEM } from "../support/program.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-run-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whether a process runs; a zombie that nobody has waited for does not. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

/** Waits until a process has ended, and kills it when the test fails to see that. */
async function untilEnded(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  await until(() => !isAlive(pid), `process ${pid} to end`);
}

function pidIn(output: string): number {
  return Number(/pid (\d+)\r?\n/.exec(output)?.[1]);
}

test("the command finds a modem at VMODEM_PORT", async () => {
  const script = 'exec 3<>"$VMODEM_PORT"; printf "ATE0\\r" >&3; head -c 11 <&3; printf "AT\\r" >&3; head -c 6 <&3';
  const { code, output } = await runProgram(["run", "--", "sh", "-c", script]);
  expect({ code, output }).toEqual({ code: 0, output: "ATE0\r\r\nOK\r\n\r\nOK\r\n" });
});

test("the command finds the servers of the sandbox by its environment", async () => {
  const script = 'for s in HTTP FTP SMTP POP3; do eval "echo $s \\$VMODEM_SANDBOX_$s"; done';
  const { output } = await runProgram(["run", "--sandbox", "--", "sh", "-c", script]);
  const addresses = output.trimEnd().split("\n");
  expect(addresses).toEqual(
    ["HTTP", "FTP", "SMTP", "POP3"].map((name) => expect.stringMatching(new RegExp(`^${name} 127\\.0\\.0\\.1:\\d+$`))),
  );
  expect(new Set(addresses.map((line) => line.split(":")[1])).size).toBe(4);
});

test("without a sandbox no address is inherited from a run around it", async () => {
  const inner = [process.execPath, VMODEM, "run", "--", "sh", "-c", 'echo "[$VMODEM_SANDBOX_HTTP]"'];
  const { output } = await runProgram(["run", "--sandbox", "--", ...inner]);
  expect(output).toBe("[]\n");
});

test.each([
  { command: ["sh", "-c", "exit 7"], code: 7 },
  { command: ["sh", "-c", "kill -KILL $$"], code: 137 },
  { command: ["sh", "-c", "kill -INT $$"], code: 130 },
  { command: ["/nonexistent"], code: 127 },
  { command: ["/"], code: 126 },
])("$command gives code $code, and nothing is left", async ({ command, code }) => {
  const link = join(temporaryFolder(), "modem");
  expect((await runProgram(["run", "--link", link, "--", ...command])).code).toBe(code);
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test.each(["nosuch-command", "/nonexistent/a\\nb", "-z"])("a command that is missing is named: %s", async (command) => {
  const { code, errors } = await runProgram(["run", "--", command]);
  expect(code).toBe(127);
  expect(errors).toBe(`vmodem: run: there is no command ${command}\n`);
});

test("a file that cannot be run is not missing", async () => {
  const { code, errors } = await runProgram(["run", "--", import.meta.dirname]);
  expect(code).toBe(126);
  expect(errors).not.toContain("there is no command");
});

test("what follows -- belongs to the command, also when it looks like our own", async () => {
  const { output } = await runProgram(["run", "--", "echo", "--help", "--", "--json"]);
  expect(output).toBe("--help -- --json\n");
});

test("the command is a program, not a word of the shell", async () => {
  const { code, errors } = await runProgram(["run", "--", "exit", "3"]);
  expect(code).toBe(127);
  expect(errors).toContain("exit");
});

test("opening the port does not make the modem the controlling terminal of the command", async () => {
  const { output } = await runProgram(["run", "--", "sh", "-c", 'exec 3<>"$VMODEM_PORT"; ps -o tty= -p $$']);
  expect(output.trim()).toMatch(/^\?+$/);
});

/** Lists the descriptors of the shell that says so, and goes on. */
const LIST_DESCRIPTORS = "ls -l /proc/$$/fd; :";

function descriptorsIn(listing: string): readonly (string | undefined)[] {
  return [...listing.matchAll(/ (\d+) -> /g)].map(([, descriptor]) => descriptor);
}

test.skipIf(process.platform !== "linux")("the command inherits no descriptor but what we have inherited", async () => {
  const { stdout } = spawnSync("sh", ["-c", LIST_DESCRIPTORS], { encoding: "utf8" });
  const { output } = await runProgram(["run", "--count", "3", "--", "sh", "-c", LIST_DESCRIPTORS]);
  expect(descriptorsIn(output)).toEqual(expect.arrayContaining(["0", "1", "2"]));
  expect(descriptorsIn(output)).toEqual(descriptorsIn(stdout));
  expect(output).not.toContain("ptmx");
});

test("a name of a port may hold quotes, blanks and line feeds", async () => {
  const link = join(temporaryFolder(), "it's a \n$modem");
  const { output } = await runProgram(["run", "--link", link, "--", "sh", "-c", 'printf %s "$VMODEM_PORT"']);
  expect(output).toBe(link);
});

test("a signal is passed on once, and the command's own ending counts", async () => {
  const script = 'trap "echo term; n=1" TERM; echo up; while [ -z "$n" ]; do sleep 0.05; done; exit 9';
  const program = startProgram(["run", "--", "sh", "-c", script]);
  await program.waitFor("up");
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(9);
  expect(program.output()).toBe("up\nterm\n");
});

test("a signal that ends nothing reaches the command only", async () => {
  const script = 'trap "exit 5" USR1; echo up; while :; do sleep 0.05; done';
  const program = startProgram(["run", "--", "sh", "-c", script]);
  await program.waitFor("up");
  program.child.kill("SIGUSR1");
  expect((await program.ended).code).toBe(5);
});

/** What a command may leave: each prints the process that it leaves, and ends. */
const LEFT = {
  "a child in the background": "sleep 600 >/dev/null 2>&1 & echo pid $!",
  "a child in a session of its own": "setsid sh -c 'echo pid $$; exec sleep 600 >/dev/null 2>&1' & sleep 0.2",
  "a child that ignores SIGTERM":
    "sh -c 'trap \"\" TERM; echo pid $$; while :; do sleep 0.1; done >/dev/null 2>&1' & sleep 0.2",
  "a child without its environment": "env -i sleep 600 >/dev/null 2>&1 & echo pid $!",
  "a stopped child": "sleep 600 >/dev/null 2>&1 & kill -STOP $!; echo pid $!",
  "a child of a child that has ended": "sh -c 'setsid sleep 600 >/dev/null 2>&1 & echo pid $!'",
} as const;

test.each(Object.entries(LEFT))("%s ends when the command has ended", async (_, script) => {
  const { code, output } = await runProgram(["run", "--grace", "300ms", "--", "sh", "-c", `${script}; exit 3`]);
  expect(code).toBe(3);
  // It has ended before run has.
  expect(isAlive(pidIn(output))).toBe(false);
  await untilEnded(pidIn(output));
});

test.each(Object.entries(LEFT))("%s ends when vmodem is killed", async (_, script) => {
  const link = join(temporaryFolder(), "modem");
  const args = ["run", "--grace", "300ms", "--link", link, "--", "sh", "-c", `${script}; exec sleep 600`];
  const program = startProgram(args);
  const output = await program.waitFor("\n");
  expect(existsSync(link)).toBe(true);
  program.child.kill("SIGKILL");
  await untilEnded(pidIn(output));
  await until(() => lstatSync(link, { throwIfNoEntry: false }) === undefined, "the link to go");
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "a command that ignores %s is killed after the grace",
  async (signal) => {
    const script = 'trap "" TERM INT HUP; echo pid $$; while :; do sleep 0.05; done';
    const program = startProgram(["run", "--grace", "300", "--", "sh", "-c", script]);
    const output = await program.waitFor("\n");
    program.child.kill(signal);
    expect((await program.ended).code).toBe(137);
    await untilEnded(pidIn(output));
  },
);

test("a command that gets the whole grace may use it", async () => {
  const script = 'trap "sleep 0.5; exit 4" TERM; echo up; while :; do sleep 0.05; done';
  const program = startProgram(["run", "--grace", "1h", "--", "sh", "-c", script]);
  await program.waitFor("up");
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(4);
});

test("a further signal cuts the grace short", async () => {
  // The child tells when run asks it to end, which is after the command has ended.
  const child = `sh -c 'trap "echo told" TERM; echo pid $$; while :; do sleep 0.05; done' & sleep 0.2`;
  const program = startProgram(["run", "--grace", "1h", "--", "sh", "-c", `${child}; exit 3`]);
  const pid = pidIn(await program.waitFor("told"));
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(3);
  await untilEnded(pid);
});

test("a run inside a run ends with it", async () => {
  const inner = [process.execPath, VMODEM, "run", "--", "sh", "-c", LEFT["a child in a session of its own"]];
  const script = `"$@" & exec sleep 600`;
  const program = startProgram(["run", "--", "sh", "-c", script, "sh", ...inner]);
  const pid = pidIn(await program.waitFor("\n"));
  program.child.kill("SIGKILL");
  await untilEnded(pid);
});

test("a signal during the boot ends run, and the command never starts", async () => {
  const link = join(temporaryFolder(), "modem");
  const program = startProgram(["run", "--boot-time", "1h", "--link", link, "--", "echo", "up"]);
  await until(() => existsSync(link), "the link");
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(143);
  expect(program.output()).toBe("");
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("the reaper removes only a link that no live modem has", async () => {
  const path = join(temporaryFolder(), "modem");
  const device = "/dev/pts/99999";
  const started = { id: "of no process", root: undefined, session: undefined };
  const reapLink = () => reap(JSON.stringify({ started, grace: 0, links: [{ link: path, device }] }));

  symlinkSync("/dev/pts/88888", path);
  await reapLink();
  expect(readlinkSync(path)).toBe("/dev/pts/88888");
  unlinkSync(path);

  // The system gives the number of a pseudo-terminal that has gone to the next one.
  const live = await placeLink(path, device);
  await reapLink();
  expect(readlinkSync(path)).toBe(device);
  live.remove();

  symlinkSync(device, path);
  await reapLink();
  expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
});

interface Terminal {
  readonly pid: number;
  onData(hear: (text: string) => void): void;
  onExit(hear: (end: { readonly exitCode: number }) => void): void;
  write(text: string): void;
  kill(signal: string): void;
}

/** Starts `vmodem run` at a terminal of its own. */
function runAtTerminal(...args: readonly string[]) {
  const { spawn } = createRequire(import.meta.url)("node-pty") as {
    spawn(file: string, args: readonly string[], options: object): Terminal;
  };
  const terminal = spawn(process.execPath, [VMODEM, "run", ...args], {});
  let output = "";
  terminal.onData((text) => {
    output += text;
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  return {
    terminal,
    output: () => output,
    waitFor: (text: string) => until(() => output.includes(text), text),
    ended: bounded(ended, () => `run to end; it printed ${output}`),
  };
}

test("at a terminal the command is in the foreground, and an interrupt is its own", async () => {
  const script = 'trap "exit 6" INT; echo up; while :; do sleep 0.05; done';
  const { terminal, waitFor, ended } = runAtTerminal("--", "sh", "-c", script);
  await waitFor("up");
  terminal.write("\x03");
  expect(await ended).toBe(6);
});

const leftAtTerminal = Object.entries(LEFT).slice(0, 3);

test.each(leftAtTerminal)("at a terminal %s ends with the command", async (_, script) => {
  const { output, ended } = runAtTerminal("--grace", "300ms", "--", "sh", "-c", `${script}; exit 3`);
  expect(await ended).toBe(3);
  await untilEnded(pidIn(output()));
});

test.each(["SIGTERM", "SIGKILL"])("at a terminal a stubborn command ends after %s", async (signal) => {
  const script = 'trap "" TERM HUP; echo pid $$; while :; do sleep 0.05; done';
  const { terminal, output, waitFor, ended } = runAtTerminal("--grace", "300ms", "--", "sh", "-c", script);
  await waitFor("\n");
  terminal.kill(signal);
  await ended;
  await untilEnded(pidIn(output()));
});
