// The thread of fleet.bench.js that asks modems AT, one after the other and about once in a millisecond, until it is stopped;
// then it posts the times that they took, in ms.
import { constants, openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { command } from "./blocking-host.js";

const { ports, stop } = workerData;
const hosts = ports.map((port) => openSync(port, constants.O_RDWR | constants.O_NOCTTY));
const times = [];
do {
  const asked = performance.now();
  command(hosts[times.length % hosts.length], "");
  times.push(performance.now() - asked);
} while (Atomics.wait(stop, 0, 0, 1) === "timed-out");
parentPort.postMessage(times);
