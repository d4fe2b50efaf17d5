import type { RigEvent } from "../../rig/events.ts";
import type { SessionSummary } from "../../rig/report/summary.ts";

/** The data blocks that the program has put into this page. */
export function embedded<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent;
  return text === undefined || text === null ? undefined : JSON.parse(text);
}

/** Whether the page holds a record. */
export function hasRecord(): boolean {
  return document.getElementById("record") !== null;
}

/** The record inside of this page, block by block; each leaves the page, so that it is not kept twice. */
export function* embeddedEvents(): Generator<readonly RigEvent[]> {
  for (const block of document.querySelectorAll("script.events")) {
    yield readLines(block.textContent ?? "");
    block.remove();
  }
}

/** The verdict at the end of a session, when the page holds one. */
export function embeddedSummary(): SessionSummary | undefined {
  const found = embedded<Partial<SessionSummary>>("record");
  return found?.expectations === undefined ? undefined : (found as SessionSummary);
}

/** A record from a file of the user's, piece by piece. */
export async function* fileEvents(file: Blob): AsyncGenerator<readonly RigEvent[]> {
  let rest = "";
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const text = rest + next.value;
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    yield readLines(text.slice(0, end));
  }
  yield readLines(rest);
}

/** Lines of JSON; one that is none, as the last one of a killed program, is left out. */
function readLines(text: string): readonly RigEvent[] {
  return text.split("\n").flatMap((line) => {
    try {
      const value = line.trim() === "" ? undefined : JSON.parse(line);
      return typeof value?.seq === "number" && typeof value.type === "string" ? [value] : [];
    } catch {
      return [];
    }
  });
}
