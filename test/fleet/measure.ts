import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** The times in which modems that only wait answer AT, in milliseconds. */
interface Answers {
  readonly p99: number;
}

/** What a process with many modems costs: milliseconds, KiB for each modem, and the share of a processor when idle. */
interface FleetCost {
  readonly ready: number;
  readonly readyCpu: number;
  readonly rss: number;
  readonly idle: number;
  /** How many a tenth of the modems have sent. */
  readonly mails: number;
  readonly quiet: Answers;
  /** While the mails were sent. */
  readonly mailing: Answers;
}

const BENCHMARK = join(import.meta.dirname, "..", "bench", "fleet.bench.js");
const HEAP = join(import.meta.dirname, "heap.js");

/** Starts the program with so many modems, and measures it. */
export async function measureFleet(count: number): Promise<FleetCost> {
  return JSON.parse(await output(BENCHMARK, String(count), "--json"));
}

/** How much of the heap each of so many modems takes that only wait, in KiB. */
export async function measureHeap(count: number): Promise<number> {
  return Number(await output("--expose-gc", HEAP, String(count)));
}

async function output(...program: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, program, { timeout: 100_000 })).stdout;
}
