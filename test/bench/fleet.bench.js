/**
 * What a fleet costs, and what its modems feel of each other: a tenth of them send mail to the sandbox at once, while a host
 * asks the others AT in turn. That host is a thread of its own, which blocks; the mailing ones share this process. Prints
 * times in ms, memory in KiB for each modem beyond the first, and processor time as a share of one processor.
 *
 *     node test/bench/fleet.bench.js [COUNT] [--json]
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { SerialPort } from "serialport";
import { cpuTime, endAll, startModem } from "./blocking-host.js";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const COUNT = Number(positionals[0] ?? 1000);
const MAILING = COUNT / 10;
const MAILS = 10;
/** So many of the others are asked. */
const ASKED = Math.min(100, COUNT - MAILING);
const IDLE = 2000;

const one = await startFleet(1);
const fleet = await startFleet(COUNT);
const idle = await idleShare(fleet.pid);
const rss = (fleet.rss - one.rss) / (COUNT - 1);
const quiet = await timesOf(() => wait(1000));
let mails = 0;
const mailing = await timesOf(() => Promise.all(fleet.ports.slice(0, MAILING).map(mail)));
endAll();

const { ready, readyCpu } = fleet;
const result = { ready, readyCpu, rss, idle, mails, quiet, mailing };
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else print();

function print() {
  const times = ({ p50, p99, max, count }) =>
    `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, longest ${max.toFixed(1)} ms of ${count}`;
  console.log(`${COUNT} modems: ready in ${ready.toFixed(0)} ms, of it ${readyCpu.toFixed(0)} ms of a processor`);
  console.log(
    `memory: ${rss.toFixed(1)} KiB for each beyond the first; idle: ${(100 * idle).toFixed(2)} % of a processor`,
  );
  console.log(`AT while all rest: ${times(quiet)}`);
  console.log(`AT while ${MAILING} send mail (${mails} mails): ${times(mailing)}`);
  console.log(`load of the machine: ${loadavg()[0].toFixed(1)}`);
}

/** Starts a process with so many modems, and looks at its memory when it has come to rest. */
async function startFleet(count) {
  const begun = performance.now();
  const { pid, port, modems = [{ port }] } = await startModem("--sandbox", "--count", String(count));
  const ready = performance.now() - begun;
  const readyCpu = cpuTime(pid);
  await wait(500);
  const rss = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);
  return { pid, ports: modems.map(({ port: path }) => path), ready, readyCpu, rss };
}

/** The share of a processor that a process takes which has nothing to do. */
async function idleShare(pid) {
  const before = cpuTime(pid);
  await wait(IDLE);
  return (cpuTime(pid) - before) / IDLE;
}

/** The times in which modems that only wait answer AT while something is done. */
async function timesOf(work) {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const ports = fleet.ports.slice(-ASKED);
  const asker = new Worker(new URL("fleet-asker.js", import.meta.url), { workerData: { ports, stop } });
  await work();
  Atomics.store(stop, 0, 1);
  const [times] = await once(asker, "message");
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)];
  return { p50: at(0.5), p99: at(0.99), max: times.at(-1), count: times.length };
}

async function mail(path, number) {
  const host = await openHost(path);
  await host.ask(`AT+SMTPSRV="mail";+SMTPFROM="m${number}@example.com"\r`, "\r\nOK\r\n");
  for (let sent = 0; sent < MAILS; sent++) {
    await host.ask('AT+SMTPRCPT=0,0,"user@example.com";+SMTPSUB="hello";+SMTPBODY="hello"\r', "\r\nOK\r\n");
    await host.ask("AT+SMTPSEND\r", "+SMTP: SUCCESS\r\n");
    mails++;
  }
  host.close();
}

/** A host that waits for what it is answered. */
async function openHost(path) {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  let heard = "";
  port.on("data", (chunk) => {
    heard += chunk.toString("latin1");
    port.emit("heard");
  });
  await new Promise((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  return {
    async ask(line, answer) {
      heard = "";
      port.write(line);
      while (!heard.includes(answer)) {
        if (heard.includes("ERROR")) throw new Error(`the modem answers ${JSON.stringify(heard)}`);
        await once(port, "heard");
      }
    },
    close: () => port.close(),
  };
}
