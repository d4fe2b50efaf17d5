import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startProgram } from "../support/program.ts";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);
const PATIENCE = 60_000;
const COPY = { recursive: true };
let folder: string;
let vmodem: string;

/** The built package with none of its dependencies, as on a machine for which no native code is built. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vmodem-bare-"));
  const installed = join(folder, "node_modules", "vmodem");
  await mkdir(installed, { recursive: true });
  for (const name of ["bin", "dist", "fixtures", "package.json"]) {
    await cp(join(root, name), join(installed, name), { recursive: true });
  }
  vmodem = join(installed, "bin", "vmodem.js");
}, PATIENCE);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(["--tcp", "--rfc2217"])("%s works", { timeout: PATIENCE }, async (option) => {
  const program = startProgram(["start", "--json", option, "0"], vmodem);
  const { port } = JSON.parse(await program.waitFor("\n")) as { readonly port: string };
  const socket = connect(Number(port.split(":").at(-1)));
  let received = "";
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  socket.write("ATE0\r");
  while (!received.includes("\r\nOK\r\n")) await once(socket, "data", { signal: AbortSignal.timeout(10_000) });
  socket.destroy();
});

test("--stdio works", { timeout: PATIENCE }, async () => {
  const program = startProgram(["start", "--stdio"], vmodem);
  program.child.stdin.end("AT\r");
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(program.output()).toContain("\r\nOK\r\n");
});

test("a modem in process works", { timeout: PATIENCE }, async () => {
  await writeFile(
    join(folder, "program.mjs"),
    `import { memoryPair, Rig } from "vmodem";
    const { module, host } = memoryPair();
    const rig = await Rig.start({ modems: [{ transport: module }] });
    host.write("AT\\r");
    console.log(String(await host.waitFor("OK")).includes("OK"));
    await rig.close();`,
  );
  const { stdout } = await run(process.execPath, [join(folder, "program.mjs")]);
  expect(stdout).toBe("true\n");
});

test.each([
  ["a pseudo-terminal", []],
  ["a serial port", ["--serial", "/dev/null"]],
])("%s is refused with what to do instead", { timeout: PATIENCE }, async (_, options) => {
  const program = startProgram(["start", ...options], vmodem);
  expect(await program.ended).toMatchObject({ code: 2 });
  expect(program.errors()).toMatch(
    /^vmodem: no native code for ports of \w+ on \w+ could be loaded; use --rfc2217 PORT or --tcp PORT instead/,
  );
  expect(program.errors().trim().split("\n")).toHaveLength(1);
});

test.runIf(process.platform === "linux")(
  "a binding that was compiled on the machine serves where none is prebuilt",
  { timeout: PATIENCE },
  async () => {
    const modules = await mkdtemp(join(tmpdir(), "vmodem-compiled-"));
    onTestFinished(() => rm(modules, { recursive: true, force: true }));
    const copy = (from: string, to = from) =>
      cp(join(root, "node_modules", from), join(modules, "node_modules", to), COPY);
    await cp(join(folder, "node_modules", "vmodem"), join(modules, "node_modules", "vmodem"), COPY);
    for (const name of ["node-pty", "@lydell", "node-gyp-build", "@serialport/bindings-cpp/package.json"])
      await copy(name);
    await copy("@serialport/bindings-cpp/dist");
    await copy(
      `@serialport/bindings-cpp/prebuilds/${process.platform}-${process.arch}`,
      "@serialport/bindings-cpp/build/Release",
    );
    const program = startProgram(["start", "--json"], join(modules, "node_modules", "vmodem", "bin", "vmodem.js"));
    expect(JSON.parse(await program.waitFor("\n"))).toMatchObject({ event: "ready" });
  },
);
