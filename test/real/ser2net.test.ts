import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { until } from "../support/program.ts";
import { runHost, startHost, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { startModem } from "./start-modem.ts";

/** Starts ser2net between a TCP port and a modem; it ends with the test. */
async function startSer2net(accepter: string, connector: string): Promise<number> {
  const port = await freePort();
  const file = join(await temporaryFolder(), "ser2net.yaml");
  await writeFile(file, `connection: &modem\n  accepter: ${accepter},127.0.0.1,${port}\n  connector: ${connector}\n`);
  startHost("ser2net", ["-n", "-d", "-c", file]);
  await until(() => isListening(port), "ser2net to listen");
  return port;
}

/** Looks without connecting, which would take the modem. */
function isListening(port: number): boolean {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "latin1").includes(` ${local} 00000000:0000 0A `);
}

/** A line of the journal about the modem lines. */
interface LinesEvent {
  readonly what: string;
  readonly value: { readonly dtr: boolean };
}

const SESSION = `
import sys, serial
port = serial.serial_for_url(sys.argv[1], timeout=5)
port.write(b"AT+CGMM\\r")
print(port.read_until(b"OK\\r\\n"))
port.write(b"AT\\xff\\r")
print(port.read_until(b"ERROR\\r\\n"))
if sys.argv[1].startswith("rfc2217:"):
    port.dtr = False
port.close()
`;

describe.skipIf(locate("ser2net") === undefined)("ser2net", () => {
  test("puts a modem's pseudo-terminal on a TCP port", async () => {
    const { port } = await startModem();
    const tcp = await startSer2net("tcp", `serialdev,${port},115200n81,local`);
    await expectSession(`socket://127.0.0.1:${tcp}`);
  });

  test("carries RFC 2217 on to a modem that speaks it", async () => {
    const { port, program } = await startModem("--rfc2217", "0", "--control", "0");
    const tcp = await startSer2net("telnet(rfc2217),tcp", `telnet(rfc2217),tcp,127.0.0.1,${new URL(port).port}`);
    await expectSession(`rfc2217://127.0.0.1:${tcp}`);
    const { control } = JSON.parse(program.output());
    const { events } = (await (await fetch(`${control}/api/events?type=state`)).json()) as { events: LinesEvent[] };
    // pyserial raises DTR when it opens a port.
    const dtr = events.filter(({ what }) => what === "lines").map(({ value }) => value.dtr);
    expect(dtr).toContain(true);
    expect(dtr.at(-1)).toBe(false);
  });

  async function expectSession(url: string): Promise<void> {
    const { output, errors } = await runHost("/usr/bin/python3", ["-c", SESSION, url]);
    expect(errors).toBe("");
    expect(output).toContain("SIMCOM_WCDMA\\r\\n\\r\\nOK\\r\\n");
    expect(output).toContain("AT\\xff\\r");
  }
});
