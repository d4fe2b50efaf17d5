import { sliceBytes } from "../../platform/long-bytes.ts";
import type { RigEvent } from "../events.ts";
import { type EntryOutcome, EntryWatch, type WatchedEntry } from "./entry-watch.ts";
import { HostInput } from "./host-input.ts";

/** What may come while a command runs before a UART without flow control loses bytes. */
const UNCONTROLLED = 2048;
/** How long after the end of data entry stray bytes still count as a part of the data, in milliseconds. */
const AFTERMATH = 1000;

/** A command line as the module took it. */
export interface TakenLine {
  /** Its characters, `AT` included and its end not. */
  readonly length: number;
  /** Whether it ended before the final result code of the line before it. */
  readonly early: boolean;
  /** The event that brought its end. */
  readonly cause: number;
}

/** What a {@link LineWatch} needs to know of the commands. */
export interface LineKnowledge {
  /** Whether the command frees the line before its result (decisions 2). */
  isAsynchronous(name: string): boolean;
  /** Whether the host's bytes are no command lines once the command has answered `OK`: XMODEM. */
  takesRawBytes(name: string): boolean;
}

/** What a {@link LineWatch} reports: the host's bytes by what the module was doing when they came. */
export interface LineWatcher {
  lineTaken(line: TakenLine): void;
  /** What the host has typed of a line ends with LF, and S3 has not come. */
  lineFeedTyped(cause: number): void;
  /** More than 2 KiB have come while a command runs. Reported once for each command. */
  flooded(name: string, cause: number): void;
  /** A prompt is up, and so many bytes have come before it, line ends and one Ctrl-Z alone not counted. */
  prompted(name: string, stray: number, cause: number): void;
  entryEnded(entry: WatchedEntry): void;
  /** What follows the Ctrl-Z of an entry at once is no command line. */
  wentOn(entry: WatchedEntry, cause: number): void;
}

/**
 * Follows one serial line through the events of the journal, and says of the host's bytes in which state of the module
 * they came. The events tell what the module has taken; this class counts off the bytes that it took.
 */
export class LineWatch {
  readonly #watcher: LineWatcher;
  readonly #knowledge: LineKnowledge;
  #input = new HostInput();
  #terminator = "\r";
  /** How many bytes had come by the end of the last line, and when it was answered. */
  #lineEnd = 0;
  #answered = 0;
  #running: string | undefined;
  #flooded = false;
  #entry: EntryWatch | undefined;
  /** Asynchronous commands under way. */
  readonly #detached = new Set<string>();
  /** The last entry, as long as what follows may belong to its data. */
  #ended: { readonly entry: WatchedEntry; readonly at: number; bytes: string } | undefined;

  constructor(watcher: LineWatcher, knowledge: LineKnowledge) {
    this.#watcher = watcher;
    this.#knowledge = knowledge;
  }

  /** Whether a data entry is open. */
  get entering(): boolean {
    return this.#entry !== undefined;
  }

  /** `terminator` is S3 at the moment of the event. */
  take(event: RigEvent, terminator: string): void {
    this.#terminator = terminator;
    switch (event.type) {
      case "host":
        this.#host(event);
        break;
      case "line":
        this.#line(event.text, event.seq);
        break;
      case "command":
        this.#command(event.name);
        break;
      case "result":
        this.#result(event.name, event.result);
        break;
      case "entry":
        if (event.phase === "begin") this.#begin(event.name, event.early === true);
        else this.#end(event.bytes, event.outcome, event.at);
        break;
      case "state":
        if (event.what === "power") this.#restart();
        break;
      default:
        break;
    }
  }

