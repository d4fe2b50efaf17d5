import type { TranscriptEvent } from "../../src/trace/transcript/transcript.ts";

type ServerReceived = Extract<TranscriptEvent, { readonly kind: "serverReceived" }>;

/** An event of a transcript as it is played; `connection` is the number of the one that receives, of those that were opened live. */
export type PlayedEvent =
  | Exclude<TranscriptEvent, ServerReceived>
  | (ServerReceived & { readonly connection?: number });

/**
 * Brings what servers do while a session goes on, as a record tells it, into the form in which it is scripted: all acts of a
 * connection before what the host sends to cause it.
 */
export function scriptedAhead(events: readonly TranscriptEvent[]): readonly PlayedEvent[] {
  if (!events.some(isAskedForNow)) return events;
  const dialogue: PlayedEvent[] = [];
  /** The acts of each connection, and the place in the dialogue where they are scripted. */
  const scripts: { readonly place: number; readonly acts: PlayedEvent[] }[] = [];
  let current = 0;
  for (const event of events) {
    if (isAskedForNow(event)) {
      const place = Math.max(
        0,
        dialogue.findLastIndex(({ kind }) => kind === "send"),
      );
      const first: PlayedEvent = isOpen(event) ? { kind: "server", act: "answer" } : event;
      current = scripts.push({ place, acts: [first] });
    } else if (event.kind === "server" && event.act.startsWith("on ")) current = Number(event.act.slice(3));
    else if (event.kind === "serverSends" || isBreak(event)) scripts[current - 1]?.acts.push(event);
    else if (event.kind === "serverReceived") {
      scripts[current - 1]?.acts.push({ kind: "serverHears", bytes: event.bytes });
      dialogue.push({ ...event, connection: current });
    } else if (event.kind !== "server" || event.act !== "end") dialogue.push(event);
  }
  return [...dialogue.keys(), dialogue.length].flatMap((index) => [
    ...scripts.filter(({ place }) => place === index).flatMap(({ acts }) => acts),
    ...dialogue.slice(index, index + 1),
  ]);
}

function isAskedForNow(event: TranscriptEvent): boolean {
  return event.kind === "server" && /^(open|fails .*)$/.test(event.act);
}

function isOpen(event: TranscriptEvent): boolean {
  return event.kind === "server" && event.act === "open";
}

function isBreak(event: TranscriptEvent): boolean {
  return event.kind === "server" && event.act.startsWith("break ");
}
