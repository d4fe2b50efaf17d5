// One process with a thousand modems: prints what they cost, as one line of JSON. Run by thousand.test.ts, or alone:
//
//     npm run build && node --expose-gc test/fleet/thousand.js [COUNT]
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { SerialPort } from "serialport";
import { Rig } from "../../dist/library/index.js";

const COUNT = Number(process.argv[2] ?? 1000);
const MAILING = COUNT / 10;
const PROBES = 300;
const IDLE = 3000;

const rig = await Rig.start({ modems: [{}], sandbox: true });
const before = memory();
const begin = performance.now();
const cpuBegin = process.cpuUsage();
await Promise.all(Array.from({ length: COUNT - 1 }, () => rig.addModem()));
const ready = performance.now() - begin;
const readyCpu = cpuSince(cpuBegin);
const cpuIdle = process.cpuUsage();
await wait(IDLE);
const idle = cpuSince(cpuIdle) / IDLE;
const after = memory();

const busy = await Promise.all(rig.modems.slice(0, MAILING).map(openHost));
const calm = await openHost(rig.modems.at(-1));
let mailing = true;
const mails = Promise.all(busy.map(mail)).finally(() => {
  mailing = false;
});
const times = [];
while (mailing || times.length < PROBES) {
  const asked = performance.now();
  await calm.ask("AT\r", "OK\r\n");
  times.push(performance.now() - asked);
  await wait(1);
}
await mails;
times.sort((a, b) => a - b);
const result = {
  ready: Math.round(ready),
  readyCpu: Math.round(readyCpu),
  rss: perModem("rss"),
  heap: perModem("heapUsed"),
  idle,
  mails: rig.sandbox.smtp.mails.length,
  p99: times[Math.floor(times.length * 0.99)],
};
process.stdout.write(`${JSON.stringify(result)}\n`);
for (const host of [...busy, calm]) host.close();
await rig.close();

function memory() {
  globalThis.gc();
  return process.memoryUsage();
}

/** KiB for each modem beyond the first. */
function perModem(kind) {
  return (after[kind] - before[kind]) / (COUNT - 1) / 1024;
}

function cpuSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** A host that waits for what it is answered. */
async function openHost({ port: path }) {
  const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
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
      while (!heard.includes(answer)) await once(port, "heard");
    },
    close: () => port.close(),
  };
}

async function mail({ ask }, number) {
  await ask(`AT+SMTPSRV="mail";+SMTPFROM="m${number}@example.com";+SMTPRCPT=0,0,"user@example.com"\r`, "\r\nOK\r\n");
  await ask('AT+SMTPSUB="hello";+SMTPBODY="hello"\r', "\r\nOK\r\n");
  await ask("AT+SMTPSEND\r", "+SMTP: SUCCESS\r\n");
}
