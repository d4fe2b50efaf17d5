import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds dist/, which the tests of the program and of the package use, before the first test. */
export function setup(): void {
  const root = join(import.meta.dirname, "..", "..");
  execFileSync(process.execPath, [join(root, "build", "build.js")], { cwd: root, stdio: "inherit" });
}
