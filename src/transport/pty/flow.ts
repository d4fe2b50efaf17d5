import { closeSync } from "node:fs";
import type { Clock } from "../../platform/time/clock.ts";
import { DescriptorLine, type FlowEvents } from "../flow/descriptor-line.ts";
import type { EchoLoopDetector } from "../flow/echo-loop.ts";
import type { BarePty } from "./bare-pty.ts";
import { type PresenceEvents, PtyPresence } from "./presence.ts";
import { PtySlave } from "./slave.ts";

/** The two ends of a pty: what flows through the master, and what becomes of it as hosts open and close the slave. */
export class PtyFlow implements FlowEvents, PresenceEvents {
  readonly line: DescriptorLine;
  readonly #master: number;
  readonly #slave: PtySlave;
  readonly #presence: PtyPresence;
  readonly #echo: EchoLoopDetector;

  /** Takes over the descriptors. */
  constructor(pty: BarePty, clock: Clock, echo: EchoLoopDetector) {
    this.#master = pty.master;
    this.#slave = new PtySlave(pty.path, pty.slave);
    this.#presence = new PtyPresence(this.#slave, clock, this);
    this.#echo = echo;
    this.line = new DescriptorLine(pty.master, this);
  }

  opened(): void {
    this.line.intake.opened();
  }

  closed(): void {
    // A receiver that holds the host back has not taken everything; the rest must not reach the next host's session.
    this.line.discardInput();
    this.line.intake.closed();
  }

  changed(): void {
    this.line.watch();
  }

  arrived(chunk: Uint8Array): void {
    this.#echo.received(chunk);
    this.#presence.arrived();
  }

  stalled(): void {
    // Without a host the hang-up is what tells that the output reaches nobody.
    this.#slave.release();
  }

  flowing(): void {
    this.#presence.flowing();
  }

  hungUp(): void {
    this.#presence.hungUp();
    if (this.line.backlog > 0) this.#slave.drain();
  }

  refused(): boolean {
    this.#presence.leave();
    return this.#slave.hold();
  }

  get watchesHangUp(): boolean {
    return this.#presence.watchesHangUp;
  }

  get blind(): boolean {
    return this.#presence.blind;
  }

  /** Everything is done before it returns. */
  close(): void {
    this.#presence.close();
    this.line.close();
    closeSync(this.#master);
    this.#slave.release();
  }
}
