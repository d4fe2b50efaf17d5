import type { Journal, JournalQuery } from "../rig/journal.ts";
import { CONTROL_LIMITS } from "./limits.ts";

/**
 * The events that a query selects as server-sent events (HTML, section 9.2), without end: `id` is the number of the event.
 * The stream reads the journal at the client's pace, so a slow client costs no memory; a comment tells how many events were
 * evicted before the client could get them.
 */
export async function* eventStream(journal: Journal, query: JournalQuery, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.from(": events of the rig\n\n");
  let { after = 0 } = query;
  while (!signal.aborted) {
    const { events, next, dropped } = journal.query({ ...query, after, limit: CONTROL_LIMITS.streamEvents });
    after = next;
    if (dropped > 0) yield Buffer.from(`: ${dropped} events dropped\n\n`);
    if (events.length > 0) {
      yield Buffer.from(events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
    } else if (!(await comes(journal, { ...query, after }, signal)) && !signal.aborted) {
      yield Buffer.from(": still here\n\n");
    }
  }
}

/** Waits for an event, and gives whether one came before the stream must say that it is alive. */
async function comes(journal: Journal, query: JournalQuery, signal: AbortSignal): Promise<boolean> {
  const ping = AbortSignal.timeout(CONTROL_LIMITS.streamPing);
  return journal.next(query, AbortSignal.any([signal, ping])).then(
    () => true,
    () => false,
  );
}
