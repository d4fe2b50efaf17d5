import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram, startProgram, until } from "../support/program.ts";

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

test("the command finds a modem at VMODEM_PORT", async () => {
  const script = 'exec 3<>"$VMODEM_PORT"; printf "ATE0\\r" >&3; head -c 11 <&3; printf "AT\\r" >&3; head -c 6 <&3';
  const { code, output } = await runProgram(["run", "--", "sh", "-c", script]);
  expect({ code, output }).toEqual({ code: 0, output: "ATE0\r\r\nOK\r\n\r\nOK\r\n" });
});

test.each([
  { command: ["sh", "-c", "exit 7"], code: 7 },
  { command: ["sh", "-c", "kill -KILL $$"], code: 137 },
  { command: ["/nonexistent"], code: 127 },
  { command: ["/"], code: 126 },
])("$command gives code $code, and nothing is left", async ({ command, code }) => {
  const link = join(temporaryFolder(), "modem");
  expect((await runProgram(["run", "--link", link, "--", ...command])).code).toBe(code);
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("what follows -- belongs to the command, also when it looks like our own", async () => {
  const { output } = await runProgram(["run", "--", "echo", "--help", "--", "--json"]);
  expect(output).toBe("--help -- --json\n");
});

test("a signal is passed on and the command's own ending counts", async () => {
  const program = startProgram(["run", "--", "sh", "-c", 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done']);
  await program.waitFor("up");
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(9);
});

test("what the command leaves running ends with it", async () => {
  const program = startProgram(["run", "--", "sh", "-c", "sleep 600 >/dev/null 2>&1 & echo pid $!"]);
  const pid = Number(/pid (\d+)\n/.exec(await program.waitFor("\n"))?.[1]);
  expect((await program.ended).code).toBe(0);
  await until(() => !isAlive(pid), "the left process to end");
});

test("when vmodem itself is killed, the command ends and the link goes", async () => {
  const link = join(temporaryFolder(), "modem");
  const program = startProgram(["run", "--link", link, "--", "sh", "-c", "echo pid $$; exec sleep 600"]);
  const pid = Number(/pid (\d+)\n/.exec(await program.waitFor("\n"))?.[1]);
  expect(existsSync(link)).toBe(true);
  program.child.kill("SIGKILL");
  await until(() => !isAlive(pid), "the command to end");
  await until(() => lstatSync(link, { throwIfNoEntry: false }) === undefined, "the link to go");
});
