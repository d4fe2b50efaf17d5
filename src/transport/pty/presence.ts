import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import type { PtySlave } from "./slave.ts";

/**
 * How long nobody must have had the pty open until the host counts as gone, in milliseconds: a second (decisions 7), less the
 * time that a host which comes back after exactly a second must not win against.
 */
const GONE_AFTER = 900;

/** What the owner of a {@link PtyPresence} does. */
export interface PresenceEvents {
  /** A host has sent its first byte. */
  opened(): void;
  /** Nobody has the pty open, and nobody has had it for a second. */
  closed(): void;
  /** What is to be polled has changed. */
  changed(): void;
}

/**
 * Notices when hosts open and close a pty, without polling.
 *
 * The kernel reports that the last descriptor of the slave was closed, but not while we hold one ourselves. So we hold the
 * slave while no host is known, release it at a host's first byte, and take it again when the kernel reports that nobody is
 * left. Nothing is lost in between: unread bytes of both directions stay in the kernel, and the slave can be opened at any
 * time. A second later we release it once more for a moment, to see whether another host has opened it silently.
 *
 * - `absent`: no host is known; we hold the slave
 * - `present`: a host is there; we do not hold the slave, so that the hang-up is reported
 * - `leaving`: nobody was left; we hold the slave, and ask again a second later
 * - `asking`: we have just released the slave; a hang-up now means that nobody has opened it meanwhile
 *
 * Only Linux behaves so; elsewhere the slave is always held and no host is noticed.
 */
export class PtyPresence {
  readonly #slave: PtySlave;
  readonly #clock: Clock;
  readonly #events: PresenceEvents;
  readonly #tracks = process.platform === "linux";
  #state: "absent" | "present" | "leaving" | "asking" = "absent";
  #alarm: Alarm | undefined;
  /** The slave could not be opened again, so the hang-up lasts and must not be polled for a while. */
  #blind = false;

  constructor(slave: PtySlave, clock: Clock, events: PresenceEvents) {
    this.#slave = slave;
    this.#clock = clock;
    this.#events = events;
  }

  /** Whether the kernel would report a hang-up that matters. */
  get watchesHangUp(): boolean {
    return this.#state === "present" || this.#state === "asking";
  }

  /** Whether polling would report the same hang-up again and again. */
  get blind(): boolean {
    return this.#blind;
  }

  /** A host has sent something. */
  arrived(): void {
    if (!this.#tracks || this.#state === "present") return;
    const before = this.#state;
    this.#state = "present";
    this.#alarm?.cancel();
    this.#slave.release();
    if (before === "absent") this.#events.opened();
  }

  /** Nobody has the slave open. Ends that condition if it can. */
  hungUp(): void {
    // A descriptor of ours was hung up too: a session leader has exited whose controlling terminal this was.
    this.#slave.release();
    this.#blind = !this.#slave.hold();
    if (this.#blind) this.#later(() => this.#see());
    if (this.#state === "present") this.leave();
    else if (this.#state === "asking") {
      this.#state = "absent";
      this.#events.closed();
    }
  }

  /** Nobody is left. Counts the second from now on. */
  leave(): void {
    if (this.#state === "absent") return;
    this.#state = "leaving";
    this.#later(() => this.#ask());
  }

  /** All output has left: without a host we hold the slave again. */
  flowing(): void {
    if (!this.watchesHangUp) this.#slave.hold();
  }

  close(): void {
    this.#state = "absent";
    this.#alarm?.cancel();
  }

  async #ask(): Promise<void> {
    this.#state = "asking";
    this.#see();
    this.#slave.release();
    this.#events.changed();
    // A hang-up is reported within the next turns of the event loop.
    await yieldToIo();
    await yieldToIo();
    if (this.#state === "asking") this.#state = "present";
  }

  #see(): void {
    this.#blind = false;
    this.#events.changed();
  }

  #later(action: () => void): void {
    this.#alarm?.cancel();
    this.#alarm = this.#clock.alarm(GONE_AFTER, action);
  }
}
