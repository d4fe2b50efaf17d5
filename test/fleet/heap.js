// Prints how many KiB of V8's heap each modem of a fleet takes beyond the first. Needs dist/; run with --expose-gc.
import { Rig } from "../../dist/library/index.js";

const COUNT = Number(process.argv[2]);

const one = await Rig.start();
const before = heapUsed();
const fleet = await Rig.start({ modems: Array.from({ length: COUNT }, () => ({})) });
process.stdout.write(`${(heapUsed() - before) / COUNT / 1024}\n`);
await Promise.all([one.close(), fleet.close()]);

function heapUsed() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
