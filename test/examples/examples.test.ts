import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newProject, works } from "../support/project.ts";

/** Each example starts several programs. */
const PATIENCE = 90_000;

test("pytest", { timeout: PATIENCE }, async ({ skip }) => {
  if (!(await works("python3", "-m", "pytest", "--version"))) skip("pytest is not installed");
  const { folder, run } = await newProject({ from: "fixtures/examples/pytest" });
  await appendFile(
    join(folder, "test_modem.py"),
    '\n\ndef test_fails(modem):\n    talk(modem.port, b"AT+CSX", b"ERROR")\n',
  );
  await appendFile(join(folder, "test_modem.py"), "    assert False\n");
  const { output } = await run("python3", ["-m", "pytest", "-p", "no:cacheprovider"], { VMODEM: "npx vmodem" });
  expect(output).toMatch(/\n=+ 1 failed, 3 passed in/);
  expect(output.split(/-+ vmodem -+/)[1]).toContain('"type": "unknown", "text": "+CSX"');
});

test("vitest", { timeout: PATIENCE }, async () => {
  const { folder, run } = await newProject({ packages: ["vitest"], from: "fixtures/examples/vitest" });
  await appendFile(
    join(folder, "modem.test.ts"),
    `test("fails", async ({ host }) => {
      host.write("AT+CSX\\r");
      await host.waitFor("OK", AbortSignal.timeout(50));
    });`,
  );
  const { output } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--root", folder]);
  expect(output).toMatch(/Tests +1 failed \| 3 passed/);
  expect(output.split("The last events of the rig:")[1]).toContain('"type":"unknown","text":"+CSX"');
});

test("node-serialport", { timeout: PATIENCE }, async () => {
  const { folder, run } = await newProject({
    packages: ["vitest", "serialport"],
    from: "fixtures/examples/serialport",
  });
  await appendFile(join(folder, "package.json"), '{ "type": "module" }');
  const { code, output } = await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--root", folder]);
  expect(output).toMatch(/Tests +1 passed/);
  expect(code).toBe(0);
});

test("a shell", { timeout: PATIENCE }, async () => {
  const { run } = await newProject({ from: "fixtures/examples/shell" });
  const outcome = await run("npx", ["vmodem", "run", "--sandbox", "--", "sh", "test-modem.sh"]);
  expect(outcome).toEqual({ code: 0, output: "passed\n" });
});

test("CTest", { timeout: PATIENCE }, async ({ skip }) => {
  for (const program of ["cc", "cmake", "ctest"]) {
    if (!(await works(program, "--version"))) skip(`${program} is not installed`);
  }
  const { run } = await newProject({ from: "fixtures/examples/ctest" });
  for (const args of [
    ["-B", "build"],
    ["--build", "build"],
  ])
    expect(await run("cmake", args)).toMatchObject({ code: 0 });
  const command = ["ctest", "--test-dir", "build", "--output-on-failure"];
  expect((await run("npx", ["vmodem", "run", "--", ...command])).output).toContain("100% tests passed");
  // Without a modem it fails: it can tell the difference.
  expect((await run("ctest", ["--test-dir", "build"])).code).not.toBe(0);
});
