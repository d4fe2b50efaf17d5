import { BS, DEL, LF, SP } from "../../codec/control-bytes.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { AT_LIMITS } from "../limits.ts";

const UPPER_A = 0x41;
const UPPER_T = 0x54;
const SLASH = 0x2f;
const CASE_BIT = 0x20;

/**
 * What the host has completed: a command line (its body after `AT`, in latin1), `A/`, or a line that was too long, of which
 * the beginning was kept.
 */
export type LineEvent = { readonly kind: "line" | "overlong"; readonly body: string } | { readonly kind: "repeat" };

/**
 * The state of the line being typed: nothing yet, an `A` that may become `AT` or `A/`, or the body after `AT`.
 * Everything outside a line is noise and is dropped (decisions 1.1).
 */
type State = "noise" | "prefix" | "body";

const NO_BYTES = Buffer.alloc(0);
/** Room for what most command lines need, at first. */
const USUAL = 128;

/** Turns the host's bytes in command mode into command lines, with echo and editing (V.250 5.2; decisions 1.1 to 1.4). */
export class LineEditor {
  readonly #settings: Settings;
  readonly #echo: (bytes: Buffer) => void;
  #body = NO_BYTES;
  /** Bytes typed after `AT`; those past the limit are counted, not kept. */
  #length = 0;
  #state: State = "noise";
  #prefix = UPPER_A;
  /** Whether the `A` of the prefix is on the host's screen, since a `T` after it has been erased. */
  #prefixEchoed = false;
  #afterReturn = false;
  /** Whether the host ends its lines with CR LF, as far as it has shown. */
  #sendsLineFeeds: boolean | undefined;
  #event: LineEvent | undefined;

  /** `echo` gets what is to be echoed, in runs that it then owns. */
  constructor(settings: Settings, echo: (bytes: Buffer) => void) {
    this.#settings = settings;
    this.#echo = echo;
  }

  /** Whether the host has begun a line: then nothing unsolicited may be printed. A lone `A` may be noise (decisions 1.13). */
  get typing(): boolean {
    return this.#state === "body";
  }

  /** Forgets a line that the host has begun: the host has gone. */
  drop(): void {
    this.#reset();
    this.#afterReturn = false;
    this.#sendsLineFeeds = undefined;
  }

  /** Consumes up to the end of the first complete line. Gives how many bytes it took; {@link take} gives the line. */
  push(chunk: Buffer): number {
    const echoed: number[] = [];
    let at = 0;
    while (at < chunk.length && this.#event === undefined) this.#accept(chunk[at++] ?? 0, echoed);
    if (echoed.length > 0 && this.#settings.get("E") === 1) this.#echo(Buffer.from(echoed));
    return at;
  }

  /** The line that was completed by the last push, if any; it is forgotten here. */
  take(): LineEvent | undefined {
    const event = this.#event;
    this.#event = undefined;
    return event;
  }

  /**
   * Whether `byte`, the first after a command line's CR, is the line feed that belongs to it: it is dropped whenever it
   * comes, also when data is expected by then (decisions 1.2). Deviation: it is the first byte of a file where the
   * data are binary and the host has shown that its lines end with CR alone; a file may begin with a line feed.
   */
  skipsLineFeed(byte: number, binary = false): boolean {
    if (!this.#afterReturn || byte !== LF || (binary && this.#sendsLineFeeds === false)) {
      this.#afterReturn = false;
      return false;
    }
    this.#noteAfterReturn(byte);
    return true;
  }

  #noteAfterReturn(byte: number): void {
    if (this.#afterReturn) this.#sendsLineFeeds = byte === LF;
    this.#afterReturn = false;
  }

  #accept(byte: number, echoed: number[]): void {
    this.#noteAfterReturn(byte);
    if (byte === this.#settings.get("S3")) this.#acceptReturn(byte, echoed);
    else if (byte === this.#settings.get("S5") || byte === DEL) this.#erase(echoed);
    else if (byte < SP) return;
    else if (this.#state === "body") this.#append(byte, echoed);
    else this.#acceptPrefix(byte, echoed);
  }

  #acceptPrefix(byte: number, echoed: number[]): void {
    const letter = byte & ~CASE_BIT;
    if (this.#state === "prefix" && (letter === UPPER_T || byte === SLASH)) {
      if (!this.#prefixEchoed) echoed.push(this.#prefix);
      echoed.push(byte);
      if (byte === SLASH) {
        this.#reset();
        this.#event = { kind: "repeat" };
      } else {
        this.#state = "body";
      }
      return;
    }
    this.#reset();
    if (letter === UPPER_A) {
      this.#state = "prefix";
      this.#prefix = byte;
    }
  }

  #append(byte: number, echoed: number[]): void {
    echoed.push(byte);
    if (this.#length === this.#body.length) this.#grow();
    if (this.#length < AT_LIMITS.commandLine) this.#body[this.#length] = byte;
    this.#length++;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(USUAL, 4 * this.#length), AT_LIMITS.commandLine));
    this.#body.copy(larger);
    this.#body = larger;
  }

  #acceptReturn(byte: number, echoed: number[]): void {
    this.#afterReturn = true;
    if (this.#state === "body") {
      echoed.push(byte);
      const kept = Math.min(this.#length, AT_LIMITS.commandLine);
      const kind = this.#length > kept ? "overlong" : "line";
      this.#event = { kind, body: this.#body.toString("latin1", 0, kept) };
    }
    this.#reset();
  }

  #erase(echoed: number[]): void {
    if (this.#state === "noise") return;
    if (this.#state === "prefix") {
      if (!this.#prefixEchoed) {
        this.#reset();
        return;
      }
      this.#reset();
    } else if (this.#length > 0) {
      this.#length--;
    } else {
      this.#state = "prefix";
      this.#prefixEchoed = true;
    }
    echoed.push(BS, SP, BS);
  }

  #reset(): void {
    this.#state = "noise";
    this.#length = 0;
    this.#prefixEchoed = false;
  }
}
