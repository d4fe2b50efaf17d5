/**
 * Runs the benchmarks of this folder one after the other, each in a process of its own so that none warms or spoils another's code.
 *
 *     npm run build && npm run bench [-- NAME...]
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SUFFIX = ".bench.js";
const folder = fileURLToPath(new URL(".", import.meta.url));
const known = readdirSync(folder)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));

if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
  process.exitCode = 2;
} else if (!existsSync(new URL("../../dist/index.js", import.meta.url))) {
  console.error("Benchmarks measure dist/: run `npm run build` first.");
  process.exitCode = 2;
} else {
  for (const name of asked.length > 0 ? asked : known) {
    const { status } = spawnSync(process.execPath, [folder + name + SUFFIX], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}
