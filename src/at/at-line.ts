import type { Settings } from "../module/settings/settings.ts";
import { abortable } from "../platform/abortable.ts";
import type { Packet } from "../platform/packet.ts";
import type { RawLine } from "../platform/serial-line.ts";
import type { DataEntry, EntryOutcome } from "./entry/data-entry.ts";
import type { HostWriter } from "./line/host-writer.ts";
import type { OnlineLink } from "./line/online-mode.ts";
import { frameEnds } from "./result-code.ts";

/** Where the response of a command goes, and what follows it. */
export interface Answer {
  info(text: string): void;
  afterwards(action: () => void | Promise<void>, dropped: () => void | Promise<void>): void;
}

/** How a prompt is framed: as an information response, or at the start of a line that the host's data continue. */
export type PromptStyle = "line" | "inline";

/** What else than command lines the host's line can carry for a while. */
export interface LineModes {
  prompt(text: string, entry: DataEntry, style: PromptStyle): Promise<EntryOutcome>;
  exchange<T>(work: (raw: RawLine) => Promise<T>): Promise<T>;
  goOnline(link: OnlineLink, farewell: (() => string) | undefined): void;
  /** Whether there is a link to return to. */
  readonly suspended: boolean;
  resume(): void;
  hangUp(): void;
}

export interface AtLineParts {
  readonly signal: AbortSignal;
  readonly settings: Settings;
  readonly writer: HostWriter;
  readonly answer: Answer;
  readonly modes: LineModes;
}

/** What a handler may do on the line of the host that gave its command. Every method throws once the module has reset. */
export class AtLine {
  readonly #parts: AtLineParts;

  constructor(parts: AtLineParts) {
    this.#parts = parts;
  }

  /** Aborts when the module resets. */
  get signal(): AbortSignal {
    return this.#parts.signal;
  }

  /** Prints one information response; its lines are joined by CR LF. */
  info(text: string): void {
    this.signal.throwIfAborted();
    this.#parts.answer.info(text);
  }

  /**
   * Runs `action` once the final result code of the command line is printed: the one means to order work behind `OK`. The
   * line stays busy until the action, where it is asynchronous, has settled; URCs may come in between, and what the action
   * prints comes at once. In the middle of a line, where a command has no final result code of its own, the action of a
   * holding or detached command runs before the next command. When the module resets before, `dropped` runs instead: it
   * releases what the action would have used.
   */
  afterwards(action: () => void | Promise<void>, dropped: () => void | Promise<void> = () => undefined): void {
    this.#parts.answer.afterwards(action, dropped);
  }

  /**
   * Prints packets at once; resolves when there is room for more. Nothing splits any of them. A holding command's. It is a
   * property because services take it as a callback.
   */
  readonly packets = async (packets: readonly Packet[]): Promise<void> => {
    this.signal.throwIfAborted();
    await this.#parts.writer.packetsNow(packets);
  };

  /**
   * Prints all that `next` gives, until it gives `undefined`, as one information response: bytes as they are, and nothing
   * in between. It is asked again when there is room for more. A holding command's.
   */
  async response(next: () => Promise<Uint8Array | undefined>): Promise<void> {
    const { signal, writer, settings } = this.#parts;
    signal.throwIfAborted();
    const { before, after } = frameEnds(settings);
    writer.bytes(Buffer.from(before, "latin1"));
    try {
      for (let bytes = await next(); bytes !== undefined; bytes = await next()) {
        signal.throwIfAborted();
        writer.bytes(bytes);
        await this.#room();
      }
    } finally {
      if (!signal.aborted) writer.bytes(Buffer.from(after, "latin1"));
    }
  }

  /**
   * Prints a prompt and gives the host's bytes to `entry` until it has ended, or the host has gone or been silent for too
   * long. What came between the command line and the prompt is thrown away (decisions 1.12). Only `ended` data may be used:
   * after any other outcome the command must abort what it has begun.
   */
  async prompt(text: string, entry: DataEntry, style: PromptStyle = "line"): Promise<EntryOutcome> {
    this.signal.throwIfAborted();
    return this.#parts.modes.prompt(text, entry, style);
  }

  /**
   * Gives the line to `work`, raw in both directions, until it settles: nothing is echoed, no URC comes in between, and
   * time-outs are the work's own. What the host sends beyond it is the next command line's. A holding command's.
   */
  exchange<T>(work: (raw: RawLine) => Promise<T>): Promise<T> {
    return this.#parts.modes.exchange(work);
  }

  /**
   * Puts the line into online data mode once the final result code of this line is printed, which is `CONNECT`. The link is
   * closed when either side hangs up; then what `farewell` gives, or `NO CARRIER`, is printed.
   */
  online(link: OnlineLink, farewell?: () => string): void {
    this.afterwards(
      () => this.#parts.modes.goOnline(link, farewell),
      () => link.close(),
    );
  }

  /** Returns to online data mode once `CONNECT` is printed; `false` when no link is suspended. */
  resume(): boolean {
    const { modes } = this.#parts;
    if (!modes.suspended) return false;
    this.afterwards(() => modes.resume());
    return true;
  }

  /** Hangs up the link that is suspended, if there is one. */
  hangUp(): void {
    this.#parts.modes.hangUp();
  }

  #room(): Promise<void> {
    return abortable(this.#parts.writer.flush() ?? Promise.resolve(), this.signal);
  }
}
