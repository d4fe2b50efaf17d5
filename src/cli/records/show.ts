import { eitherSignal } from "../../platform/abortable.ts";
import type { RigEvent } from "../../rig/events.ts";
import type { CheckedOptions } from "../../rig/options.ts";
import { Shown } from "../../trace/shown.ts";
import { TranscriptWriter } from "../../trace/transcript/from-events.ts";
import { listenForEnd } from "../end-signals.ts";
import { parseOptions } from "../parse-options.ts";
import { Output } from "./output.ts";
import { sessionFile } from "./session-file.ts";

/** Milliseconds until a line of a file that grows is on the screen. */
const FLUSH_INTERVAL = 50;
/** Columns beside a payload. */
const MARGIN = 24;

/** `vmodem show FILE|-`: prints a record or a golden transcript. */
export async function show(argv: readonly string[]): Promise<number> {
  const { checked, operands } = parseOptions("show", argv, ["FILE"]);
  const [path = "-"] = operands;
  const output = new Output(process.stdout);
  const { follow } = checked;
  const end = follow
    ? eitherSignal(output.over, listenForEnd().signal)
    : { signal: output.over, release: () => undefined };
  const form = formOf(checked);
  const timer = follow ? setInterval(() => void output.flush(), FLUSH_INTERVAL) : undefined;
  try {
    for await (const event of sessionFile(path, { follow, signal: end.signal })) {
      if (end.signal.aborted) break;
      if (!isWanted(event, checked)) continue;
      const full = output.lines(form.push(event));
      if (full !== undefined) await full;
    }
    await output.lines(form.end());
    await output.flush();
    return 0;
  } finally {
    clearInterval(timer);
    end.release();
  }
}

interface Form {
  push(event: RigEvent): readonly string[];
  end(): readonly string[];
}

function formOf({ json, transcript, hex }: CheckedOptions): Form {
  if (json) return { push: (event) => [JSON.stringify(event)], end: () => [] };
  if (transcript) return new TranscriptWriter();
  const { isTTY, columns } = process.stdout;
  const color = isTTY && !process.env.NO_COLOR;
  return new Shown({ color, hex, ...(isTTY ? { width: Math.max(40, columns - MARGIN) } : {}) });
}

function isWanted({ type, modem }: RigEvent, wanted: Pick<CheckedOptions, "type" | "modem">): boolean {
  if (wanted.type !== undefined && !wanted.type.includes(type)) return false;
  return wanted.modem === undefined || modem === undefined || modem === wanted.modem;
}
