import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Bundles } from "../bin/program.js";

/** What else is started often: it uses bundles that a plain start does without. */
const OTHER_STARTS = [
  ["start", "--json", "--tcp", "0", "--sandbox", "--control", "0"],
  ["run", "--tcp", "0", "--", process.execPath, "--eval", "process.stdout.write('ready')"],
];

/**
 * Lets processes start a modem and end it, and write the code that V8 has compiled meanwhile beside the bundles. A plain start
 * is the first and leaves nothing in its caches that it does not need. Without pseudo-terminals its modem is on TCP. Gives
 * whether that has succeeded.
 */
export async function writeCodeCache() {
  const done = (await rehearse(["start", "--json"])) || (await rehearse(["start", "--json", "--tcp", "0"]));
  if (done) for (const argv of OTHER_STARTS) await rehearse(argv);
  return done;
}

async function rehearse(argv) {
  const child = spawn(process.execPath, [import.meta.filename, ...argv], { stdio: ["ignore", "pipe", "ignore"] });
  // Its ready line.
  child.stdout.once("data", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code === 0;
}

if (process.argv[1] === import.meta.filename) {
  const bundles = new Bundles();
  const { main } = bundles.load("./vmodem.cjs");
  process.exitCode = await main(process.argv.slice(2));
  for (const [file, script] of bundles.scripts) {
    const cache = `${file}.cache`;
    if (!existsSync(cache)) await writeFile(cache, script.createCachedData());
  }
}
