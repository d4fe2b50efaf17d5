import { packageVersion } from "../../platform/disk/files.ts";
import { TextFile } from "../../platform/disk/text-file.ts";
import { lineLog } from "../../platform/log.ts";
import { isoOfEpoch } from "../../platform/time/calendar.ts";
import { SystemClock } from "../../platform/time/clock.ts";
import { UsageError } from "../../platform/usage-error.ts";
import { Journal } from "../../rig/journal.ts";
import { mediumOf } from "../../rig/options.ts";
import { ForeignRedaction } from "../../trace/record/foreign-redaction.ts";
import { tap } from "../../trace/record/tap.ts";
import { listenForEnd } from "../end-signals.ts";
import { explainError } from "../explain.ts";
import { openMedium } from "../open-medium.ts";
import { openModulePort } from "../open-module-port.ts";
import { parseOptions } from "../parse-options.ts";
import { openTextFile, recordTo } from "../report-files.ts";

/** `vmodem record --from PORT -o FILE`: records a real module between its host and it, until a signal or the loss of either. */
export async function record(argv: readonly string[]): Promise<number> {
  const { checked } = parseOptions("record", argv);
  const { from, output, baud, logLevel, redact } = checked;
  if (from === undefined) throw new UsageError("record needs --from PORT; see vmodem record --help");
  if (output === undefined) throw new UsageError("record needs -o FILE; see vmodem record --help");
  const end = listenForEnd();
  const clock = new SystemClock();
  const log = lineLog(logLevel, (line) => process.stderr.write(line));
  const open: { close(): Promise<unknown> }[] = [];
  try {
    const module = await openModulePort("--from", { address: from, baudRate: baud }, { clock, signal: end.signal });
    open.push(module);
    const host = await openMedium(mediumOf(checked), clock, log);
    open.push(host);
    const file = await openTextFile("output", output, TextFile.growing);
    const journal = new Journal({ clock, log, size: 0 });
    recordTo(file).follow(journal);
    const options = { from, baud, time: "real" };
    const now = isoOfEpoch(clock.now());
    journal.port().emit({ type: "rig", now, version: packageVersion(), seed: 0, options });
    process.stdout.write(`Recording ${from} to ${output}. The host's port is ${host.address}. Ctrl-C ends it.\n`);
    const room = () => {
      journal.settle();
      return file.room();
    };
    const redaction = redact ? new ForeignRedaction() : undefined;
    const events = journal.port("m1", { refine: (event) => redaction?.redact(event) ?? event });
    const lost = await tap({ host, module, events, room }, end.signal);
    await closeAll(open.splice(0));
    journal.settle();
    return (await complete(file, output)) && lost === undefined ? 0 : report(lost);
  } finally {
    await closeAll(open);
  }
}

async function closeAll(open: readonly { close(): Promise<unknown> }[]): Promise<void> {
  await Promise.all(open.map((each) => each.close()));
}

async function complete(file: TextFile, path: string): Promise<boolean> {
  try {
    await file.close();
    return true;
  } catch (error) {
    process.stderr.write(`vmodem: --output ${path}: not written: ${explainError(error) ?? String(error)}\n`);
    return false;
  }
}

function report(lost: string | undefined): number {
  if (lost !== undefined) process.stderr.write(`vmodem: record: ${lost}\n`);
  return 1;
}
