import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { runProgram, startProgram } from "../support/program.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vmodem-wait-"));
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
  vi.stubEnv("VMODEM_CONTROL", "");
  return () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  };
});

test.each([["an address"], ["VMODEM_CONTROL"], ["the rig's file"]])(
  "it waits for a rig that starts later, by %s",
  async (by) => {
    const address = `unix:${join(folder, "socket")}`;
    if (by === "VMODEM_CONTROL") vi.stubEnv("VMODEM_CONTROL", address);
    const waiting = startProgram(["wait", ...(by === "an address" ? [address] : [])]);
    const rig = startProgram(["start", "--tcp", "0", "--control", address, "--boot-time", "300"]);
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(waiting.output() + waiting.errors()).toBe("");
    rig.child.kill("SIGTERM");
    expect(await rig.ended).toMatchObject({ code: 0 });
  },
);

test("a rig that is not ready in time is code 1", async () => {
  const rig = startProgram(["start", "--tcp", "0", "--control", "0", "--boot-time", "1h"]);
  const { code, errors } = await runProgram(["wait", "--timeout", "3s"]);
  expect(code).toBe(1);
  expect(errors).toContain("not ready within 3000 ms: the rig answers 503");
  rig.child.kill("SIGTERM");
});

test.each([
  [["127.0.0.1:1", "--timeout=1"], 1, "http://127.0.0.1:1: nothing listens there"],
  [["--timeout", "1"], 1, "no rig with a control interface runs here"],
  [["nowhere"], 2, "nowhere is not http://HOST:PORT"],
  [["127.0.0.1:1", "127.0.0.1:2"], 2, "wait takes one address"],
  [["--timeout"], 2, "--timeout needs a time"],
  [["--timeout", "soon"], 2, "--timeout soon: not a time"],
  [["--nothing"], 2, "unknown option --nothing"],
])("%j is code %i", async (argv, expected, message) => {
  const { code, errors } = await runProgram(["wait", ...argv]);
  expect(code).toBe(expected);
  expect(errors).toMatch(/^vmodem: [^\n]*\n$/);
  expect(errors).toContain(message);
});

test("a server that never answers does not outlast the time", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const { code, errors } = await runProgram(["wait", `127.0.0.1:${port}`, "--timeout", "50ms"]);
  expect(code).toBe(1);
  expect(errors).toContain("not ready within 50 ms: http://127.0.0.1:");
  expect(errors).toContain("it does not answer");
});
