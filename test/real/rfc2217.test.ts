import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runHost } from "./host-run.ts";
import { startModem } from "./start-modem.ts";

/** Debian's own, which has Debian's packages. */
const PYTHON = "/usr/bin/python3";
const lacks = (module: string) => spawnSync(PYTHON, ["-c", `import ${module}`]).status !== 0;
const script = (name: string) => join(import.meta.dirname, name);

/** The host has said `ok` for everything that it looked at. */
async function expectAllOk(name: string, args: readonly string[]): Promise<void> {
  const { code, output, errors } = await runHost(PYTHON, [script(name), ...args]);
  expect({ code, errors, wrong: output.split("\n").filter((line) => line !== "" && !line.startsWith("ok ")) }).toEqual({
    code: 0,
    errors: "",
    wrong: [],
  });
}

describe.skipIf(lacks("serial"))("pyserial on rfc2217://", () => {
  test("drives every setting and line, and is turned away while another host is there", async () => {
    const { port, program } = await startModem("--rfc2217", "0", "--sandbox", "--control", "0");
    const { control } = JSON.parse(program.output()) as { readonly control: string };
    await expectAllOk("rfc2217-pyserial.py", [port, control]);
  });

  test("identifies the module, puts every byte on the sandbox's FTP server and gets it back", async () => {
    const { port } = await startModem("--rfc2217", "0", "--sandbox", "--identity", "sim5320");
    const session = await runHost(PYTHON, [script("pyserial-session.py"), port]);
    expect(session.errors).toBe("");
    expect(session.output).toContain("\nend 0 same\n");
  });
});

describe.skipIf(lacks("labgrid"))("labgrid", () => {
  test("talks through a SerialDriver on a NetworkSerialPort", async () => {
    const { port } = await startModem("--rfc2217", "0");
    await expectAllOk("rfc2217-labgrid.py", [new URL(port).port]);
  });
});
