import { encodeEtx } from "../../codec/etx/encoder.ts";
import { InTurn } from "../../platform/in-turn.ts";
import type { Alarm, Clock } from "../../platform/time/clock.ts";
import type { Attachment } from "./attachment.ts";
import { Conversation, type Entry, type Shown } from "./conversation.ts";
import { typedBytes } from "./typed-bytes.ts";

/** How long nothing comes before what has no line end is shown, in milliseconds. */
const QUIET = 60;
/** How long an answer is awaited before the next line is sent all the same, in milliseconds: a little more than data entry may take. */
const PATIENCE = 150_000;

/** What a user asks of a console. */
export type Input =
  | { readonly kind: "line"; readonly text: string }
  /** A control byte alone: Ctrl-Z, which ends data, or ESC, which gives them up. `text` are the data before it. */
  | { readonly kind: "end"; readonly byte: "\x1a" | "\x1b"; readonly text: string };

export interface ConsoleSessionParts {
  readonly attachment: Attachment;
  readonly clock: Clock;
  readonly show: (shown: readonly Shown[]) => void;
  /** What is awaited has changed: the prompt may have to. */
  readonly changed: () => void;
  /** Runs a `:` command. */
  readonly ctl: (line: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * One input after the other: the next one is sent when the one before is answered, so that what is pasted runs as if typed.
 * What happens on the line is shown meanwhile.
 */
export class ConsoleSession {
  readonly #parts: ConsoleSessionParts;
  readonly #conversation: Conversation;
  #silence: Alarm | undefined;
  #answered: () => void = () => undefined;
  readonly #inputs = new InTurn();

  constructor(parts: ConsoleSessionParts) {
    this.#parts = parts;
    this.#conversation = new Conversation(parts.attachment);
  }

  /** The data entry that the console's command has asked for. */
  get entry(): Entry | undefined {
    return this.#conversation.entry;
  }

  get busy(): boolean {
    return this.#conversation.busy;
  }

  /** Shows what happens until the signal aborts. Throws when the rig or the port is lost. */
  async watch(): Promise<void> {
    const { attachment, signal } = this.#parts;
    try {
      for await (const sight of attachment.sights(signal)) {
        this.#show(this.#conversation.saw(sight));
        this.#restartSilence();
      }
    } finally {
      this.#silence?.cancel();
      this.#show(this.#conversation.quiet());
    }
  }

  /** Sends an input when its turn has come; gives whether it was taken, once it is answered. */
  submit(input: Input): Promise<boolean> {
    return this.#inputs.run(() => this.#run(input));
  }

  /** Stops waiting for the answer. */
  giveUp(): void {
    this.#conversation.giveUp();
    this.#settle();
  }

  async #run(input: Input): Promise<boolean> {
    const { entry } = this.#conversation;
    if (input.kind === "line" && entry === undefined) {
      const line = input.text.trim();
      if (line.startsWith(":")) {
        await this.#parts.ctl(line.slice(1));
        return true;
      }
      if (line === "") return true;
      return this.#send(Buffer.concat([typedBytes(line), Buffer.from("\r")]));
    }
    const data = dataBytes(input, entry);
    return data.length === 0 || this.#send(data);
  }

  async #send(bytes: Buffer): Promise<boolean> {
    const { attachment, signal } = this.#parts;
    this.#conversation.sending(bytes);
    this.#parts.changed();
    const refusal = await attachment.send(bytes, signal);
    if (refusal !== undefined) {
      this.#conversation.refused();
      this.#show([{ kind: "error", text: refusal }]);
      return false;
    }
    this.#restartSilence();
    await this.#answer();
    return true;
  }

  /** Resolves when nothing is awaited any more, or data are. */
  #answer(): Promise<void> {
    const { signal, clock } = this.#parts;
    return new Promise((resolve) => {
      const giveUp = () => this.giveUp();
      const patience = clock.alarm(PATIENCE, giveUp);
      signal.addEventListener("abort", giveUp, { once: true });
      this.#answered = () => {
        if (this.#conversation.busy && this.#conversation.entry === undefined) return;
        patience.cancel();
        signal.removeEventListener("abort", giveUp);
        this.#answered = () => undefined;
        resolve();
      };
      this.#settle();
    });
  }

  #show(shown: readonly Shown[]): void {
    if (shown.length > 0) this.#parts.show(shown);
    this.#settle();
  }

  #settle(): void {
    this.#answered();
    this.#parts.changed();
  }

  #restartSilence(): void {
    this.#silence?.cancel();
    this.#silence = this.#parts.clock.alarm(QUIET, () => this.#show(this.#conversation.quiet()));
  }
}

/** What an input is on the wire while data are entered: a line with its end, and the end of the data. */
export function dataBytes(input: Input, entry: Entry | undefined): Buffer {
  const typed = typedBytes(input.text);
  const end = input.kind === "line" ? (entry?.ends === "text" ? "\r" : "\r\n") : "";
  const plain = Buffer.concat([typed, Buffer.from(end)]);
  if (entry?.left !== undefined) return plain.subarray(0, entry.left);
  const data = entry?.ends === "etx" ? encodeEtx(plain) : plain;
  return input.kind === "line" ? data : Buffer.concat([data, Buffer.from(input.byte, "latin1")]);
}
