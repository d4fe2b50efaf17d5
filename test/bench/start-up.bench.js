// From spawn to the ready line: the program against a bare node that prints a line, in turn, so that load falls on both. Aim:
// at most 1.5. The first answer comes later, for the commands are loaded behind the ready line: so it is measured, too. Needs
// dist/; run it alone or by run.js.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
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
  "start --sandbox": [VMODEM, "start", "--json", "--sandbox"],
  "start --sandbox --control 0": [VMODEM, "start", "--json", "--sandbox", "--control", "0"],
};

const ANSWER = "start --tcp 0, first OK";

const bare = [];
const times = Object.fromEntries([...Object.keys(PROGRAMS), ANSWER].map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  bare.push(await timeTo(firstLine, BARE));
  for (const [name, program] of Object.entries(PROGRAMS)) times[name].push(await timeTo(firstLine, program));
  times[ANSWER].push(await timeTo(firstAnswer, PROGRAMS["start --tcp 0"]));
}
console.log(`bare node: ${median(bare).toFixed(0)} ms`);
for (const [name, found] of Object.entries(times)) {
  const ratio = median(found.map((time, round) => time / bare[round]));
  console.log(`vmodem ${name}: ${median(found).toFixed(0)} ms, ${ratio.toFixed(2)} of it`);
}

async function timeTo(moment, program) {
  const begin = performance.now();
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
  await moment(child);
  const time = performance.now() - begin;
  child.kill("SIGTERM");
  await once(child, "exit");
  return time;
}

async function firstLine(child) {
  const [line] = await once(child.stdout, "data");
  return line;
}

async function firstAnswer(child) {
  const { port } = JSON.parse(await firstLine(child));
  const host = connect(Number(port.split(":")[1]), "127.0.0.1");
  host.write("ATE0\r");
  for (let answer = ""; !answer.includes("OK"); ) answer += (await once(host, "data"))[0];
  host.destroy();
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
