import { setTimeout as sleep } from "node:timers/promises";
import { type ControlAddress, callControl, formatControlAddress, parseControlAddress } from "../control/client.ts";
import { UsageError } from "../platform/usage-error.ts";
import { duration } from "../rig/option-kinds.ts";
import { findRig } from "./ctl/rig-file.ts";
import { explainSilence } from "./explain.ts";

/** Milliseconds between two looks. */
const INTERVAL = 100;
/** Until a rig that listens must have answered one request. */
const ANSWER_TIME = 2_000;
/** The same for the last look, when little time is left: enough for a busy machine. */
const LAST_ANSWER_TIME = 500;
const TIMEOUT = duration(0, 86_400_000);

/**
 * `vmodem wait [URL] [--timeout 30s]`: ends with 0 when the rig is ready, also when nothing listens there yet; with 1, and a
 * sentence on stderr, when it is not ready in time.
 */
export async function wait(argv: readonly string[]): Promise<number> {
  const { url, timeout } = readArguments(argv);
  const end = performance.now() + timeout;
  let last = "nothing was tried";
  do {
    const state = await look(
      url,
      Math.min(ANSWER_TIME, Math.max(LAST_ANSWER_TIME, Math.ceil(end - performance.now()))),
    );
    if (state === "ready") return 0;
    last = state;
    await sleep(Math.min(INTERVAL, Math.max(0, end - performance.now())));
  } while (performance.now() < end);
  process.stderr.write(`vmodem: wait: not ready within ${timeout} ms: ${last}\n`);
  return 1;
}

function readArguments(argv: readonly string[]): { readonly url: string | undefined; readonly timeout: number } {
  let url: string | undefined;
  let timeout = 30_000;
  for (let index = 0; index < argv.length; index++) {
    const given = argv[index] ?? "";
    const [name, inline] = given.split(/=(.*)/s, 2);
    if (name === "--timeout") {
      const value = inline ?? argv[++index];
      if (value === undefined) throw new UsageError("wait: --timeout needs a time: --timeout 30s");
      timeout = readTimeout(value);
    } else if (given.startsWith("-")) {
      throw new UsageError(`wait: unknown option ${given}; see vmodem wait --help`);
    } else if (url !== undefined) {
      throw new UsageError(`wait takes one address; ${given} is one too many`);
    } else {
      url = given;
    }
  }
  url ??= process.env.VMODEM_CONTROL || undefined;
  if (url !== undefined && parseControlAddress(url) === undefined) {
    throw new UsageError(`wait: ${url} is not http://HOST:PORT, HOST:PORT or unix:PATH`);
  }
  return { url, timeout };
}

function readTimeout(value: string): number {
  try {
    return TIMEOUT.read(value);
  } catch (error) {
    throw new UsageError(`wait: --timeout ${value}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Asks the rig for its health: "ready", or why it is not. */
async function look(url: string | undefined, patience: number): Promise<string> {
  let address: ControlAddress | undefined;
  try {
    address = parseControlAddress(url ?? (await findRig()).control);
    if (address === undefined) return "the rig has no address";
    const signal = AbortSignal.timeout(patience);
    const response = await callControl(address, { method: "GET", path: "/api/health", signal });
    response.resume();
    return response.statusCode === 200 ? "ready" : `the rig answers ${response.statusCode}`;
  } catch (error) {
    if (address === undefined) return error instanceof Error ? error.message : String(error);
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ABORT_ERR" ? "it does not answer" : explainSilence(error);
    return `${formatControlAddress(address)}: ${reason}`;
  }
}
