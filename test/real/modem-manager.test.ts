import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { killGroup, runHost } from "./host-run.ts";
import { locate } from "./program.ts";
import { startModem } from "./start-modem.ts";

const NEEDED = ["ModemManager", "mmcli", "dbus-run-session", "gdbus", "socat"];

/** Leads an abstract socket to the terminal, one connection after another, until the test ends. */
async function startBridge(socket: string, port: string): Promise<void> {
  const listener = `ABSTRACT-LISTEN:"${socket}",unix-tightsocklen=1,fork,max-children=1`;
  // -t 0: a connection that is over takes nothing that is meant for the next.
  const bridge = spawn("socat", ["-t", "0", listener, `${port},rawer,nonblock`], { stdio: "ignore", detached: true });
  const ended = once(bridge, "exit");
  onTestFinished(async () => {
    killGroup(bridge.pid);
    await ended;
  });
  await vi.waitFor(async () => expect(await readFile("/proc/net/unix", "latin1")).toContain(`@${socket}\n`), {
    timeout: 10_000,
    interval: 20,
  });
}

describe.skipIf(NEEDED.some((name) => locate(name) === undefined))("ModemManager", () => {
  test("takes the module for a UMTS modem and registers it", async () => {
    const { port } = await startModem("--identity", "sim5320");
    const socket = `vmodem-test-${process.pid}`;
    await startBridge(`abstract:${socket}`, port);
    const script = join(import.meta.dirname, "modem-manager.sh");
    const { code, output, errors } = await runHost("dbus-run-session", ["--", "sh", script, socket]);
    expect(code, errors).toBe(0);
    const shown = Object.fromEntries(output.split("\n").map((line) => line.split(/ *: (.*)/, 2)));
    expect(shown).toMatchObject({
      "modem.generic.manufacturer": "SIMCOM INCORPORATED",
      "modem.generic.model": "SIMCOM_SIM5320E",
      "modem.generic.revision": "SIM5320E_V1.5",
      "modem.generic.equipment-identifier": "351602000330570",
      "modem.generic.current-capabilities.value[1]": "gsm-umts",
      "modem.generic.own-numbers.value[1]": "+15555550123",
      "modem.generic.state": "registered",
      "modem.generic.signal-quality.value": "70",
      "modem.3gpp.operator-code": "00101",
      "modem.3gpp.operator-name": "Test PLMN 1-1",
      "modem.3gpp.registration-state": "home",
      "modem.3gpp.packet-service-state": "attached",
    });
  });
});
