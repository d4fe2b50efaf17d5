import type { RigEvent } from "../../rig/events.ts";
import type { Mask } from "../compare/mask.ts";
import { type SerialEvent, serialEvents } from "../compare/serial-events.ts";
import { type Exchange, OpenExchange } from "./exchange.ts";
import type { OurModule } from "./our-module.ts";

/** Bytes of a record that are read ahead of our module. */
const AHEAD = 64 * 1024;

export interface CompareOptions {
  readonly mask: Mask;
  readonly modem?: string | undefined;
  /** Milliseconds by which an answer may take longer than in the record. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Replays the host of a session to a module of ours, one command line with its answer after the other, and gives each
 * exchange. After a difference the module is brought back to its command mode, and the next one begins.
 */
export async function* compareSession(
  events: AsyncIterable<RigEvent>,
  ours: OurModule,
  options: CompareOptions,
): AsyncGenerator<Exchange> {
  const session = new ComparedSession(ours, options);
  for await (const event of serialEvents(events, options.modem)) {
    options.signal.throwIfAborted();
    const ended = event.type === "host" ? await session.host(event) : await session.module(event);
    if (ended !== undefined) yield ended;
  }
  const last = await session.end();
  if (last !== undefined) yield last;
}

class ComparedSession {
  readonly #ours: OurModule;
  readonly #options: CompareOptions;
  #current: OpenExchange | undefined;
  /** The first bytes of the host, until it shows whether their module echoed. */
  #held: string | undefined;
  #isFirst = true;
  #before = 0;
  #sent = 0;

  constructor(ours: OurModule, options: CompareOptions) {
    this.#ours = ours;
    this.#options = options;
  }

  async host({ bytes, at }: SerialEvent): Promise<Exchange | undefined> {
    await this.#release(true);
    let ended: Exchange | undefined;
    if (this.#current?.isEndedBy(bytes, at) === true) ended = await this.end();
    const { mask } = this.#options;
    const isNew = this.#current === undefined;
    this.#current ??= new OpenExchange(at, this.#ours, mask);
    const current = this.#current;
    current.sent(bytes, at);
    if (!isNew) await this.#settle(current);
    this.#before = at;
    this.#sent = at;
    if (this.#isFirst) this.#held = bytes;
    else if (isNew || current.comparison.state !== "different" || this.#ours.phase === "entry")
      await this.#ours.send(bytes);
    else current.skipped();
    this.#isFirst = false;
    return ended;
  }

  /** What their module says before the host has said anything is its own. */
  async module({ bytes, at }: SerialEvent): Promise<undefined> {
    if (this.#current === undefined) return;
    await this.#release(this.#held === undefined || bytes.startsWith(this.#held.slice(0, bytes.length)));
    this.#before = at;
    this.#current.answered(bytes, at);
    const { comparison } = this.#current;
    if (comparison.backlog.awaited > AHEAD && comparison.state !== "different") await this.#settle(this.#current);
  }

  /** Ends the exchange that goes on, if there is one. */
  async end(): Promise<Exchange | undefined> {
    const current = this.#current;
    if (current === undefined) return undefined;
    await this.#release(true);
    await this.#settle(current);
    this.#current = undefined;
    const exchange = current.end();
    if (exchange.difference !== undefined) await this.#ours.recover(this.#options.signal);
    return exchange;
  }

  #settle({ comparison, lateness }: OpenExchange): Promise<void> {
    const patience = this.#options.timeout + Math.max(0, this.#before - this.#sent);
    return this.#ours.settle(comparison, { patience, lateness }, this.#options.signal);
  }

  /** Sends what was held back, to a module that echoes or not, as theirs did. */
  async #release(echoes: boolean): Promise<void> {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    if (!echoes) await this.#ours.silenceEcho(this.#options.signal);
    await this.#ours.send(held);
  }
}
