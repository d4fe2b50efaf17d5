import { abortable } from "../../platform/abortable.ts";
import type { Events } from "../../platform/events.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import type { DataEntry, EntryOutcome } from "../entry/data-entry.ts";
import type { HostLine } from "./host-line.ts";
import type { Departure, LineOwner } from "./owner.ts";

export interface DataPromptParts {
  readonly line: HostLine;
  readonly entry: DataEntry;
  readonly clock: Clock;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** The command that prompts. */
  readonly name: string;
  /** Whether text is echoed now. */
  readonly echoes: () => boolean;
  /** How long the host may be silent, in milliseconds. */
  readonly silence: number;
  /** Takes the line back when the entry is over. */
  readonly owner: LineOwner;
  /** Called when the host has gone before the end of the data. */
  readonly cut: (how: Departure) => void;
}

/**
 * Owns the line from the moment when a command asks for data until they have ended. Until the prompt is printed, what the
 * host sends is thrown away (decisions 1.12), or kept for an entry that takes early data; from then on it goes to the entry.
 */
export class DataPrompt implements LineOwner {
  readonly state = "entry";
  readonly letsUrcsPass = false;
  readonly #parts: DataPromptParts;
  #phase: "begun" | "open" | "receiver busy" | "over" = "begun";
  #deadline: Deadline | undefined;
  #bytes = 0;
  #resolve: (outcome: EntryOutcome) => void = () => undefined;

  constructor(parts: DataPromptParts) {
    this.#parts = parts;
  }

  /** Prints the prompt once `ready` has resolved, and gives how the entry has ended. Rejects when the module resets. */
  async run(prompt: () => Uint8Array, ready: () => Promise<void>): Promise<EntryOutcome> {
    const { line, entry, events, name, signal } = this.#parts;
    const outcome = new Promise<EntryOutcome>((resolve) => {
      this.#resolve = resolve;
    });
    line.give(this);
    line.pump();
    if (entry.early === true) this.advance();
    else await Promise.race([ready(), outcome]);
    signal.throwIfAborted();
    // What was delivered while the line was still busy elsewhere.
    line.pump();
    if (this.#phase === "begun") {
      line.writer.bytes(prompt());
      const early = entry.early === true ? ({ early: true } as const) : {};
      if (events.active) events.emit({ type: "entry", name, phase: "begin", ...early });
      this.#phase = "open";
      if (entry.complete === true) this.#end("ended");
      else this.#watchForSilence();
      line.pump();
    }
    return abortable(outcome, signal);
  }

  advance(): boolean {
    const { line, entry } = this.#parts;
    const chunk = line.input.first;
    if (chunk === undefined) return false;
    switch (this.#phase) {
      case "begun": {
        const isLineFeed = line.commandMode.editor.skipsLineFeed(chunk[0] ?? 0);
        if (entry.early !== true) line.input.clear();
        else if (isLineFeed) line.input.consume(1);
        else return false;
        return true;
      }
      case "open":
        return this.#feed(chunk);
      case "receiver busy":
      case "over":
        return false;
    }
  }

  hostGone(how: Departure): void {
    if (this.#phase === "over") return;
    this.#parts.line.input.clear();
    this.#parts.cut(how);
    this.#end("cut");
  }

  #watchForSilence(): void {
    const { clock, signal, silence, line } = this.#parts;
    const deadline = new Deadline(clock, silence, signal);
    deadline.signal.addEventListener("abort", () => {
      if (signal.aborted) {
        deadline.dispose();
        return;
      }
      this.#end("silent");
      line.pump();
    });
    this.#deadline = deadline;
  }

  #feed(chunk: Buffer): boolean {
    const { line, entry, echoes } = this.#parts;
    this.#deadline?.restart();
    if (line.commandMode.editor.skipsLineFeed(chunk[0] ?? 0, entry.binary)) {
      line.input.consume(1);
      return true;
    }
    const echo = echoes() ? (bytes: Uint8Array) => line.writer.echo(bytes) : undefined;
    const { consumed, ended, escaped, ready } = entry.push(chunk, echo, (bytes) => line.writer.bytes(bytes));
    line.input.consume(consumed);
    this.#bytes += ended && entry.counted !== true ? consumed - 1 : consumed;
    const outcome = escaped === true ? "escaped" : "ended";
    if (ready === undefined) {
      if (ended) this.#end(outcome);
      return true;
    }
    this.#phase = "receiver busy";
    this.#deadline?.suspend();
    const taken = () => {
      if (this.#phase !== "receiver busy") return;
      this.#phase = "open";
      if (ended) this.#end(outcome);
      else this.#deadline?.restart();
      line.pump();
    };
    void ready.then(taken, taken);
    return false;
  }

  #end(outcome: EntryOutcome): void {
    const { line, events, name, owner } = this.#parts;
    const shown = this.#phase !== "begun";
    this.#phase = "over";
    this.#deadline?.dispose();
    if (shown && events.active) events.emit({ type: "entry", name, phase: "end", bytes: this.#bytes, outcome });
    line.give(owner);
    this.#resolve(outcome);
  }
}
