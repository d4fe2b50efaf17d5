import type { Settings } from "../../module/settings/settings.ts";
import { abortable, onAbort } from "../../platform/abortable.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import { frameResult, frameText } from "../result-code.ts";
import { EscapeSequence } from "./escape-sequence.ts";
import type { HostLine } from "./host-line.ts";
import type { Departure, LineOwner } from "./owner.ts";

/** The far end of online data mode: a transparent socket or a data call. */
export interface OnlineLink {
  /** Takes the host's bytes; a promise holds the host back. A rejection ends the link. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** Gives what the far end sends next; `undefined`, or a rejection, at the end of the link. */
  read(): Promise<Uint8Array | undefined>;
  /** Hangs up. */
  close(): void;
  /** What comes while the link is suspended is lost instead of held: its end is seen then, too. */
  readonly isLossy?: boolean;
}

export interface OnlineModeParts {
  readonly line: HostLine;
  readonly link: OnlineLink;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Gives what is printed when the link ends; `NO CARRIER` without it. */
  readonly farewell: (() => string) | undefined;
  /** Called when the link has ended, for any reason. */
  readonly ended: () => void;
}

/** S12 counts fiftieths of a second. */
const GUARD_UNIT = 20;

/**
 * Owns the line in online data mode: bytes pass between host and link, raw and with backpressure both ways. The escape
 * sequence, or DTR with AT&D1, leads back to command mode; the link stays, and {@link attach} resumes it (V.250 6.3.7).
 */
export class OnlineMode implements LineOwner {
  readonly state = "online";
  readonly letsUrcsPass = false;
  readonly #parts: OnlineModeParts;
  #escape: EscapeSequence;
  #guard: Alarm | undefined;
  /** The link has no room for more. */
  #full = false;
  #over = false;
  #attached: (() => void) | undefined;
  readonly #release: () => void;

  constructor(parts: OnlineModeParts) {
    this.#parts = parts;
    this.#escape = new EscapeSequence(parts.clock.monotonic());
    this.#release = onAbort(parts.signal, () => this.#end());
    void this.#printWhatComes();
  }

  /** Enters online data mode, for the first time or again. */
  attach(): void {
    const { line, clock } = this.#parts;
    if (this.#over) return;
    this.#escape = new EscapeSequence(clock.monotonic());
    line.give(this);
    this.#attached?.();
    line.pump();
  }

  advance(): boolean {
    const { line, settings, clock } = this.#parts;
    const chunk = line.input.first;
    if (chunk === undefined || this.#full) return false;
    line.input.consume(chunk.length);
    const guard = settings.get("S12") * GUARD_UNIT;
    this.#guard?.cancel();
    const { before, held } = this.#escape.push(chunk, settings.get("S2"), clock.monotonic(), guard);
    if (this.#escape.pending) this.#guard = clock.alarm(guard, () => this.#silence());
    if (!held) this.#send(before.length === 0 ? chunk : Buffer.concat([before, chunk]));
    return true;
  }

  /** V.250 6.2.9: AT&D1 keeps the link, AT&D2 hangs it up. A host that has closed the line finds command mode in any case. */
  hostGone(how: Departure): void {
    this.#parts.line.input.clear();
    if (this.#parts.settings.get("&D") === 2) this.#end(how === "dtr");
    else this.#suspend(how === "dtr");
  }

  /** Ends the link without a word, in online data mode or suspended. */
  hangUp(): void {
    this.#end();
  }

  #isAttached(): boolean {
    return this.#parts.line.owner === this;
  }

  #silence(): void {
    const outcome = this.#escape.silence(this.#parts.settings.get("S2"));
    if (outcome === true) this.#suspend(true);
    else this.#send(outcome);
  }

  #suspend(announced: boolean): void {
    const { line } = this.#parts;
    this.#guard?.cancel();
    if (announced) line.writer.result("OK");
    line.free();
    line.pump();
  }

  #send(bytes: Buffer): void {
    const sending = this.#parts.link.write(bytes);
    if (sending === undefined) return;
    this.#full = true;
    const taken = () => {
      this.#full = false;
      this.#parts.line.pump();
    };
    sending.then(taken, () => this.#end(true));
  }

  async #printWhatComes(): Promise<void> {
    const { link, line, signal } = this.#parts;
    try {
      for (;;) {
        const bytes = await abortable(link.read(), signal);
        if (bytes === undefined) break;
        if (!this.#isAttached()) {
          if (link.isLossy === true) continue;
          await this.#untilAttached();
        }
        if (this.#over) return;
        line.writer.bytes(bytes);
        await abortable(line.writer.flush() ?? Promise.resolve(), signal);
      }
    } catch {
      // A link that fails has ended.
    }
    this.#end(true);
  }

  #untilAttached(): Promise<void> {
    return new Promise((resolve) => {
      this.#attached = resolve;
    });
  }

  #end(announced = false): void {
    const { line, link, settings, signal, farewell, ended } = this.#parts;
    if (this.#over) return;
    this.#over = true;
    this.#guard?.cancel();
    this.#release();
    link.close();
    this.#attached?.();
    ended();
    if (signal.aborted) return;
    const said = farewell === undefined ? frameResult("NO CARRIER", settings) : frameText(farewell(), settings);
    if (announced && said !== undefined) {
      if (this.#isAttached()) line.writer.bytes(said);
      else void line.writer.whenFree(() => [said]);
    }
    if (this.#isAttached()) line.free();
    line.pump();
  }
}
