import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

const root = join(import.meta.dirname, "..", "..");
/** Below node_modules, so that the compiled transports find their dependencies. */
const compiled = join(root, "node_modules", ".transport-exit-test");

beforeAll(() => {
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  execFileSync(process.execPath, [tsc, "--project", root, "--outDir", compiled]);
});

test.each([
  ["ends by itself once its transports are closed, with no descriptor left", [], 0],
  ["that exits removes its link on the way out", ["die"], 3],
])("a process %s", async (_, extra, expected) => {
  const scratch = temporaryDirectory();
  const script = join(import.meta.dirname, "exit-child.js");
  // Its stdin stays open: only the transports can keep it alive.
  const child = spawn(process.execPath, [script, compiled, scratch, ...extra], { stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (text: Buffer) => {
    printed += text.toString();
  });
  const [code] = await once(child, "close", { signal: AbortSignal.timeout(15_000) }).finally(() => child.kill());
  expect([code, printed]).toEqual([expected, "leaked 0 master true\n"]);
  expect(readdirSync(scratch)).toEqual([]);
});
