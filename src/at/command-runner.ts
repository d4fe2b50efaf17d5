import type { Settings } from "../module/settings/settings.ts";
import type { SimState } from "../module/sim.ts";
import type { Events } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { WorkSet } from "../platform/work-set.ts";
import type { Answer, AtLine } from "./at-line.ts";
import type { Command } from "./command-definition.ts";
import { commandEvent, maskedLine, resultEvent, unknownEvent } from "./command-events.ts";
import { type Invocation, type Parsed, parseCommandLine } from "./command-line.ts";
import type { CommandTable } from "./command-table.ts";
import { type Intercept, type Interception, standIn } from "./interception.ts";
import { findCommand, invoke } from "./interpreter.ts";
import type { HostLine } from "./line/host-line.ts";
import type { LineEvent } from "./line/line-editor.ts";
import type { Departure, LineOwner } from "./line/owner.ts";
import { frameResult, frameText, isFailure, type Result } from "./result-code.ts";
import { newLine, type RunningLine } from "./running-line.ts";
import { HostGoneError } from "./session-raw-line.ts";

export interface CommandRunnerParts<C> {
  readonly line: HostLine;
  readonly settings: Settings;
  readonly table: CommandTable<C>;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: Events;
  readonly signal: AbortSignal;
  readonly simState: () => SimState;
  readonly work: WorkSet;
  /** What keeps commands from their handlers: faults. */
  readonly intercept?: Intercept | undefined;
  /** Makes the context of handlers whose response goes there. */
  readonly context: (answer: Answer) => C;
}

/** A command that begins, and what is to happen to it. */
interface BegunCommand<C> {
  readonly command: Command<C>;
  readonly invocation: Invocation;
  readonly at: number;
  readonly interception: Interception | undefined;
}

interface FollowUp {
  readonly action: () => void | Promise<void>;
  readonly dropped: () => void | Promise<void>;
}

/**
 * Owns the line while a command line runs, from left to right to the first failure; then prints its one final result code
 * and runs what was to follow it (decisions 1.5, 2).
 */
export class CommandRunner<C extends { readonly line: AtLine }> implements LineOwner, Answer {
  readonly state = "running";
  readonly #parts: CommandRunnerParts<C>;
  /** Made for the first command: most modems of a fleet have none. */
  #directContext: C | undefined;
  /** What waits for a final result code, of this line or of an asynchronous command. */
  readonly #followUps = new Set<FollowUp>();
  /** What follows the final result code of the line that runs. */
  readonly #afterLine: FollowUp[] = [];
  /** What follows the command that runs. */
  readonly #afterCommand: FollowUp[] = [];
  #lastLine = "";
  #current: RunningLine = newLine("", 0);

  constructor(parts: CommandRunnerParts<C>) {
    this.#parts = parts;
    parts.signal.addEventListener(
      "abort",
      () => {
        for (const { dropped } of this.#followUps) void this.#track(dropped);
      },
      { once: true },
    );
  }

  /** The context of all handlers but the asynchronous ones: their output goes straight to the host. */
  get #direct(): C {
    this.#directContext ??= this.#parts.context(this);
    return this.#directContext;
  }

  /** URCs wait for the final result code; what the line causes to be said unasked comes after it. */
  get letsUrcsPass(): boolean {
    return this.#current.answered;
  }

  /** What comes next from the host is the next command line's. */
  advance(): boolean {
    return false;
  }

  hostGone(how: Departure): void {
    const { line, settings } = this.#parts;
    this.#current.hostGone = how;
    line.input.dropAfterLast(settings.get("S3"));
  }

  get current(): Readonly<RunningLine> {
    return this.#current;
  }

  /** Prints nothing more of the line that runs: its host has gone and the next one must not take it for an answer. */
  silence(): void {
    this.#current.silenced = true;
  }

