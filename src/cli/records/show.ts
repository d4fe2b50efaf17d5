import { eitherSignal } from "../../platform/abortable.ts";
import type { RigEvent } from "../../rig/events.ts";
import type { CheckedOptions } from "../../rig/options.ts";
import { PageDocument, RecordPage } from "../../rig/page/page-document.ts";
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
  const form = await formOf(checked);
  const timer = follow ? setInterval(() => void output.flush(), FLUSH_INTERVAL) : undefined;
  try {
    for await (const event of sessionFile(path, { follow, signal: end.signal })) {
      if (end.signal.aborted) break;
      if (!isWanted(event, checked)) continue;
      const full = output.text(form.push(event));
      if (full !== undefined) await full;
    }
    await output.text(form.end());
    await output.flush();
    return 0;
  } finally {
    clearInterval(timer);
    end.release();
  }
}

/** What a record is turned into: pieces of text, as its events come. */
interface Form {
  push(event: RigEvent): readonly string[];
  end(): readonly string[];
}

async function formOf({ json, transcript, hex, html }: CheckedOptions): Promise<Form> {
  if (html) return pageForm(await PageDocument.forRecord());
  if (json) return linesForm({ push: (event) => [JSON.stringify(event)], end: () => [] });
  if (transcript) return linesForm(new TranscriptWriter());
  const { isTTY, columns } = process.stdout;
  const color = isTTY && !process.env.NO_COLOR;
  return linesForm(new Shown({ color, hex, ...(isTTY ? { width: Math.max(40, columns - MARGIN) } : {}) }));
}

/** The page with the record inside. A file that cannot be read leaves no page. */
function pageForm(document: PageDocument): Form {
  const pieces: string[] = [];
  const page = new RecordPage(document, (text) => pieces.push(text) > 0);
  page.begin();
  return {
    push(event) {
      page.line(`${JSON.stringify(event)}\n`);
      return pieces.splice(0);
    },
    end() {
      page.end();
      return pieces.splice(0);
    },
  };
}

/** What gives lines without their ends. */
function linesForm(lines: Form): Form {
  const ended = (line: string) => `${line}\n`;
  return { push: (event) => lines.push(event).map(ended), end: () => lines.end().map(ended) };
}

function isWanted({ type, modem }: RigEvent, wanted: Pick<CheckedOptions, "type" | "modem">): boolean {
  if (wanted.type !== undefined && !wanted.type.includes(type)) return false;
  return wanted.modem === undefined || modem === undefined || modem === wanted.modem;
}
