// How fast the pty transport carries bytes, as a ratio to a bare pty pumped by the shortest loop node can run. The host is
// `cat` or `dd` in both cases. Needs dist/; run it alone or by run.js.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, readSync, writeSync } from "node:fs";
import { openBarePty } from "../../dist/transport/pty/bare-pty.js";
import { openPty } from "../../dist/transport/pty.js";
import { whenReady } from "./when-ready.js";

const TOTAL = 32 * 1024 * 1024;
const CHUNK = Buffer.alloc(16 * 1024, "x");
const ROUNDS = 5;

/** Starts a host program; gives how to end it, once it has the line open, for what is written earlier may be lost. */
async function host(path, command) {
  const program = spawn("sh", ["-c", `exec 3<>"${path}"; echo; exec ${command}`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(program.stdout, "data");
  program.stdout.resume();
  const exited = once(program, "exit");
  return async () => {
    program.kill();
    await exited;
  };
}

const reader = (path) => host(path, "cat <&3 >/dev/null");
const writer = (path) => host(path, `dd if=/dev/zero bs=64k count=${TOTAL / 65536} >&3`);

const bare = {
  async run(open, event, pump) {
    const pty = await openBarePty();
    const stop = await open(pty.path);
    const started = performance.now();
    await whenReady(pty.master, event, pump);
    const seconds = (performance.now() - started) / 1000;
    await stop();
    closeSync(pty.master);
    closeSync(pty.slave);
    return seconds;
  },
  toHost() {
    let sent = 0;
    return this.run(reader, "writable", (fd) => {
      while (sent < TOTAL) sent += writeSync(fd, CHUNK);
      return true;
    });
  },
  fromHost() {
    let received = 0;
    const buffer = Buffer.alloc(65536);
    return this.run(writer, "readable", (fd) => {
      for (let turn = 0; turn < 16 && received < TOTAL; turn++) received += readSync(fd, buffer);
      return received >= TOTAL;
    });
  },
};

const ours = {
  async run(open, work) {
    const pty = await openPty();
    const stop = await open(pty.address);
    const started = performance.now();
    await work(pty);
    const seconds = (performance.now() - started) / 1000;
    await stop();
    await pty.close();
    return seconds;
  },
  toHost() {
    return this.run(reader, async (pty) => {
      for (let sent = 0; sent < TOTAL; sent += CHUNK.length) await pty.write(CHUNK);
    });
  },
  fromHost() {
    return this.run(writer, (pty) => {
      let received = 0;
      return new Promise((resolve) => {
        pty.start({
          data(chunk) {
            received += chunk.length;
            if (received >= TOTAL) resolve();
            return undefined;
          },
          lost: () => undefined,
        });
      });
    });
  },
};

for (const direction of ["toHost", "fromHost"]) {
  let [best, reference] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    reference = Math.max(reference, TOTAL / 1e6 / (await bare[direction]()));
    best = Math.max(best, TOTAL / 1e6 / (await ours[direction]()));
  }
  const ratio = (best / reference).toFixed(2);
  console.log(`pty ${direction}: ${best.toFixed(0)} MB/s, bare ${reference.toFixed(0)} MB/s, ratio ${ratio}`);
}
