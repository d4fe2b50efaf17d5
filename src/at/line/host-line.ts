import type { Settings } from "../../module/settings/settings.ts";
import type { Events } from "../../platform/events.ts";
import type { Log } from "../../platform/log.ts";
import type { SerialLine } from "../../platform/serial-line.ts";
import { InputQueue } from "../input-queue.ts";
import { CommandMode } from "./command-mode.ts";
import { HostWriter } from "./host-writer.ts";
import type { LineEvent } from "./line-editor.ts";
import type { LineOwner } from "./owner.ts";

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

/** The host's line: its queued input, its one writer and its one owner. */
export class HostLine {
  readonly input = new InputQueue();
  readonly writer: HostWriter;
  readonly commandMode: CommandMode;
  readonly #signal: AbortSignal;
  readonly #events: Events;
  #owner: LineOwner;
  #pumping = false;
  /** There is more to do for {@link pump}. */
  #again = false;

  constructor(parts: HostLineParts) {
    const { signal, settings, events, run } = parts;
    this.#signal = signal;
    this.#events = events;
    this.writer = new HostWriter({
      ...parts,
      lineIsFree: () => !signal.aborted && this.#owner.letsUrcsPass,
      hasRoom: () => this.pump(),
    });
    this.commandMode = new CommandMode({ input: this.input, writer: this.writer, settings, run });
    this.#owner = this.commandMode;
    // Releases the transport, which may be waiting for room in the queue.
    signal.addEventListener("abort", () => this.input.clear(), { once: true });
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
    if (this.#events.active) this.#events.emit({ type: "host", bytes: chunk.toString("latin1") });
    this.input.push(chunk);
    this.pump();
    return this.input.full;
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
  }
}
