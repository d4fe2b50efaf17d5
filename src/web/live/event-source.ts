import type { RigEvent } from "../../rig/events.ts";
import type { Api } from "./api.ts";

/**
 * Reads the live stream of events after `after` until it breaks off (HTML, section 9.2); a browser's own EventSource cannot
 * carry a token. Calls `take` with what came in one piece, and with the number of events that the journal no longer had.
 */
export async function readEvents(
  api: Api,
  after: number,
  take: (events: readonly RigEvent[], dropped: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const headers = { Accept: "text/event-stream" };
  const { body } = await api.fetch(`/api/events?after=${after}`, { headers, signal });
  if (body === null) return;
  let rest = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const parts = (rest + next.value).split("\n\n");
    rest = parts.pop() ?? "";
    const events: RigEvent[] = [];
    let dropped = 0;
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data !== undefined) events.push(JSON.parse(data));
      else dropped += Number(/^: (\d+) events dropped$/.exec(part)?.[1] ?? 0);
    }
    take(events, dropped);
  }
}
