import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** What a process with many modems costs: milliseconds, KiB for each modem, and the share of a processor when idle. */
interface FleetCost {
  readonly ready: number;
  readonly readyCpu: number;
  readonly rss: number;
  readonly heap: number;
  readonly idle: number;
  readonly mails: number;
  /** Of the time in which one modem answers AT while a tenth of them send mail. */
  readonly p99: number;
}

const SCRIPT = join(import.meta.dirname, "thousand.js");

/** Starts so many modems in a process of their own, and measures. */
export async function measureFleet(count: number): Promise<FleetCost> {
  const program = ["--expose-gc", SCRIPT, String(count)];
  // Each modem takes three descriptors, and its host one more.
  const shell = ["-c", 'ulimit -n 8192 && exec "$0" "$@"', process.execPath, ...program];
  const { stdout } = await promisify(execFile)("sh", shell, { timeout: 100_000 });
  return JSON.parse(stdout);
}
