import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Builds dist/, which the tests of the program run, before the first test. */
export function setup(): void {
  const root = join(import.meta.dirname, "..", "..");
  execFileSync(join(root, "node_modules", ".bin", "tsc"), { cwd: root, stdio: "inherit" });
}
