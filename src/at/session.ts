import type { Settings } from "../module/settings/settings.ts";
import type { SimState } from "../module/sim.ts";
import type { Timing } from "../module/timing.ts";
import { abortable } from "../platform/abortable.ts";
import { type Events, noEvents } from "../platform/events.ts";
import type { Log } from "../platform/log.ts";
import type { Packet } from "../platform/packet.ts";
import type { RawLine, SerialLine } from "../platform/serial-line.ts";
import { type Clock, sleep } from "../platform/time/clock.ts";
import type { WorkSet } from "../platform/work-set.ts";
import { type Answer, AtLine, type LineModes, type PromptStyle } from "./at-line.ts";
import { CommandRunner } from "./command-runner.ts";
import type { CommandTable } from "./command-table.ts";
import type { DataEntry, EntryOutcome } from "./entry/data-entry.ts";
import type { Intercept } from "./interception.ts";
import { AT_LIMITS } from "./limits.ts";
import { DataPrompt } from "./line/data-prompt.ts";
import { HostLine } from "./line/host-line.ts";
import { type OnlineLink, OnlineMode } from "./line/online-mode.ts";
import { type Departure, type LinePhase, PHASES } from "./line/owner.ts";
import { frameEnds, frameResult, frameText } from "./result-code.ts";
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
  /** Makes the context of handlers whose response goes to that line. */
  readonly context: (line: AtLine) => C;
  readonly simState: () => SimState;
  /** What keeps commands from their handlers: faults. */
  readonly intercept?: Intercept | undefined;
  /** What must settle before the session is over: handlers, and what follows their final result codes. */
  readonly work: WorkSet;
  /** Called when online data mode has a carrier, and when it has lost it (circuit 109). */
  readonly carrier?: (on: boolean) => void;
}

/**
 * The AT interface on one serial line: bytes in, command lines and data apart, one command line at a time, answers out
 * through the one writer (decisions 1 and 2). Who takes the host's bytes at a time is said in `line/owner.ts`.
 */
export class AtSession<C extends { readonly line: AtLine }> implements LineModes {
  readonly #parts: SessionParts<C>;
  readonly #events: Events;
  readonly #line: HostLine;
  readonly #runner: CommandRunner<C>;
  /** The link of online data mode, which may be suspended. */
  #online: OnlineMode | undefined;