  #restart(): void {
    this.#input = new HostInput();
    this.#answered = 0;
    this.#running = undefined;
    this.#entry = undefined;
    this.#ended = undefined;
    this.#detached.clear();
  }

  #host(event: Extract<RigEvent, { readonly type: "host" }>): void {
    if (this.#entry !== undefined) {
      this.#entry.add(event, event.seq);
      return;
    }
    const { seq, at } = event;
    this.#input.add(event, seq);
    if (this.#ended !== undefined && this.#running === undefined && at > this.#ended.at + AFTERMATH) {
      this.#ended = undefined;
    }
    this.#follow(event, seq);
    if (this.#running !== undefined) this.#checkFlow();
    else if (
      this.#input.begunLine &&
      sliceBytes(event, -1) === "\n" &&
      !this.#input.pending.includes(this.#terminator)
    ) {
      this.#watcher.lineFeedTyped(seq);
    }
  }

  /** Looks at what follows a data entry until it is clear whether that is a command line. */
  #follow(said: { readonly bytes: string }, cause: number): void {
    const ended = this.#ended;
    if (ended === undefined) return;
    const more = ended.bytes + sliceBytes(said, 0, 64);
    // Line ends and a second Ctrl-Z are what careful hosts send.
    ended.bytes = more.slice(countLeading(more, "\r\n\x1a\x1b"));
    if (/^a?$/i.test(ended.bytes)) return;
    this.#ended = undefined;
    if (!/^a[t/]/i.test(ended.bytes)) this.#watcher.wentOn(ended.entry, cause);
  }

  #line(text: string, seq: number): void {
    const taken = this.#input.takeLine(this.#terminator);
    const { length = text.length, end, cause = seq } = taken ?? {};
    this.#watcher.lineTaken({ length, early: end !== undefined && end <= this.#answered, cause });
    this.#ended = undefined;
    this.#running = undefined;
    this.#lineEnd = end ?? this.#input.received;
    // A line without a command is answered now; a command moves this to its result.
    this.#answered = this.#input.received;
  }

  #command(name: string): void {
    if (this.#knowledge.isAsynchronous(name)) {
      this.#detached.add(name);
      // What came together with the line may run beside it.
      this.#answered = this.#lineEnd;
      return;
    }
    this.#running = name;
    this.#flooded = false;
    this.#checkFlow();
  }

  #checkFlow(): void {
    if (this.#flooded || this.#running === undefined || this.#input.pending.length <= UNCONTROLLED) return;
    this.#flooded = true;
    this.#watcher.flooded(this.#running, this.#input.seqAt(UNCONTROLLED));
  }

  #result(name: string, result: string): void {
    if (this.#detached.delete(name)) return;
    this.#running = undefined;
    this.#answered = this.#input.received;
    if (result === "CONNECT" || (result === "OK" && this.#knowledge.takesRawBytes(name))) this.#input.becomeRaw();
  }

  #begin(name: string, early: boolean): void {
    const { pending } = this.#input;
    if (early) {
      this.#entry = new EntryWatch(name, !pending.includes("\n"));
      this.#entry.add({ bytes: pending.replace(/^\n/, "") }, this.#input.seqAt(0));
      this.#input.takeAll();
      this.#ended = undefined;
      return;
    }
    // A line feed, or an empty line, and a Ctrl-Z behind the command line are what hosts send, and disturb nothing.
    const isStray = pending.replace(/[\r\n]/g, "").replace("\x1a", "") !== "";
    const stray = isStray ? pending.length : 0;
    this.#watcher.prompted(name, stray, this.#input.seqAt(countLeading(pending, "\r\n\x1a")));
    this.#entry = new EntryWatch(name, !pending.includes("\n"));
    this.#input.takeAll();
    this.#ended = undefined;
  }

  #end(count: number, outcome: EntryOutcome, at: number): void {
    if (this.#entry === undefined) return;
    const { entry, rest } = this.#entry.end(count, outcome);
    this.#entry = undefined;
    for (const piece of rest) this.#input.add(piece, piece.seq);
    this.#watcher.entryEnded(entry);
    if (!entry.terminated) return;
    this.#ended = { entry, at, bytes: "" };
    for (const piece of rest) this.#follow(piece, piece.seq);
  }
}

/** How many characters at the beginning of a text are of a set. */
function countLeading(text: string, set: string): number {
  let count = 0;
  while (count < text.length && set.includes(text.charAt(count))) count++;
  return count;
}