  info(text: string): void {
    if (!this.#current.silenced) this.#parts.line.writer.text(text);
  }

  afterwards(action: FollowUp["action"], dropped: FollowUp["dropped"]): void {
    this.#afterCommand.push(this.#followUp(action, dropped));
  }

  /** Runs what the host has completed. */
  run(event: LineEvent): void {
    const { line, clock, events, table } = this.#parts;
    line.give(this);
    if (event.kind === "line") this.#lastLine = event.body;
    const body = event.kind === "overlong" ? event.body : this.#lastLine;
    this.#current = newLine(body, clock.monotonic());
    if (events.active) events.emit({ type: "line", text: maskedLine(body, table) });
    if (event.kind === "overlong") this.#finish("ERROR");
    else this.#runFrom(parseCommandLine(body), 0);
  }

  /** Runs the commands of a line from `index` on, one after the other, to the first failure. */
  #runFrom(commands: readonly Parsed[], index: number): void {
    const { signal, line } = this.#parts;
    const next = index + 1;
    const outcome =
      commands.length === 0 ? "OK" : this.#invoke(commands[index] ?? "malformed", next === commands.length);
    if (!(outcome instanceof Promise)) {
      this.#proceed(outcome, commands, next);
      return;
    }
    void outcome.then((result) => {
      if (signal.aborted) return;
      this.#proceed(result, commands, next);
      line.pump();
    });
  }

