import { byteCount, keepLastBytes, sliceBytes, withoutBytes } from "../platform/long-bytes.ts";
import type { RigEvent } from "../rig/events.ts";
import { type ShowOptions, showEvent } from "./show.ts";

/** How many entries are kept of the end of a session, and of what went wrong before that. */
const LAST = 30;
const EARLIER = 8;
/** How many bytes of the host are remembered until the module echoes them. */
const UNECHOED = 4096;
/** What is joined to one entry: what a person types byte by byte, an answer in pieces. */
const JOINED = { bytes: 200, ms: 5000 } as const;

/** Of a payload so long, in whatever pieces, the beginning and the end are kept: more than is printed of them. */
const KEPT = { start: 480, end: 32 } as const;

interface Payload {
  /** Its first piece, cut. */
  readonly beginning: ByteEvent;
  length: number;
  end: string;
  /** When its last piece passed. */
  at: number;
}

/** An event that says bytes, or what is like one. */
type Said = Pick<ByteEvent, "bytes">;

type ByteEvent = Extract<RigEvent, { readonly type: "host" | "module"; readonly bytes: string }>;

/**
 * Keeps what host and module said last, for the author of a program that has failed: lines in whole, without the module's
 * echo, with what went wrong. Bounded, however long the session is.
 */
export class LastExchanges {
  #last: RigEvent[] = [];
  /** The payloads by their beginnings, which are their entries. */
  readonly #payloads = new WeakMap<RigEvent, Payload>();
  /** What went wrong before the last entries; the first of it is often the cause of the rest. */
  readonly #earlier: RigEvent[] = [];
  /** Whether there is more than is kept. */
  #gap = false;
  readonly #modems = new Set<string>();
  /** What the host of each modem has sent and the module has not echoed. */
  readonly #unechoed = new Map<string, Said>();
  /** Memory for the end of a payload, whose event lends its bytes, by modem. */
  readonly #ends = new Map<string, Buffer>();

  /** Looks at the next event. */
  look(event: RigEvent): void {
    if (event.modem !== undefined && this.#modems.size < 2) this.#modems.add(event.modem);
    if (event.type === "host") this.#host(event);
    else if (event.type === "module") this.#module(event);
    else if (!this.#isDull(event)) this.#add(event);
  }

  /** The lines to print; none where nothing happened. */
  lines(options: Omit<ShowOptions, "modems"> = {}): readonly string[] {
    const modems = this.#modems.size > 1;
    const show = (event: RigEvent) => {
      const payload = this.#payloads.get(event);
      if (payload === undefined) return showEvent(event, { ...options, modems });
      const { beginning, end, length } = payload;
      return showEvent({ ...beginning, bytes: beginning.bytes + end }, { ...options, modems, length });
    };
    const gap = this.#gap ? [`${" ".repeat(7)}...`] : [];
    return [...this.#earlier.flatMap(show), ...gap, ...this.#last.flatMap(show)];
  }

  #host(event: ByteEvent): void {
    const key = event.modem ?? "";
    const unechoed = isPayload(event)
      ? keepLastBytes(event, this.#endOf(key))
      : { bytes: this.#unechoedOf(key) + event.bytes };
    this.#unechoed.set(key, unechoed);
    this.#join(
      event,
      (before) => !"\r\n\x1a".includes(before.slice(-1)) || (event.bytes === "\n" && before.endsWith("\r")),
    );
  }

  #module(event: ByteEvent): void {
    const key = event.modem ?? "";
    const sent = this.#unechoedOf(key);
    const { echo, rest } = splitEcho(sliceBytes(event, 0, sent.length + 1), sent);
    this.#unechoed.set(key, { bytes: rest });
    if (echo === 0) this.#join(event, () => true);
    else if (echo < byteCount(event)) this.#join({ ...event, bytes: event.bytes.slice(echo) }, () => true);
  }

  #endOf(key: string): Buffer {
    const memory = this.#ends.get(key) ?? Buffer.allocUnsafeSlow(UNECHOED);
    this.#ends.set(key, memory);
    return memory;
  }

  #unechoedOf(key: string): string {
    const said = this.#unechoed.get(key);
    return said === undefined ? "" : sliceBytes(said, -UNECHOED);
  }

  /** Adds bytes to the entry before, if that may go on and is of the same kind. */
  #join(event: ByteEvent, goesOn: (before: string) => boolean): void {
    const before = this.#last.at(-1);
    const joins =
      before?.type === event.type &&
      before.modem === event.modem &&
      before.bytes.length + byteCount(event) <= JOINED.bytes &&
      event.at - before.at <= JOINED.ms &&
      goesOn(before.bytes);
    if (joins) this.#last[this.#last.length - 1] = { ...before, bytes: before.bytes + event.bytes };
    else if (!isPayload(event)) this.#add(event);
    else if (!this.#goesOn(before, event)) this.#addPayload(event);
  }

  /** Whether these bytes are the next of the same payload, which then has them. */
  #goesOn(before: RigEvent | undefined, event: ByteEvent): boolean {
    const payload =
      before?.type === event.type && before.modem === event.modem ? this.#payloads.get(before) : undefined;
    if (payload === undefined || event.at - payload.at > JOINED.ms) return false;
    payload.length += byteCount(event);
    payload.end = sliceBytes(event, -KEPT.end);
    payload.at = event.at;
    return true;
  }

  #addPayload(event: ByteEvent): void {
    const beginning = { ...withoutBytes(event), bytes: sliceBytes(event, 0, KEPT.start) };
    const end = sliceBytes(event, -KEPT.end);
    this.#payloads.set(beginning, { beginning, length: byteCount(event), end, at: event.at });
    this.#add(beginning);
  }

  /** Whether an event says nothing that counts: an unknown command ends in `ERROR`, and a module boots before all else. */
  #isDull(event: RigEvent): boolean {
    const before = this.#last.findLast(({ modem }) => modem === event.modem);
    if (event.type === "result" && before?.type === "unknown") return true;
    return (this.#last.length === 0 && !isTrouble(event)) || showEvent(event).length === 0;
  }

  #add(event: RigEvent): void {
    this.#last.push(event);
    if (this.#last.length <= LAST) return;
    const gone = this.#last.shift();
    this.#gap = true;
    if (gone !== undefined && this.#earlier.length < EARLIER && isTrouble(gone)) this.#earlier.push(gone);
  }
}

function isPayload(event: ByteEvent): boolean {
  return byteCount(event) >= KEPT.start + KEPT.end;
}

function isTrouble(event: RigEvent): boolean {
  return event.type !== "host" && event.type !== "module" && showEvent(event)[0]?.includes(" ! ") === true;
}

/** How many bytes at the beginning of what a module printed are the echo of what the host has sent, and what is not echoed. */
function splitEcho(printed: string, sent: string): { readonly echo: number; readonly rest: string } {
  let same = 0;
  // Secrets are masked in what was printed.
  const isSame = (at: number) => printed[at] === sent[at] || printed[at] === "*";
  while (same < printed.length && same < sent.length && isSame(same)) same++;
  const whole = same === printed.length || same === sent.length || printed[same - 1] === "\r";
  // The line feed behind a CR is not echoed.
  return whole && same > 0 ? { echo: same, rest: sent.slice(same).replace(/^\n/, "") } : { echo: 0, rest: "" };
}
