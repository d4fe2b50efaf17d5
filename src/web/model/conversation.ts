import type { RigEvent, RigEventType } from "../../rig/events.ts";
import { type ConnectionEvent, Connections, describeConnection } from "./connections.ts";
import { formatAmount } from "./format.ts";
import { narrate } from "./narration.ts";
import { type CommandNote, isFailure, type Note, type Row } from "./row.ts";
import { Speaker } from "./speaker.ts";

/** What is joined to one row: bytes that follow at once, files that are made in one go. */
const JOINED = { bytes: 64 * 1024, ms: 1000, sentenceMs: 50, lines: 200 } as const;
/** So many events at least are remembered as causes of lint findings: a finding comes soon after its cause. */
const MARKS = 10_000;

type EventOf<Type> = RigEvent & { readonly type: Type };
type ByteEvent = EventOf<"host" | "module">;
type RowStart = Pick<Row, "side" | "group"> & Partial<Pick<Row, "data" | "bad" | "fresh">>;

const OUTCOMES = {
  ended: "ended by Ctrl-Z",
  escaped: "given up with ESC",
  silent: "then the host fell silent",
  cut: "then the host went away",
} as const;

/** Makes a conversation of events: who said what, which command it was, how it ended and what happened beside. */
export class Conversation {
  readonly rows: Row[] = [];
  readonly connections = new Connections();
  /** The modems that have been heard of. */
  readonly modems = new Set<string>();
  /** The first row that has changed since the last call of {@link takeChanges}, by its id. */
  #changed = Number.POSITIVE_INFINITY;
  #nextId = 0;
  /** How many rows were there before the session began anew. */
  #forgotten = 0;
  readonly #limit: number;
  readonly #speakers = new Map<string, Speaker>();
  /** The rows of the last events, by the number of the event, and those of the events before. */
  #marks = new Map<number, Row>();
  #olderMarks = new Map<number, Row>();

  /** Keeps about `limit` rows, the last ones. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** The id of the first row that is kept. */
  get firstId(): number {
    return this.rows[0]?.id ?? this.#nextId;
  }

  /** The id that the next row will have. */
  get nextId(): number {
    return this.#nextId;
  }

  /** How many rows there were, those that were evicted included. */
  get count(): number {
    return this.#nextId - this.#forgotten;
  }

  row(id: number): Row | undefined {
    return this.rows[id - this.firstId];
  }

