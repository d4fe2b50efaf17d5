import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds dist/, which the tests of the program and of the package use, before the first test. */
export function setup(): void {
  const root = join(import.meta.dirname, "..", "..");
  execFileSync(join(root, "node_modules", ".bin", "tsc"), { cwd: root, stdio: "inherit" });
  execFileSync(process.execPath, [join(root, "test", "support", "portable-types.js")], { cwd: root, stdio: "inherit" });
}
