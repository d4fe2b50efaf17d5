import type { Settings } from "../module/settings/settings.ts";
import type { SimState } from "../module/sim.ts";
import type { Timing } from "../module/timing.ts";
import { abortable } from "../platform/abortable.ts";
import type { Events } from "../platform/events.ts";
import { DATA_ENTRY_TIMEOUT } from "../platform/limits.ts";
import type { Log } from "../platform/log.ts";
import type { RawLine, SerialLine } from "../platform/serial-line.ts";
import { type Clock, sleep } from "../platform/time/clock.ts";
import { Deadline } from "../platform/time/deadline.ts";
import type { WorkSet } from "../platform/work-set.ts";
import type { AtLine } from "./at-line.ts";
import { type Parsed, parseCommandLine } from "./command-line.ts";
import type { CommandTable } from "./command-table.ts";
import type { DataEntry, EntryOutcome } from "./entry/data-entry.ts";
import { HostWriter } from "./host-writer.ts";
import { InputQueue } from "./input-queue.ts";
import { findCommand, invoke } from "./interpreter.ts";
import { LineEditor, type LineEvent } from "./line-editor.ts";
import { framePackets, type Packet } from "./packet.ts";
import { frameEnds, frameResult, frameText, isFailure, type Result } from "./result-code.ts";
import { SessionRawLine } from "./session-raw-line.ts";

/** What a session is made of. */
export interface SessionParts<C> {
  readonly transport: SerialLine;
  readonly settings: Settings;
  readonly table: CommandTable<C>;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly log: Log;
  readonly events?: Events;
  /** Ends the session: handlers and waits stop, nothing more is printed. */
  readonly signal: AbortSignal;
  /** Makes the context of one command line's handlers. */
  readonly context: (line: AtLine) => C;
  readonly simState: () => SimState;
  /** Handlers that have not returned yet. */
  readonly work: WorkSet;
}

interface ActiveEntry {
  readonly entry: DataEntry;
  readonly deadline: Deadline;
  readonly ended: (outcome: EntryOutcome) => void;
}

/**
 * The AT interface on one serial line: bytes in, command lines and data entry apart, handlers run one line at a time,
 * answers out through the one writer (decisions 1 and 2).
 */
export class AtSession<C extends { readonly line: AtLine }> {
  readonly #parts: SessionParts<C>;
  readonly #input = new InputQueue();
  readonly #writer: HostWriter;
  readonly #editor: LineEditor;
  /** The context of all command lines but the asynchronous ones: their output goes straight to the writer. */
  readonly #direct: C;
  #lastLine = "";
  #lineStarted = 0;
  /** A command line is being worked on: the next one waits. */
  #held = false;
  /** The command that runs is the last of its line: the final result code is its own. */
  #last = false;
  /** Commands run: what they cause to be said unasked comes after their result code. */
  #running = false;
  /** What is to be done once the result code is printed. */
  #afterwards: (() => void)[] = [];
  /** Something of a response is printed and its final result code is not: nothing unsolicited may come in between. */
  #answering = false;
  /** The receiver of data, or a host that does not read, holds the host back. */
  #blocked = false;
  #entry: ActiveEntry | undefined;
  /** There while a command exchanges raw bytes with the host. */
  #raw: SessionRawLine | undefined;

  constructor(parts: SessionParts<C>) {
    this.#parts = parts;
    // Whoever is held back by our queue would otherwise wait for it for ever.
    parts.signal.addEventListener("abort", () => this.#input.clear(), { once: true });
    this.#writer = new HostWriter(parts.transport, parts.settings, () => this.#lineIsFree());
    this.#editor = new LineEditor(parts.settings, (bytes) => this.#writer.echo(bytes));
    this.#direct = parts.context({
      signal: parts.signal,
      info: (text) => {
        parts.signal.throwIfAborted();
        this.#answering = true;
        this.#writer.text(text);
      },
      final: (result) => {
        parts.signal.throwIfAborted();
        // Decisions 1.5: a line has one final result code, which the last of its commands decides.
        if (!this.#last && !isFailure(result)) return;
        this.#finish(result);
        this.#flush();
      },
      afterwards: (action) => void this.#afterwards.push(action),
      response: (next) => this.#response(next),
      packets: async (packets) => {
        parts.signal.throwIfAborted();
        this.#writer.bytes(framePackets(packets, parts.settings));
        await this.#writer.flush();
      },
      payload: (bytes) => this.#payload(bytes),
      prompt: (text, entry, style = "line") => this.#prompt(text, entry, style),
      exchange: (work) => this.#exchange(work),
    });
  }

