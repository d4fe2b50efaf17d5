import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EchoState } from "../../../src/trace/transcript/echo.ts";
import { TranscriptWriter } from "../../../src/trace/transcript/from-events.ts";
import type { TranscriptEvent } from "../../../src/trace/transcript/transcript.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { parseTranscript } from "../../support/parse-transcript.ts";
import { playTranscript } from "../../support/play-transcript.ts";
import { eventsOf } from "../record/events-of.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "fixtures", "transcripts");
const transcripts = readdirSync(folder).filter((name) => name.endsWith(".txt"));

/** A transcript of the record of a transcript: through a file of JSON Lines. */
async function thereAndBack(text: string): Promise<string> {
  const record = (await eventsOf(text)).map((event) => JSON.stringify(event)).join("\n");
  const writer = new TranscriptWriter();
  const lines = (await eventsOf(`${record}\n`)).flatMap((event) => writer.push(event));
  return [...lines, ...writer.end(), ""].join("\n");
}

/** What a transcript says, however its lines are cut. */
function said(events: readonly TranscriptEvent[]): readonly TranscriptEvent[] {
  const whole: TranscriptEvent[] = [];
  const echo = new EchoState();
  for (const event of events) {
    const last = whole.at(-1);
    if (event.kind === "send") {
      // Without echo a line and the same raw text are one.
      whole.push({ ...event, echoed: event.echoed && echo.on });
      echo.sent(event.bytes);
      continue;
    }
    if (event.kind === "receive" && last?.kind === "receive")
      whole.splice(-1, 1, { ...last, bytes: last.bytes + event.bytes });
    else if (event.kind === "serverSends" && event.continues && last?.kind === "serverSends")
      whole.splice(-1, 1, { ...last, bytes: last.bytes + event.bytes });
    else whole.push(event);
  }
  return whole;
}

const values = (options: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, value.startsWith("{") ? JSON.parse(value) : value]),
  );

const notes = (text: string) => text.split("\n").filter((line) => line.startsWith("#"));

describe.each(transcripts)("%s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");

  test("becomes a record and a transcript again without loss", async () => {
    const again = await thereAndBack(text);
    const [before, after] = [parseTranscript(text), parseTranscript(again)];
    expect(values(after.options)).toEqual(values(before.options));
    expect(after.skipped).toEqual(before.skipped);
    expect(said(after.events)).toEqual(said(before.events));
    expect(notes(again)).toEqual(notes(text));
    expect(await thereAndBack(again)).toBe(again);
  });

  test("plays from its record", async () => {
    const { module, host } = memoryPair();
    await playTranscript(parseTranscript(await thereAndBack(text)), { medium: "memory", module, host });
  });
});
