/**
 * How fast `vmodem record` carries bytes between a host and a module, with all of them in the record, as a ratio to a bare pump
 * between two such ports that keeps none. The module is this process at the master of a pty, the host is `head` or `cat`. Needs
 * dist/; run it alone or by run.js.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBarePty } from "../../dist/transport/pty/bare-pty.js";
import { printTable } from "./measure.js";
import { fill } from "./payload.js";
import { whenReady } from "./when-ready.js";

const TOTAL = 16 * 1024 * 1024;
const ROUNDS = 5;

const folder = mkdtempSync(join(tmpdir(), "vmodem-bench-"));
const payload = join(folder, "payload");
const link = join(folder, "host");
const scriptOf = (name) => fileURLToPath(new URL(name, import.meta.url));

const TAPS = {
  async bare(module, direction) {
    const { program, said } = await started([scriptOf("bare-tap.js"), module, direction]);
    return { program, port: JSON.parse(said).port };
  },
  async ours(module) {
    const record = ["record", "--from", module, "--link", link, "-o", join(folder, "record.jsonl")];
    return { program: (await started([scriptOf("../../bin/vmodem.js"), ...record])).program, port: link };
  },
};

/** Starts a script, and waits until it says something. */
async function started(args) {
  const program = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(program.stdout, "data");
  return { program, said };
}

/** Starts a host; it says something when it has the port open, and again when `command` has ended. */
async function startHost(port, command) {
  const host = spawn("sh", ["-c", `exec 3<>"${port}"; echo; ${command}; echo; sleep 60`], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  await once(host.stdout, "data");
  return host;
}

const DIRECTIONS = {
  async toHost(port, module, bytes) {
    const host = await startHost(port, `head -c ${TOTAL} <&3 >/dev/null`);
    const begun = performance.now();
    const done = once(host.stdout, "data");
    let sent = 0;
    await whenReady(module, "writable", () => {
      while (sent < TOTAL) sent += writeSync(module, bytes, sent);
      return true;
    });
    await done;
    return { host, seconds: (performance.now() - begun) / 1000 };
  },
  async fromHost(port, module) {
    const host = await startHost(port, `cat "${payload}" >&3`);
    const begun = performance.now();
    const buffer = Buffer.alloc(65536);
    let received = 0;
    await whenReady(module, "readable", () => {
      for (let turn = 0; turn < 16 && received < TOTAL; turn++) received += readSync(module, buffer);
      return received >= TOTAL;
    });
    return { host, seconds: (performance.now() - begun) / 1000 };
  },
};

/** MB/s. */
async function measure(tap, direction, bytes) {
  const module = await openBarePty();
  const { program, port } = await TAPS[tap](module.path, direction);
  const { host, seconds } = await DIRECTIONS[direction](port, module.master, bytes);
  process.kill(-host.pid);
  program.kill();
  await once(program, "exit");
  closeSync(module.master);
  closeSync(module.slave);
  return TOTAL / 1e6 / seconds;
}

const rows = [["MB/s", "record", "bare", "ratio"]];
for (const kind of ["text", "random"]) {
  const bytes = fill(kind, TOTAL);
  writeFileSync(payload, bytes);
  for (const direction of ["toHost", "fromHost"]) {
    const best = { bare: 0, ours: 0 };
    for (let round = 0; round < ROUNDS; round++)
      for (const tap of ["bare", "ours"]) best[tap] = Math.max(best[tap], await measure(tap, direction, bytes));
    const ratio = (best.ours / best.bare).toFixed(2);
    rows.push([`${kind} ${direction}`, best.ours.toFixed(0), best.bare.toFixed(0), ratio]);
  }
}
printTable(rows);
rmSync(folder, { recursive: true });
