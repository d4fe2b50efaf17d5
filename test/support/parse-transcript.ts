import { readTranscriptLine, TranscriptError, type TranscriptEvent } from "../../src/trace/transcript/transcript.ts";

export interface Transcript {
  readonly options: Readonly<Record<string, string>>;
  readonly events: readonly TranscriptEvent[];
  readonly skipped: readonly string[];
}

/** Reads one file. Throws, with the line's number, at what is not in the format. */
export function parseTranscript(text: string): Transcript {
  const options: Record<string, string> = {};
  const skipped: string[] = [];
  const events: TranscriptEvent[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const said = readTranscriptLine(line, index + 1);
    if (said === undefined || said.kind === "note") continue;
    if (said.kind === "option") options[said.name] = said.value;
    else if (said.kind === "skipped") skipped.push(said.text);
    else if (said.kind === "more") {
      const last = events.pop();
      if (last?.kind !== "receive") throw new TranscriptError(index + 1, `follows no response: ${line}`);
      events.push({ kind: "receive", bytes: last.bytes + said.bytes });
    } else events.push(said);
  }
  return { options, events, skipped };
}
