import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vmodem-overwrite-"));
  writeFileSync(at("kept"), "precious");
  writeFileSync(at("empty"), "");
  writeFileSync(at("session.txt"), "> AT+CSQ\n< +CSQ: 22,0\n< OK\n");
});

afterEach(() => rmSync(folder, { recursive: true }));

const NO_PORT = "--from /dev/ttyUSB99: there is no such port";
const NO_SESSION = "nothing: there is no such file";

test.each([
  [["record", "--from", "/dev/ttyUSB99"], "kept", "--output FILE: there is a file already; --overwrite replaces it"],
  [["record", "--from", "/dev/ttyUSB99", "--overwrite"], "kept", NO_PORT],
  [["record", "--from", "/dev/ttyUSB99"], "empty", NO_PORT],
  [["record", "--from", "/dev/ttyUSB99"], "new", NO_PORT],
  [["record", "--from", "/dev/ttyUSB99"], "../../dev/null", NO_PORT],
  [["learn", "nothing"], "kept", "--output FILE: there is a file already; --overwrite replaces it"],
  [["learn", "nothing", "--overwrite"], "kept", NO_SESSION],
])("%j to the file %s is refused", async (argv, name, reason) => {
  const { code, errors } = await runProgram([...argv, "-o", at(name)]);
  expect([code, errors]).toEqual([2, `vmodem: ${reason.replace("FILE", at(name))}\n`]);
  expect(readFileSync(at("kept"), "utf8")).toBe("precious");
});

test("what learn has written is replaced when that is asked for", async () => {
  const argv = [
    "learn",
    at("session.txt"),
    "--dialect",
    "manual",
    "--identity",
    "wcdma",
    "-o",
    at("kept"),
    "--overwrite",
  ];
  expect(await runProgram(argv)).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(at("kept"), "utf8"))).toMatchObject({ faults: [] });
});

test("--overwrite means nothing without a file", async () => {
  const { code, errors } = await runProgram(["learn", "x", "--overwrite"]);
  expect([code, errors]).toEqual([2, "vmodem: --overwrite goes with --output\n"]);
});