  /** Takes bytes from the host, which it then owns; a promise holds the host back. */
  data(chunk: Buffer): Promise<void> | undefined {
    if (this.#parts.signal.aborted) return undefined;
    this.#input.push(chunk);
    this.#pump();
    return this.#input.full;
  }

  /** Prints an unsolicited line as soon as the line is free. */
  urc(text: string): void {
    this.#writer.urc(text);
  }

  /** Prints lines, each with raw bytes right behind it, in one piece, as soon as the line is free. */
  packets(packets: readonly Packet[]): Promise<void> {
    return this.#writer.packets(packets);
  }

  /** The host has gone in the middle of what it may have been entering: that ends as if it had fallen silent. */
  hangUp(): void {
    if (this.#entry !== undefined) this.#endEntry(this.#entry, "silent");
  }

  #lineIsFree(): boolean {
    const data = this.#entry !== undefined || this.#raw !== undefined;
    const busy = this.#running || this.#held || this.#answering || data || this.#editor.typing;
    return !busy && !this.#parts.signal.aborted;
  }

  #pump(): void {
    while (!this.#blocked && !this.#parts.signal.aborted) {
      const chunk = this.#input.first;
      if (chunk === undefined) break;
      if (this.#raw !== undefined) {
        this.#raw.arrived();
        break;
      }
      if (this.#entry !== undefined) this.#feedEntry(this.#entry, chunk);
      else if (this.#held) break;
      else this.#feedEditor(chunk);
    }
    this.#flush();
  }

  #flush(): void {
    void this.#writer.flush();
    this.#writer.release();
  }

  #feedEditor(chunk: Buffer): void {
    this.#input.consume(this.#editor.push(chunk));
    const event = this.#editor.take();
    if (event === undefined) return;
    this.#run(event);
    this.#writer.release();
    if (this.#writer.congestion !== undefined) this.#block(this.#writer.congestion);
  }

  #feedEntry(active: ActiveEntry, chunk: Buffer): void {
    active.deadline.restart();
    if (this.#editor.skipsLineFeed(chunk[0] ?? 0, active.entry.binary)) {
      this.#input.consume(1);
      return;
    }
    const echo = this.#parts.settings.get("E") === 1 ? (bytes: Uint8Array) => this.#writer.echo(bytes) : undefined;
    const { consumed, ended, ready } = active.entry.push(chunk, echo);
    this.#input.consume(consumed);
    if (ready === undefined) {
      if (ended) this.#endEntry(active, "ended");
      return;
    }
    active.deadline.suspend();
    const taken = () => {
      if (this.#entry !== active) return;
      if (ended) this.#endEntry(active, "ended");
      else active.deadline.restart();
    };
    this.#block(ready.then(taken, taken));
  }

  #block(until: Promise<void>): void {
    this.#blocked = true;
    void until.then(() => {
      this.#blocked = false;
      this.#pump();
    });
  }