  /** The row of an event, while it is remembered. */
  #rowOf(seq: number): Row | undefined {
    return this.#marks.get(seq) ?? this.#olderMarks.get(seq);
  }

  add(event: RigEvent): void {
    if (event.modem !== undefined) this.modems.add(event.modem);
    this.#look(event);
    if (this.rows.length > this.#limit * 1.1) this.#evict(this.rows.length - this.#limit);
  }

  /** Begins with the row `id`: forgets those before it, and the connections that they tell of. */
  beginAt(id: number): void {
    this.#forgotten = id;
    this.#evict(id - this.firstId);
  }

  /** The id of the first row that was changed or added since the last call. */
  takeChanges(): number {
    const changed = this.#changed;
    this.#changed = Number.POSITIVE_INFINITY;
    return changed;
  }

  readonly #told: { readonly [Type in RigEventType]?: (event: EventOf<Type>) => void } = {
    host: (event) => this.#host(event),
    module: (event) => this.#module(event),
    line: (event) => this.#mark(event.seq, this.#speaker(event).lineTaken(event.text)),
    command: (event) => this.#command(event),
    result: (event) => this.#result(event),
    unknown: (event) => this.#unknown(event),
    urc: (event) => this.#speaker(event).announce(event.text),
    entry: (event) => this.#entry(event),
    connection: (event) => this.#connection(event),
    lint: (event) => this.#lint(event),
    rig: (event) => {
      // A reset has ended what the modems were doing.
      this.#speakers.clear();
      this.#narrate(event);
    },
  };

  #look<Type extends RigEventType>(event: EventOf<Type>): void {
    const look = this.#told[event.type] as ((event: RigEvent) => void) | undefined;
    if (look === undefined) this.#narrate(event);
    else look(event);
  }

  #host(event: ByteEvent): void {
    const speaker = this.#speaker(event);
    speaker.sent(event.bytes);
    if (speaker.entry !== undefined) {
      this.#sayHost(event, event.bytes, true);
      return;
    }
    for (const [piece] of event.bytes.matchAll(/\n?[^\r]*\r\n?|\n?[^\r]+/g)) {
      const row = this.#sayHost(event, piece, false);
      if (piece.includes("\r")) speaker.lineCame(row);
    }
  }

  #sayHost(event: ByteEvent, bytes: string, data: boolean): Row {
    const speaker = this.#speaker(event);
    const { host } = speaker;
    const isOver = host?.bytes.at(-1)?.includes("\r") === true && !bytes.startsWith("\n");
    const joins = host !== undefined && host.data === data && (data ? speaker.last === host : !isOver);
    const row =
      joins && host.size + bytes.length <= JOINED.bytes
        ? this.#join(host, event, bytes)
        : this.#begin(event, { side: "host", group: "line", data }, bytes);
    speaker.host = row;
    return row;
  }

  #module(event: ByteEvent): void {
    const speaker = this.#speaker(event);
    for (const bytes of speaker.answers(event.bytes)) this.#say(event, bytes);
  }

  #say(event: ByteEvent, bytes: string): void {
    const speaker = this.#speaker(event);
    if (speaker.isUrc(bytes)) {
      this.#begin(event, { side: "module", group: "urc" }, bytes);
      return;
    }
    const { last } = speaker;
    const joins =
      last?.side === "module" &&
      last.group === "line" &&
      last.seq !== event.seq &&
      event.at - last.lastAt <= JOINED.ms &&
      last.size + bytes.length <= JOINED.bytes;
    if (joins) this.#join(last, event, bytes);
    else this.#begin(event, { side: "module", group: "line" }, bytes);
  }

  #command({ name, form, at, seq, ...event }: EventOf<"command">): void {
    const speaker = this.#speaker(event);
    const note: CommandNote = { kind: "command", name, form, at };
    const row = this.#note(speaker.current, note);
    if (row === undefined) return;
    speaker.running.set(name, { row, note });
    this.#mark(seq, row);
  }

  #result({ name, result, ms, ...event }: EventOf<"result">): void {
    const { running } = this.#speaker(event);
    const ended = running.get(name);
    if (ended === undefined) return;
    running.delete(name);
    Object.assign(ended.note, { result, ms });
    if (isFailure(result)) ended.row.bad = true;
    this.#touch(ended.row);
  }

  #unknown({ text, nearest, lacking, seq, ...event }: EventOf<"unknown">): void {
    const row = this.#note(
      this.#speaker(event).current,
      { kind: "unknown", text, nearest, ...(lacking === undefined ? {} : { lacking }) },
      true,
    );
    this.#mark(seq, row);
  }

  #lint({ rule, message, cause, ...event }: EventOf<"lint">): void {
    // The note of the unknown command says the same.
    if (rule === "unknown-command") return;
    const { current, host } = this.#speaker(event);
    // What the host has sent at once may hold several lines; the one that is taken now is meant.
    const row = current?.seq === cause ? current : (this.#rowOf(cause) ?? host);
    this.#note(row, { kind: "lint", rule, message }, true);
  }

  #entry(event: EventOf<"entry">): void {
    const speaker = this.#speaker(event);
    if (event.phase === "begin") {
      speaker.entry = event.name;
      return;
    }
    speaker.entry = undefined;
    const row = speaker.host?.data ? speaker.host : speaker.current;
    const text = `${formatAmount(event.bytes, "byte")} of data for AT${event.name}, ${OUTCOMES[event.outcome]}`;
    this.#note(row, { kind: "data", text }, event.outcome === "silent" || event.outcome === "cut");
    this.#mark(event.seq, row);
  }

  #connection(event: ConnectionEvent): void {
    const connection = this.connections.look(event);
    const text = describeConnection(connection);
    if (connection.row === undefined) {
      connection.row = this.#begin(event, { side: "rig", group: "network" }, undefined, text).id;
      return;
    }
    const row = this.row(connection.row);
    if (row === undefined) return;
    row.text[0] = text;
    row.lastAt = event.at;
    row.bad ||= event.phase === "fail";
    this.#touch(row);
  }

  #narrate(event: RigEvent): void {
    const told = narrate(event);
    if (told === undefined) return;
    const last = event.modem === undefined ? undefined : this.#speaker(event).last;
    const joins =
      (event.type === "file" || event.type === "state") &&
      last?.side === "rig" &&
      last.group === "state" &&
      !last.bad &&
      last.id === this.#nextId - 1 &&
      event.at - last.lastAt <= JOINED.sentenceMs &&
      last.text.length < JOINED.lines;
    const { bytes, text, ...start } = told;
    if (joins) this.#join(last, event, undefined, text);
    else this.#begin(event, { side: "rig", ...start }, bytes, text);
  }

  #begin(
    event: RigEvent,
    { data = false, bad = false, fresh = false, ...start }: RowStart,
    bytes?: string,
    text?: string,
  ): Row {
    const row: Row = {
      id: this.#nextId++,
      ...start,
      modem: event.modem,
      seq: event.seq,
      at: event.at,
      lastAt: event.at,
      bytes: bytes === undefined ? [] : [bytes],
      size: bytes?.length ?? 0,
      data,
      text: text === undefined ? [] : [text],
      notes: [],
      bad,
      fresh,
      version: 0,
    };
    this.rows.push(row);
    if (event.modem !== undefined) this.#speaker(event).last = row;
    this.#mark(event.seq, row);
    this.#touch(row);
    return row;
  }

  #join(row: Row, event: RigEvent, bytes?: string, text?: string): Row {
    if (bytes !== undefined) {
      row.bytes.push(bytes);
      row.size += bytes.length;
    }
    if (text !== undefined) row.text.push(text);
    row.lastAt = event.at;
    this.#mark(event.seq, row);
    this.#touch(row);
    return row;
  }

  #note(row: Row | undefined, note: Note, bad = false): Row | undefined {
    if (row === undefined) return undefined;
    row.notes.push(note);
    row.bad ||= bad;
    this.#touch(row);
    return row;
  }

  #touch(row: Row): void {
    row.version++;
    this.#changed = Math.min(this.#changed, row.id);
  }

  #mark(seq: number, row: Row | undefined): void {
    if (row === undefined) return;
    if (this.#marks.size >= MARKS) {
      this.#olderMarks = this.#marks;
      this.#marks = new Map();
    }
    this.#marks.set(seq, row);
  }

  #speaker({ modem = "" }: { readonly modem?: string }): Speaker {
    let speaker = this.#speakers.get(modem);
    if (speaker === undefined) {
      speaker = new Speaker();
      this.#speakers.set(modem, speaker);
    }
    return speaker;
  }

  #evict(count: number): void {
    this.rows.splice(0, count);
    this.#changed = Math.min(this.#changed, this.firstId);
    this.connections.forget(this.firstId);
  }
}