  #proceed(result: Result, commands: readonly Parsed[], next: number): void {
    const ends = endsLine(result) || next >= commands.length;
    if (this.#afterCommand.length > 0 && !ends && this.#current.kind !== "synchronous") {
      // Here it has no final result code to wait for, and the next command has to wait for it.
      this.#follow(this.#afterCommand, () => this.#runFrom(commands, next));
      return;
    }
    for (let own = this.#afterCommand.shift(); own !== undefined; own = this.#afterCommand.shift()) {
      this.#afterLine.push(own);
    }
    if (ends) this.#finish(result);
    else this.#runFrom(commands, next);
  }

  #finish(result: Result): void {
    const { line } = this.#parts;
    const current = this.#current;
    if (!current.silenced) line.writer.result(result);
    current.answered = true;
    if (this.#afterLine.length === 0) {
      line.free();
      return;
    }
    void line.writer.flush();
    this.#follow(this.#afterLine, () => {
      if (line.owner === this) line.free();
    });
  }

  /** Runs what follows a command, one action after the other, and then goes on. */
  #follow(followUps: FollowUp[], goOn: () => void): void {
    const { line, signal } = this.#parts;
    for (let next = followUps.shift(); next !== undefined; next = followUps.shift()) {
      const going = this.#runFollowUp(next);
      if (!(going instanceof Promise)) continue;
      void going.then(() => {
        if (signal.aborted) return;
        this.#follow(followUps, goOn);
        line.pump();
      });
      return;
    }
    if (!signal.aborted) goOn();
  }

  #runFollowUp(followUp: FollowUp): Promise<unknown> | undefined {
    this.#followUps.delete(followUp);
    return this.#track(followUp.action);
  }

  /** Runs something whose end the module waits for; what it fails with is logged. */
  #track(action: () => void | Promise<void>): Promise<unknown> | undefined {
    try {
      const going = action();
      if (!(going instanceof Promise)) return undefined;
      return this.#parts.work.track(going.catch((error: unknown) => this.#failed(error)));
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #followUp(action: FollowUp["action"], dropped: FollowUp["dropped"]): FollowUp {
    const followUp = { action, dropped };
    if (this.#parts.signal.aborted) void this.#track(dropped);
    else this.#followUps.add(followUp);
    return followUp;
  }

  #invoke(parsed: Parsed, isLast: boolean): Result | Promise<Result> {
    const { table } = this.#parts;
    const command = findCommand(table, parsed);
    if (command === undefined || parsed === "malformed") return this.#refuse(parsed);
    this.#current.name = command.name;
    this.#current.kind = command.kind;
    const begun = this.#begin(command, parsed);
    // One that enters data needs the line.
    const isBeside = command.kind === "asynchronous" && isLast && begun.interception?.answer?.entry === undefined;
    return isBeside ? this.#runAsynchronous(begun) : this.#carryOut(begun, this.#direct);
  }

  #refuse(parsed: Parsed): Result | Promise<Result> {
    const { events, table } = this.#parts;
    if (events.active) {
      events.emit(unknownEvent(parsed, this.#current.body, table));
      events.emit(resultEvent(parsed === "malformed" ? "" : parsed.name, "ERROR", 0));
    }
    if (parsed === "malformed") return "ERROR";
    this.#current.name = parsed.name;
    return this.#intercepted(this.#interceptionOf(parsed.name, parsed.form), this.#direct, () => "ERROR");
  }

  #interceptionOf(name: string, form: Invocation["form"]): Interception | undefined {
    const { intercept, signal } = this.#parts;
    return intercept?.(name, form, signal);
  }

  /** Runs a command, unless it is to be delayed or answered otherwise. */
  #intercepted(
    interception: Interception | undefined,
    context: C,
    run: () => Result | Promise<Result>,
  ): Result | Promise<Result> {
    if (interception === undefined) return run();
    const { delay, answer } = interception;
    const go = () => (answer === undefined ? run() : standIn(answer, context.line));
    const outcome = delay === undefined ? go() : delay.then(go);
    if (!(outcome instanceof Promise)) return outcome;
    return this.#parts.work.track(outcome.catch((error: unknown) => this.#failed(error)));
  }

  /** Emits that a command begins, and finds out what is to happen to it: a fault may begin with that event. */
  #begin(command: Command<C>, invocation: Invocation): BegunCommand<C> {
    const { events, clock } = this.#parts;
    const at = clock.monotonic();
    if (events.active) events.emit(commandEvent(command, invocation));
    return { command, invocation, at, interception: this.#interceptionOf(command.name, invocation.form) };
  }

  #carryOut({ command, invocation, at, interception }: BegunCommand<C>, context: C): Result | Promise<Result> {
    const { events, clock, signal } = this.#parts;
    const outcome = this.#intercepted(interception, context, () => this.#attempt(command, invocation, context));
    if (!events.active) return outcome;
    const ended = (result: Result) => {
      if (!signal.aborted) events.emit(resultEvent(command.name, result, clock.monotonic() - at));
      return result;
    };
    return outcome instanceof Promise ? outcome.then(ended) : ended(outcome);
  }

  /** Frees the line while the command goes on; its whole answer is printed in one piece when it has ended. */
  #runAsynchronous(begun: BegunCommand<C>): Result {
    const { context, settings, line } = this.#parts;
    const texts: string[] = [];
    const followUps: FollowUp[] = [];
    const answer: Answer = {
      info: (text) => void texts.push(text),
      afterwards: (action, dropped) => void followUps.push(this.#followUp(action, dropped)),
    };
    const outcome = this.#carryOut(begun, context(answer));
    if (!(outcome instanceof Promise)) {
      for (const text of texts) this.info(text);
      this.#afterCommand.push(...followUps);
      return outcome;
    }
    void outcome.then(async (result) => {
      await line.writer.whenFree(() => [
        ...texts.map((text) => frameText(text, settings)),
        frameResult(result, settings) ?? Buffer.alloc(0),
      ]);
      for (const followUp of followUps) await this.#runFollowUp(followUp);
    });
    return "NONE";
  }

  #attempt(command: Command<C>, invocation: Invocation, context: C): Result | Promise<Result> {
    try {
      const outcome = invoke(command, invocation, context, this.#parts.simState());
      if (!(outcome instanceof Promise)) return outcome;
      return this.#parts.work.track(outcome.catch((error: unknown) => this.#failed(error)));
    } catch (error) {
      return this.#failed(error);
    }
  }

  /** A handler that throws has a bug, or was cut off by a reset or because its host has gone; the session goes on in any case. */
  #failed(error: unknown): Result {
    if (!this.#parts.signal.aborted && !(error instanceof HostGoneError)) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#parts.log.error({ event: "handler-failed", detail });
    }
    return "ERROR";
  }
}

/** Commands behind a failure do not run, nor those behind one that leads to online data mode (V.250 5.2.1). */
function endsLine(result: Result): boolean {
  return isFailure(result) || result === "CONNECT";
}
