import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const run = promisify(execFile);
let version: string;

beforeAll(async () => {
  ({ version } = (await import("../../package.json", { with: { type: "json" } })).default);
});

test("a stack trace names the sources", async () => {
  const source = `require(${JSON.stringify(join(root, "bin", "program.js"))}).loadProgram().main(undefined).catch(({ stack }) => console.log(stack))`;
  const { stdout } = await run(process.execPath, ["-e", source], { cwd: root });
  expect(stdout).toMatch(/^TypeError: .*\n {4}at dispatch \(src\/cli\/main\.ts:\d+:\d+\)\n/);
});

test.each<readonly [what: string, spoil: (cache: string) => Promise<void>]>([
  ["is missing", (cache) => rm(cache)],
  ["is empty", (cache) => truncate(cache)],
  ["is another version's", (cache) => writeFile(cache, Buffer.alloc(5000, 1))],
])("the program runs when its code cache %s", async (_, spoil) => {
  const folder = await mkdtemp(join(tmpdir(), "vmodem-program-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ["bin", "package.json", "dist/program"])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await spoil(join(folder, "dist", "program", "vmodem.cjs.cache"));
  const { stdout } = await run(process.execPath, [join(folder, "bin", "vmodem.js"), "version"]);
  expect(stdout).toBe(`${version}\n`);
});
