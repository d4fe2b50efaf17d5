import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

const root = join(import.meta.dirname, "..", "..");
/** The suite builds it before the first test. */
const compiled = join(root, "dist");

test.each([
  ["ends by itself once its transports are closed, with no descriptor left", [], 0],
  ["that exits removes its link on the way out", ["die"], 3],
])(
  "a process %s",
  async (_, extra, expected) => {
    const scratch = temporaryDirectory();
    const script = join(import.meta.dirname, "exit-child.js");
    // Its stdin stays open: only the transports can keep it alive.
    const child = spawn(process.execPath, [script, compiled, scratch, ...extra], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
    });
    const [code] = await once(child, "close", { signal: AbortSignal.timeout(30_000) }).finally(() => child.kill());
    expect([code, printed]).toEqual([expected, "leaked 0 master true\n"]);
    expect(readdirSync(scratch)).toEqual([]);
  },
  40_000,
);
