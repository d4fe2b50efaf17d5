// How fast the RFC 2217 transport carries bytes, as a ratio to plain TCP in the same run: text, random bytes, and nothing but
// 255, which is doubled on the wire. The host is a process of its own. Needs dist/; run it alone or by run.js.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRfc2217 } from "../../dist/transport/rfc2217.js";
import { openTcp } from "../../dist/transport/tcp.js";
import { printTable } from "./measure.js";

const CHUNK = 64 * 1024;
const CHUNKS = 256;
const ROUNDS = 5;
const MEDIA = { tcp: openTcp, rfc2217: openRfc2217 };
const INPUTS = {
  text: Buffer.alloc(CHUNK, "Hello, world. "),
  random: randomBytes(CHUNK),
  255: Buffer.alloc(CHUNK, 255),
};

const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));

function startHost(line, ...args) {
  const port = line.address.split(":").at(-1);
  const script = fileURLToPath(new URL("rfc2217-host.js", import.meta.url));
  return spawn(process.execPath, [script, port, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Calls `begun` at the host's first byte of data, and `took` with the length of each chunk after it. */
function listen(line, begun, took) {
  let started = false;
  line.start({
    data(chunk) {
      if (started) took(chunk.length);
      else if (chunk.length > 1) took(chunk.length - 1);
      if (!started) begun();
      started = true;
      return undefined;
    },
    lost: () => undefined,
  });
}

/** MB/s of data to the host. */
async function toHost(medium, name) {
  const bytes = INPUTS[name];
  const doubled = medium === "rfc2217" ? bytes.filter((byte) => byte === 255).length : 0;
  const line = await MEDIA[medium]({ host: "127.0.0.1", port: 0 });
  const begun = new Promise((resolve) => listen(line, resolve, () => undefined));
  const host = startHost(line, medium, "read", String((CHUNK + doubled) * CHUNKS));
  await begun;
  const done = new Promise((resolve) => host.stdout.once("data", resolve));
  const started = performance.now();
  for (let sent = 0; sent < CHUNKS; sent++) await line.write(bytes);
  await done;
  const seconds = (performance.now() - started) / 1000;
  await line.close();
  return (CHUNK * CHUNKS) / 1e6 / seconds;
}

/** MB/s of data from the host. */
async function fromHost(medium, name) {
  const file = join(folder, `${medium}-${name}`);
  const text = INPUTS[name].toString("latin1");
  writeFileSync(file, medium === "rfc2217" ? text.replaceAll("\xff", "\xff\xff") : text, "latin1");
  const line = await MEDIA[medium]({ host: "127.0.0.1", port: 0 });
  let started = 0;
  let received = 0;
  const finished = new Promise((resolve) => {
    const begun = () => {
      started = performance.now();
    };
    listen(line, begun, (length) => {
      received += length;
      if (received >= CHUNK * CHUNKS) resolve();
    });
  });
  const host = startHost(line, medium, "write", String(CHUNKS), file);
  await finished;
  const seconds = (performance.now() - started) / 1000;
  host.kill();
  await line.close();
  return (CHUNK * CHUNKS) / 1e6 / seconds;
}

const rows = [["MB/s", "tcp", "rfc2217", "ratio"]];
for (const [what, measure] of Object.entries({ "to host": toHost, "from host": fromHost })) {
  for (const name of Object.keys(INPUTS)) {
    const best = { tcp: 0, rfc2217: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      for (const medium of Object.keys(MEDIA)) best[medium] = Math.max(best[medium], await measure(medium, name));
    }
    const ratio = (best.rfc2217 / best.tcp).toFixed(2);
    rows.push([`${what}, ${name}`, best.tcp.toFixed(0), best.rfc2217.toFixed(0), ratio]);
  }
}
printTable(rows);
rmSync(folder, { recursive: true });
