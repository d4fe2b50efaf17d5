import { Backlog } from "../flow/backlog.ts";

/** What a {@link TelnetOutput} sends with. */
interface TelnetOutputParts {
  /** Resolves when the connection has taken the bytes; a rejection means that it takes no more. */
  send(bytes: Uint8Array): Promise<void>;
  /** Makes a piece of data ready for the connection. */
  encode(bytes: Uint8Array): Uint8Array;
  /** Gives a notification that is due, whole; asked for as late as possible, so that changes that nobody reads do not add up. */
  notification(): Uint8Array | undefined;
}

/**
 * Everything that goes to the other end of a connection: answers and commands first, then notifications, then data, which can
 * be held or dropped on their own.
 */
export class TelnetOutput {
  readonly #parts: TelnetOutputParts;
  readonly #data = new Backlog();
  readonly #answers = new Backlog();
  #sending = false;
  #held = false;
  #closed = false;

  constructor(parts: TelnetOutputParts) {
    this.#parts = parts;
  }

  /** How many bytes of data wait. */
  get backlog(): number {
    return this.#data.length;
  }

  /** Sends data; as {@link SerialLine.write}. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed || bytes.length === 0) return undefined;
    this.#data.push(bytes);
    this.wake();
    return this.#data.room();
  }

  /** Sends an answer or a command, encoded already, before all data that wait. */
  answer(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#answers.push(bytes);
    this.wake();
  }

  /** A promise while so many answers wait that the other end must be held back. */
  answersRoom(): Promise<void> | undefined {
    return this.#answers.room();
  }

  /** Holds the data back, or lets them go again. */
  hold(on: boolean): void {
    this.#held = on;
    this.wake();
  }

  /** Resolves when no data wait. */
  async drained(): Promise<void> {
    while (this.#data.length > 0) await this.#data.consumed();
  }

  /** Drops the data that wait. */
  purge(): void {
    this.#data.clear();
  }

  /** Drops everything that waits and what is written later. */
  close(): void {
    this.#closed = true;
    this.#answers.clear();
    this.#data.clear();
  }

  /** Sends what is due. To be called when a notification may be. */
  wake(): void {
    if (!this.#sending) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    try {
      for (let piece = this.#next(); piece !== undefined; piece = this.#next()) await this.#parts.send(piece);
    } catch {
      this.close();
    }
    this.#sending = false;
  }

  #next(): Uint8Array | undefined {
    if (this.#closed) return undefined;
    const other = take(this.#answers) ?? this.#parts.notification();
    if (other !== undefined || this.#held) return other;
    const data = take(this.#data);
    return data && this.#parts.encode(data);
  }
}

/** Takes a piece; what is sent cannot be dropped any more. */
function take(backlog: Backlog): Uint8Array | undefined {
  const piece = backlog.first();
  if (piece !== undefined) backlog.consume(piece.length);
  return piece;
}
