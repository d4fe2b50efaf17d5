import type { RigEvent, RigEventBody } from "../../rig/events.ts";
import { EchoState } from "./echo.ts";
import { readTranscriptLine, TranscriptError, type TranscriptEvent } from "./transcript.ts";

/** The `event` of a log event that holds a line of a transcript which no other event can say. */
export const TRANSCRIPT_LINE = "transcript";

/** Acts of a server that the events of a connection say. */
const LIVE_ACT = /^(open|end|on \d+|(break|fails) [A-Z]+)$/;

/**
 * Turns the lines of a golden transcript into the events of a record, one line at a time. What no event can say, a note or
 * what a server is going to do, goes as it is into an event of type `log`.
 */
export class TranscriptEvents {
  readonly #echo = new EchoState();
  readonly #options: Record<string, string> = {};
  /** What comes before the event that opens a record, until that is complete. */
  #head: RigEventBody[] | undefined = [];
  /** What a next line may go on with, and the notes since then. */
  #open: { readonly event: Extract<RigEvent, { readonly bytes: string }>; readonly notes: RigEvent[] } | undefined;
  #connections = 0;
  #connection = 0;
  #at = 0;
  /** A pause that no event has ended yet. */
  #pause: string | undefined;
  #seq = 0;

  /** The events that are complete with this line. Throws a {@link TranscriptError} at what is not in the format. */
  push(text: string, number: number): readonly RigEvent[] {
    const line = readTranscriptLine(text, number);
    if (line === undefined) return [];
    switch (line.kind) {
      case "option":
        if (this.#head === undefined) throw new TranscriptError(number, "is an option after the first event");
        if (line.value.startsWith("{") && !isJson(line.value)) throw new TranscriptError(number, "is no JSON");
        this.#options[line.name] = line.value;
        return [];
      case "note":
      case "skipped":
        return this.#note(literal(text));
      case "more":
        this.#goOn("module", line.bytes, number);
        return [];
      case "serverSends":
        if (!line.continues) return this.#emit([{ type: "received", id: this.#connection, bytes: line.bytes }]);
        this.#goOn("received", line.bytes, number);
        return [];
      case "pass":
        return this.#pass(line, text);
      case "send": {
        const echo: RigEventBody[] = line.echoed && this.#echo.on ? [{ type: "module", bytes: line.bytes }] : [];
        this.#echo.sent(line.bytes);
        return this.#emit([{ type: "host", bytes: line.bytes }, ...echo], true);
      }
      case "receive":
        return this.#emit([{ type: "module", bytes: line.bytes }]);
      case "serverReceived":
        return this.#emit([{ type: "sent", id: this.#connection, bytes: line.bytes }]);
      case "serverHears":
        return this.#emit([literal(text)]);
      case "server":
        return this.#emit(this.#act(line.act, text));
    }
  }

  /** The last events. */
  end(): readonly RigEvent[] {
    return this.#emit(this.#pause === undefined ? [] : [literal(this.#pause)], true);
  }

  #act(act: string, text: string): readonly RigEventBody[] {
    if (!LIVE_ACT.test(act)) {
      if (act === "answer") this.#connection = ++this.#connections;
      return [literal(text)];
    }
    const [verb, detail = ""] = act.split(" ");
    if (verb === "on") {
      this.#connection = Number(detail);
      return [];
    }
    if (verb === "open" || verb === "fails") this.#connection = ++this.#connections;
    const connection = { type: "connection", id: this.#connection, service: "tcp" } as const;
    if (detail !== "") return [{ ...connection, phase: "fail", error: detail }];
    return [{ ...connection, phase: verb === "open" ? "open" : "end" }];
  }

  #pass({ ms, atMost }: Extract<TranscriptEvent, { readonly kind: "pass" }>, text: string): readonly RigEvent[] {
    const before = atMost ? this.#emit([literal(text)]) : this.#emit([]);
    this.#at += ms;
    this.#pause = atMost ? undefined : text;
    return before;
  }

  #note(note: RigEventBody): readonly RigEvent[] {
    if (this.#head !== undefined) this.#head.push(note);
    else if (this.#open !== undefined && this.#pause === undefined) this.#open.notes.push(this.#event(note));
    else return this.#emit([note]);
    return [];
  }

  #goOn(type: "module" | "received", bytes: string, number: number): void {
    if (this.#open?.event.type !== type) throw new TranscriptError(number, "goes on with nothing");
    const { event, notes } = this.#open;
    this.#open = { event: { ...event, bytes: event.bytes + bytes }, notes };
  }

  /** Keeps back the last event, if a next line may go on with it: unless they are complete. */
  #emit(bodies: readonly RigEventBody[], isComplete = false): readonly RigEvent[] {
    const head = this.#head === undefined || (bodies.length === 0 && !isComplete) ? [] : this.#begin(this.#head);
    const before = this.#open === undefined ? [] : [this.#open.event, ...this.#open.notes];
    const events = [...before, ...head, ...bodies.map((body) => this.#event(body))];
    this.#open = undefined;
    if (bodies.length > 0) this.#pause = undefined;
    const last = events.at(-1);
    if (isComplete || bodies.length === 0 || (last?.type !== "module" && last?.type !== "received")) return events;
    this.#open = { event: last, notes: [] };
    return events.slice(0, -1);
  }

  #begin(head: readonly RigEventBody[]): readonly RigEvent[] {
    this.#head = undefined;
    const { operator, identity, ...options } = this.#options;
    const modem = {
      ...options,
      ...(identity === undefined ? {} : { identity: readValue(identity) }),
      ...(operator === undefined ? {} : { state: { radio: { operator: readValue(operator) } } }),
    };
    const rig: RigEventBody = {
      type: "rig",
      now: "1970-01-01T00:00:00Z",
      version: TRANSCRIPT_LINE,
      seed: 1,
      options: { modems: [modem], time: "manual" },
    };
    return [rig, ...head].map((body) => this.#event(body));
  }

  #event(body: RigEventBody): RigEvent {
    const common = { seq: ++this.#seq, at: this.#at };
    return body.type === "rig" || body.type === "log" ? { ...common, ...body } : { ...common, modem: "m1", ...body };
  }
}

function literal(line: string): RigEventBody {
  return { type: "log", level: "info", event: TRANSCRIPT_LINE, line };
}

/** A name, or an object in JSON. */
function readValue(text: string): unknown {
  return text.startsWith("{") ? JSON.parse(text) : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
