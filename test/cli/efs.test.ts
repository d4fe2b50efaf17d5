import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram, startProgram } from "../support/program.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-cli-efs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What the module answers to these lines on its standard streams. */
async function answers(args: readonly string[], ...lines: readonly string[]): Promise<string> {
  const program = startProgram(["--stdio", ...args]);
  program.child.stdin.write(`ATE0\r${lines.map((line) => `${line}\r`).join("")}AT+CMEE?\r`);
  const output = await program.waitFor("+CMEE: 2\r\n\r\nOK\r\n");
  program.child.stdin.end();
  expect((await program.ended).code).toBe(0);
  return output
    .replace("ATE0\r\r\nOK\r\n", "")
    .replace("\r\n+CMEE: 2\r\n\r\nOK\r\n", "")
    .replaceAll("\r\n\r\n", "|")
    .replaceAll("\r\n", "");
}

test("--efs keeps the volumes in a directory, from one start to the next", async () => {
  const folder = join(temporaryFolder(), "made");
  await answers(["--efs", folder], "AT+FSMKDIR=Mine", "AT+FSMKDIR=D:/Yours");
  expect(statSync(join(folder, "C", "Mine")).isDirectory()).toBe(true);
  expect(statSync(join(folder, "D", "Yours")).isDirectory()).toBe(true);
  writeFileSync(join(folder, "C", "note.txt"), "by hand");
  expect(await answers(["--efs", folder], "AT+CFTRANTX=C:/note.txt", "AT+FSRMDIR=Mine")).toBe(
    "+CFTRANTX: DATA, 7by hand+CFTRANTX: 0|OK|OK",
  );
  expect(readFileSync(join(folder, "C", "note.txt"), "utf8")).toBe("by hand");
});

test.each([
  ["C=1000", "+FSMEM: C:(1000, 0), D:(255533056, 0)|OK"],
  ["C=8M,D=64K", "+FSMEM: C:(8388608, 0), D:(65536, 0)|OK"],
  ["d=1g", "+FSMEM: C:(11348480, 0), D:(1073741824, 0)|OK"],
])("--efs-size %s", async (size, answer) => {
  expect(await answers(["--efs-size", size], "AT+FSMEM")).toBe(answer);
});

test("--no-card leaves the slot empty", async () => {
  expect(await answers(["--no-card"], "AT+FSMEM", "AT+FSCD=D:")).toBe("+FSMEM: C:(11348480, 0)|OK|ERROR");
});

test.each(["8M", "C=", "C=8T", "E=8M", "C=1,C=2", "C=-1", "C=1.5M", ""])(
  "--efs-size %s is one line on stderr and code 2",
  async (size) => {
    const { code, output, errors } = await runProgram(["--stdio", "--efs-size", size]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toMatch(/^vmodem: --efs-size [^\n]*\n$/);
  },
);

test("--efs with a directory that cannot be used is one line on stderr and code 2", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "file");
  writeFileSync(file, "precious");
  mkdirSync(join(folder, "led"));
  symlinkSync("/", join(folder, "led", "C"));
  for (const directory of [file, join(file, "below"), join(folder, "led"), "/proc/none", ""]) {
    const { code, output, errors } = await runProgram(["--stdio", "--efs", directory]);
    expect({ directory, code, output }).toEqual({ directory, code: 2, output: "" });
    expect(errors).toMatch(/^vmodem: --efs [^\n]*\n$/);
  }
  expect(readFileSync(file, "utf8")).toBe("precious");
});
