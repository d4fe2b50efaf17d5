// From spawn to ready: the program against a bare node that prints a line, in turn, so that load falls on both. Aim: at most
// 1.5. Needs dist/; run it alone or by run.js.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROUNDS = 21;
const VMODEM = join(import.meta.dirname, "..", "..", "bin", "vmodem.js");
const BARE = [
  "-e",
  "process.on('SIGTERM', () => process.exit(0)); console.log('ready'); setInterval(() => undefined, 60000)",
];

const PROGRAMS = {
  start: [VMODEM, "start", "--json"],
  "start --tcp 0": [VMODEM, "start", "--json", "--tcp", "0"],
  "start --sandbox --control 0": [VMODEM, "start", "--json", "--sandbox", "--control", "0"],
};

const bare = [];
const times = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  bare.push(await timeToFirstLine(BARE));
  for (const [name, program] of Object.entries(PROGRAMS)) times[name].push(await timeToFirstLine(program));
}
console.log(`bare node: ${median(bare).toFixed(0)} ms`);
for (const [name, found] of Object.entries(times)) {
  const ratio = median(found.map((time, round) => time / bare[round]));
  console.log(`vmodem ${name}: ${median(found).toFixed(0)} ms, ${ratio.toFixed(2)} of it`);
}

async function timeToFirstLine(program) {
  const begin = performance.now();
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const time = performance.now() - begin;
  child.kill("SIGTERM");
  await once(child, "exit");
  return time;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
