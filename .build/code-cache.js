import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { Bundles } from "../bin/program.js";

/**
 * Lets a process start a modem and end it, and write the code that V8 has compiled meanwhile beside the bundles. Without
 * pseudo-terminals the modem is on TCP. Gives whether that has succeeded.
 */
export async function writeCodeCache() {
  return (await rehearse("start", "--json")) || rehearse("start", "--json", "--tcp", "0");
}

async function rehearse(...options) {
  const child = spawn(process.execPath, [import.meta.filename, ...options], { stdio: ["ignore", "pipe", "ignore"] });
  // Its ready line.
  child.stdout.once("data", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code === 0;
}

if (process.argv[1] === import.meta.filename) {
  const bundles = new Bundles();
  const { main } = bundles.load("./vmodem.cjs");
  process.exitCode = await main(process.argv.slice(2));
  for (const [file, script] of bundles.scripts) await writeFile(`${file}.cache`, script.createCachedData());
}
