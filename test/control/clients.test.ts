import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { runProgram, startProgram } from "../support/program.ts";

const execute = promisify(execFile);

/** Starts the program with a control interface, and gives the address that its ready line tells. */
async function start(...options: readonly string[]): Promise<string> {
  const program = startProgram(["start", "--tcp", "0", "--json", ...options]);
  return JSON.parse(await program.waitFor("\n")).control;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-clients-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("Python's http.client", async () => {
  const { port } = new URL(await start("--control", "0"));
  const { stdout } = await execute("python3", [join(import.meta.dirname, "clients.py"), port]);
  expect(stdout).toBe("done\n");
});

test("vmodem ctl by a name of the machine", async () => {
  const { port } = new URL(await start("--control", "0"));
  // For the resolver a way to write 127.0.0.1, for the rule about Host a name like any other.
  const { code, output } = await runProgram(["ctl", "--control", `127.1:${port}`, "modems"]);
  expect(JSON.parse(output).modems).toHaveLength(1);
  expect(code).toBe(0);
});

test("curl over a socket, which only its owner may open", async () => {
  const folder = temporaryFolder();
  const socket = join(folder, "socket");
  expect(await start("--control", `unix:${socket}`)).toBe(`unix:${socket}`);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const curl = async (path: string, ...options: readonly string[]) => {
    const { stdout } = await execute("curl", ["-sS", "--unix-socket", socket, ...options, `http://localhost${path}`], {
      maxBuffer: 2 ** 24,
    });
    return stdout;
  };
  expect(await curl("/api/health")).toBe('{"status":"ready"}\n');
  const file = join(folder, "a.bin");
  writeFileSync(file, Buffer.alloc(2_000_000, "x"));
  // curl asks by Expect: 100-continue before it sends so much.
  expect(JSON.parse(await curl("/api/modems/m1/efs/C:/", "-T", file))).toEqual({ path: "C:/a.bin", size: 2_000_000 });
  expect(await curl("/api/modems/m1/efs/C:/a.bin")).toHaveLength(2_000_000);
  const json = ["-X", "POST", "-H", "Content-Type: application/json"];
  expect(await curl("/api/modems/m1/urc", ...json, "-d", '{"text":"RING"}')).toBe('{"queued":"yes"}\n');
  expect(await curl("/api/reset", ...json, "-w", "%{http_code}")).toBe('{"reset":"done"}\n200');
  // A form, as a web page sends it.
  expect(await curl("/api/reset", "-d", "a=b", "-o", join(folder, "out"), "-w", "%{http_code}")).toBe("415");
  expect(
    await curl("/api/events", "-H", "Accept: text/event-stream", "-m", "1", "-N").catch(({ stdout }) => stdout),
  ).toMatch(/^id: \d+$/m);
});

test("fetch with a token", async () => {
  const url = await start("--control", "0", "--control-token", "right-token");
  expect((await fetch(`${url}/api/modems`)).status).toBe(401);
  const headers = { Authorization: "Bearer right-token" };
  expect((await fetch(`${url}/api/modems`, { headers })).status).toBe(200);
});
