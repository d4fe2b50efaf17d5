import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runHost } from "./host-run.ts";
import { startModem } from "./start-modem.ts";

/** Debian's own, which has Debian's packages. */
const PYTHON = "/usr/bin/python3";

describe.skipIf(spawnSync(PYTHON, ["-c", "import serial"]).status !== 0)("pyserial", () => {
  test("identifies the module, puts every byte on the sandbox's FTP server and gets it back", async () => {
    const { port } = await startModem("--sandbox", "--identity", "sim5320");
    const session = await runHost(PYTHON, [join(import.meta.dirname, "pyserial-session.py"), port]);
    expect(session.errors).toBe("");
    expect(session.output.replaceAll("\r", "").split("\n")).toEqual([
      "'AT\\r'",
      "Manufacturer: SIMCOM INCORPORATED",
      "Model: SIMCOM_SIM5320E",
      "Revision: SIM5320E_V1.5",
      "IMEI: 351602000330570",
      "+GCAP: +CGSM,+DS,+ES",
      "end 0 same",
      "",
    ]);
    expect(session.code).toBe(0);
  });
});
