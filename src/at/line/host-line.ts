import type { Settings } from "../../module/settings/settings.ts";
import { onAbort } from "../../platform/abortable.ts";
import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import { withBytes } from "../../platform/long-bytes.ts";
import type { SerialLine } from "../../platform/serial-line.ts";
import { InputQueue } from "../input-queue.ts";
import { CommandMode } from "./command-mode.ts";
import { HeldInput } from "./held-input.ts";
import { HostWriter } from "./host-writer.ts";
import type { LineEvent } from "./line-editor.ts";
import type { LineOwner, LineState } from "./owner.ts";

export interface HostLineParts {
  readonly transport: SerialLine;
  readonly settings: Settings;
  readonly log: Log;
  readonly events: Events;
  /** Ends the line: nothing more is taken or printed. */
  readonly signal: AbortSignal;
  /** Runs what the host has completed in command mode. */
  readonly run: (event: LineEvent) => void;
}

/** Where a command that was typed in the host's place has the line to itself: the host is held back. */
const EXCLUSIVE: ReadonlySet<LineState> = new Set(["running", "entry", "raw"]);

/**
 * The host's line: its queued input, its one writer and its one owner. Somebody else may type in the host's place while the
 * line is idle; until that is answered the host is held back, and nothing that it sends is lost or mixed with it.
 */
export class HostLine {
  readonly input = new InputQueue();
  readonly writer: HostWriter;
  readonly commandMode: CommandMode;
  readonly #signal: AbortSignal;
  readonly #events: Events;
  #owner: LineOwner;
  /** Whether what the line is busy with was typed in the host's place. */
  #typed = false;
  readonly #held = new HeldInput();
  #pumping = false;
  /** There is more to do for {@link pump}. */
  #again = false;

  constructor(parts: HostLineParts) {
    const { signal, settings, events, run } = parts;
    this.#signal = signal;
    this.#events = events;
    this.writer = new HostWriter({
      lineIsFree: () => !signal.aborted && this.#owner.letsUrcsPass,
      hasRoom: () => this.pump(),
      ...parts,
    });
    this.commandMode = new CommandMode({ input: this.input, writer: this.writer, settings, run });
    this.#owner = this.commandMode;
    // Releases the transport, which may be waiting for room in the queue.
    const release = () => {
      this.input.clear();
      this.#held.drop();
    };
    onAbort(signal, release);
  }

  get owner(): LineOwner {
    return this.#owner;
  }

  /** Gives the line to another owner, who takes the input that is left. */
  give(owner: LineOwner): void {
    this.#owner = owner;
  }

  /** Gives the line back to command mode; what has waited for a free line is printed. */
  free(): void {
    this.#owner = this.commandMode;
    this.writer.release();
  }

  /** Takes bytes from the host, which the line then owns; a promise holds the host back. */
  data(chunk: Buffer): Promise<void> | undefined {
    if (this.#signal.aborted) return undefined;
    if (this.holdsHost) return this.#held.hold(chunk);
    // Half a line that was typed in the host's place gives way to the host.
    if (this.#typed && this.#owner.state === "typing") this.commandMode.editor.drop();
    this.#typed &&= this.#owner.state === "online";
    this.#take(chunk, false);
    return this.input.full;
  }

  /**
   * Takes bytes in the host's place, which the line then owns. Refuses them with `false` while the host has begun a line, or
   * what it has begun is still running.
   */
  type(chunk: Buffer): boolean {
    const isFree = this.#owner.state === "idle" && this.input.first === undefined;
    if (this.#signal.aborted || !(isFree || this.#typed)) return false;
    this.#typed = true;
    this.#take(chunk, true);
    return true;
  }

  /** Whether the host waits for the answer to what was typed in its place. */
  get holdsHost(): boolean {
    return this.#typed && EXCLUSIVE.has(this.#owner.state);
  }

  /** The host has gone while it was held back: of what it had sent, whole lines stay. */
  heldHostGone(lineEnd: number): void {
    this.#held.dropAfterLast(lineEnd);
  }

  /**
   * Lets the owners take the queued input, one after the other, and prints what that has caused. Where an owner causes
   * more input to be delivered meanwhile, that is queued too: nothing runs inside a command that has just begun.
   */
  pump(): void {
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#again) {
        this.#again = false;
        while (!this.#signal.aborted && this.#owner.advance());
        void this.writer.flush();
        this.writer.release();
      }
    } finally {
      this.#pumping = false;
    }
    if (this.#typed && this.#owner.state === "idle" && this.input.first === undefined) {
      this.#typed = false;
      this.#held.release((chunk) => this.data(chunk));
    }
  }

  #take(chunk: Buffer, typed: boolean): void {
    if (this.#events.active) {
      this.#events.emit(withBytes(typed ? { type: "host", typed } : { type: "host" }, chunk));
    }
    this.input.push(chunk);
    this.pump();
  }
}