  #run(event: LineEvent): void {
    this.#lineStarted = this.#parts.clock.monotonic();
    switch (event.kind) {
      case "overlong":
        this.#finish("ERROR");
        return;
      case "line":
        this.#lastLine = event.body;
        break;
      case "repeat":
        break;
    }
    this.#runFrom(parseCommandLine(this.#lastLine), 0);
  }

  /** Runs the commands of a line from `start` on, to the first failure; a promise among them continues it later. */
  #runFrom(commands: readonly Parsed[], start: number): void {
    this.#running = true;
    this.#runEach(commands, start);
    this.#running = false;
  }

  #runEach(commands: readonly Parsed[], start: number): void {
    let result: Result = "OK";
    for (let index = start; index < commands.length; index++) {
      const outcome = this.#invoke(commands[index] ?? "malformed", index === commands.length - 1);
      if (outcome instanceof Promise) {
        this.#hold(outcome, (late) => {
          if (isFailure(late) || index === commands.length - 1) this.#finish(late);
          else this.#runFrom(commands, index + 1);
        });
        return;
      }
      result = outcome;
      if (isFailure(result)) break;
    }
    this.#finish(result);
  }

  #hold(outcome: Promise<Result>, done: (result: Result) => void): void {
    this.#held = true;
    void this.#settled(outcome).then((result) => {
      this.#held = false;
      if (this.#parts.signal.aborted) return;
      done(result);
      this.#pump();
    });
  }

  #finish(result: Result): void {
    this.#writer.result(result);
    this.#answering = false;
    if (this.#afterwards.length === 0) return;
    void this.#writer.flush();
    for (const action of this.#afterwards.splice(0)) action();
  }

  #invoke(parsed: Parsed, isLast: boolean): Result | Promise<Result> {
    const command = findCommand(this.#parts.table, parsed);
    if (command === undefined || parsed === "malformed") return "ERROR";
    this.#last = isLast;
    const run = (context: C) => {
      try {
        return invoke(command, parsed, context, this.#parts.simState());
      } catch (error) {
        return this.#failed(error);
      }
    };
    if (command.kind !== "asynchronous" || !isLast) return run(this.#direct);
    return this.#runAsynchronous(run);
  }

  /** Frees the line while the command goes on; its whole answer is printed in one piece when it has ended. */
  #runAsynchronous(run: (context: C) => Result | Promise<Result>): Result {
    const answer: string[] = [];
    const outcome = run(this.#parts.context({ ...this.#direct.line, info: (text) => answer.push(text) }));
    if (!(outcome instanceof Promise)) {
      for (const text of answer) this.#direct.line.info(text);
      return outcome;
    }
    const { settings } = this.#parts;
    void this.#settled(outcome).then((result) =>
      this.#writer.whenFree(() => [
        ...answer.map((text) => frameText(text, settings)),
        frameResult(result, settings) ?? Buffer.alloc(0),
      ]),
    );
    return "NONE";
  }

  #settled(outcome: Promise<Result>): Promise<Result> {
    return this.#parts.work.track(outcome.catch((error: unknown) => this.#failed(error)));
  }

  /** A handler that throws has a bug, or was cut off by a reset; neither may cost the session. */
  #failed(error: unknown): Result {
    if (!this.#parts.signal.aborted) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#parts.log.error({ event: "handler failed", detail });
    }
    return "ERROR";
  }

  async #response(next: () => Promise<Uint8Array | undefined>): Promise<void> {
    const { signal, settings } = this.#parts;
    signal.throwIfAborted();
    const { before, after } = frameEnds(settings);
    this.#answering = true;
    this.#writer.bytes(Buffer.from(before, "latin1"));
    try {
      for (let bytes = await next(); bytes !== undefined; bytes = await next()) {
        signal.throwIfAborted();
        this.#writer.bytes(bytes);
        await abortable(this.#writer.flush() ?? Promise.resolve(), signal);
      }
    } finally {
      if (!signal.aborted) this.#writer.bytes(Buffer.from(after, "latin1"));
    }
  }

  async #prompt(text: string, entry: DataEntry, style: "line" | "inline"): Promise<EntryOutcome> {
    const { clock, timing, signal, transport, settings } = this.#parts;
    const early = this.#lineStarted + timing.promptDelay - clock.monotonic();
    if (early > 0) await sleep(clock, early, signal);
    await transport.settle();
    signal.throwIfAborted();
    const stray = this.#input.first;
    if (stray !== undefined) this.#editor.skipsLineFeed(stray[0] ?? 0);
    this.#input.clear();
    this.#answering = true;
    if (style === "line") this.#writer.text(text);
    else this.#writer.bytes(Buffer.from(String.fromCharCode(settings.get("S3"), settings.get("S4")) + text, "latin1"));
    if (entry.complete === true) return "ended";
    return new Promise((resolve, reject) => {
      const deadline = new Deadline(clock, DATA_ENTRY_TIMEOUT * timing.timeoutScale, signal);
      const active = { entry, deadline, ended: resolve };
      deadline.signal.addEventListener("abort", () => {
        if (signal.aborted) reject(signal.reason);
        else this.#endEntry(active, "silent");
        deadline.dispose();
      });
      this.#entry = active;
      this.#flush();
    });
  }

  async #payload(bytes: Uint8Array): Promise<void> {
    this.#parts.signal.throwIfAborted();
    this.#writer.bytes(bytes);
    await abortable(this.#writer.flush() ?? Promise.resolve(), this.#parts.signal);
  }

  async #exchange<T>(work: (wire: RawLine) => Promise<T>): Promise<T> {
    const { clock, signal } = this.#parts;
    this.#raw = new SessionRawLine({ input: this.#input, clock, signal, write: (bytes) => this.#payload(bytes) });
    try {
      return await work(this.#raw);
    } finally {
      this.#raw = undefined;
      this.#flush();
    }
  }

  #endEntry(active: ActiveEntry, outcome: EntryOutcome): void {
    active.deadline.dispose();
    this.#entry = undefined;
    active.ended(outcome);
  }
}