  constructor(parts: SessionParts<C>) {
    const {
      events = noEvents,
      transport,
      table,
      clock,
      log,
      signal,
      settings,
      context,
      simState,
      intercept,
      work,
    } = parts;
    this.#parts = parts;
    this.#events = events;
    this.#line = new HostLine({ transport, settings, log, events, signal, run: (event) => this.#runner.run(event) });
    const { writer } = this.#line;
    this.#runner = new CommandRunner({
      line: this.#line,
      settings,
      table,
      clock,
      log,
      events,
      signal,
      simState,
      work,
      intercept,
      context: (answer: Answer) => context(new AtLine({ signal, settings, writer, answer, modes: this })),
    });
  }

  /** Takes bytes from the host, which it then owns; a promise holds the host back. May be called while it runs. */
  data(chunk: Buffer): Promise<void> | undefined {
    return this.#line.data(chunk);
  }

  /** Takes bytes in the host's place, which it then owns; `false` while the line is not free for that. */
  type(chunk: Buffer): boolean {
    return this.#line.type(chunk);
  }

  /**
   * Prints an unsolicited line as soon as the line is free. When too many wait, the oldest are dropped but those that
   * `outcome` marks: what has become of a service's work is always printed.
   */
  urc(text: string, kind: "report" | "outcome" = "report"): void {
    this.#line.writer.urc(text, kind === "report");
  }

  /** Prints packets as soon as the line is free; resolves when there is room for more. */
  packets(packets: readonly Packet[]): Promise<void> {
    return this.#line.writer.packets(packets);
  }

  /** Prints bytes as they are as soon as the line is free; resolves when there is room for more. */
  bytes(bytes: Uint8Array): Promise<void> {
    return this.#line.writer.whenFree(() => [bytes]);
  }

  /**
   * Puts the line into online data mode as soon as it is free, with `text` before `CONNECT`: the module has answered. The
   * rest is as of {@link AtLine.online}.
   */
  answer(text: string, link: OnlineLink, farewell?: () => string): void {
    const { settings } = this.#parts;
    void this.#line.writer.whenFree(() => {
      this.goOnline(link, farewell);
      return [frameText(text, settings), frameResult("CONNECT", settings) ?? Buffer.alloc(0)];
    });
  }

  /** The host has closed the line: what it has begun is cut, and the next host finds a clean line (decisions 7). */
  hostGone(): void {
    this.#depart("closed");
  }

  /** Circuit 108 (DTR) has gone off: AT&D says whether that counts. @spec V.250 6.2.9 */
  dtrDropped(): void {
    if (this.#parts.settings.get("&D") !== 0) this.#depart("dtr");
  }

  /** What the host's line is busy with. */
  get phase(): LinePhase {
    return PHASES[this.#line.owner.state];
  }

  /** How many bytes wait for the host. */
  get backlog(): number {
    return this.#parts.transport.backlog;
  }

  /** @internal For {@link AtLine}. */
  prompt(text: string, entry: DataEntry, style: PromptStyle): Promise<EntryOutcome> {
    const { settings, clock, signal, timing } = this.#parts;
    const runner = this.#runner;
    const cut = (how: Departure) => {
      runner.hostGone(how);
      if (how === "closed") runner.silence();
    };
    const { hostGone, name } = runner.current;
    if (hostGone !== undefined) {
      cut(hostGone);
      this.#line.input.clear();
      return Promise.resolve("cut");
    }
    const prompt = new DataPrompt({
      line: this.#line,
      entry,
      clock,
      events: this.#events,
      signal,
      name,
      echoes: () => settings.get("E") === 1,
      silence: AT_LIMITS.entrySilence * timing.timeoutScale,
      owner: runner,
      cut,
    });
    const framed = () =>
      style === "line" ? frameText(text, settings) : Buffer.from(frameEnds(settings).after + text, "latin1");
    return prompt.run(framed, () => this.#whenPromptIsDue());
  }

  /** @internal For {@link AtLine}. */
  async exchange<T>(work: (raw: RawLine) => Promise<T>): Promise<T> {
    const { clock, signal } = this.#parts;
    const line = this.#line;
    const write = async (bytes: Uint8Array) => {
      signal.throwIfAborted();
      line.writer.bytes(bytes);
      await abortable(line.writer.flush() ?? Promise.resolve(), signal);
    };
    const raw = new SessionRawLine({ input: line.input, clock, signal, write });
    if (this.#runner.current.hostGone !== undefined) raw.hostGone();
    line.give(raw);
    try {
      return await work(raw);
    } finally {
      line.give(this.#runner);
      line.pump();
    }
  }

  /** @internal For {@link AtLine}. */
  goOnline(link: OnlineLink, farewell: (() => string) | undefined): void {
    const { settings, clock, signal, carrier } = this.#parts;
    this.#online?.hangUp();
    carrier?.(true);
    const online = new OnlineMode({
      line: this.#line,
      link,
      settings,
      clock,
      signal,
      farewell,
      ended: () => {
        this.#online = undefined;
        carrier?.(false);
      },
    });
    this.#online = online;
    online.attach();
  }

  /** @internal For {@link AtLine}. */
  get suspended(): boolean {
    return this.#online !== undefined;
  }

  /** @internal For {@link AtLine}. */
  resume(): void {
    this.#online?.attach();
  }

  /** @internal For {@link AtLine}. */
  hangUp(): void {
    this.#online?.hangUp();
  }

  /** The dialect's least time since the command line is over, and what the host has sent before has been delivered. */
  async #whenPromptIsDue(): Promise<void> {
    const { clock, timing, signal, transport } = this.#parts;
    const early = this.#runner.current.started + timing.promptDelay - clock.monotonic();
    if (early > 0) await sleep(clock, early, signal);
    await transport.settle();
  }

  #depart(how: Departure): void {
    const { owner, holdsHost } = this.#line;
    if (holdsHost) {
      this.#line.heldHostGone(this.#parts.settings.get("S3"));
      return;
    }
    owner.hostGone(how);
    const suspended = owner.state === "online" ? undefined : this.#online;
    if (this.#parts.settings.get("&D") === 2) suspended?.hostGone(how);
    this.#line.pump();
  }
}
