// Builds dist/: modules and declarations as tsc makes them, for tests and types; and what users run: the bundles of the library,
// of the program, with V8's code cache of it, and of the page.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleLibrary, bundleProgram } from "./bundle.js";
import { bundlePage } from "./bundle-page.js";
import { writeCodeCache } from "./code-cache.js";

const root = join(import.meta.dirname, "..");
const run = (...command) => execFileSync(process.execPath, command, { cwd: root, stdio: "inherit" });

run(join(root, "node_modules", "typescript", "bin", "tsc"));
run(join(root, ".build", "portable-types.js"));
await bundleLibrary();
await bundleProgram();
await bundlePage();
if (!(await writeCodeCache())) {
  process.stderr.write("No code cache was made: the program starts more slowly.\n");
}
// The tests build again when a source is newer than this file.
writeFileSync(join(root, "dist", ".built"), "");
