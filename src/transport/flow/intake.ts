import type { Receiver } from "../../platform/serial-line.ts";

/**
 * Gives a host's bytes to the receiver, one chunk at a time: `data()` is never called while `data()` runs or while its
 * promise is pending. All transports deliver through it.
 */
export class Intake {
  readonly #more: () => void;
  #receiver: Receiver | undefined;
  #running = false;
  #held = false;
  #over = false;
  #settled: Promise<void> = Promise.resolve();

  /** `more` is called whenever the receiver can take a chunk again. */
  constructor(more: () => void) {
    this.#more = more;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  /** Whether the receiver can take a chunk now. */
  get ready(): boolean {
    return this.#receiver !== undefined && !this.#running && !this.#held && !this.#over;
  }

  /** Resolves when the chunk that was given last has been taken. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Gives a chunk; only when {@link ready}. */
  give(chunk: Buffer): void {
    const taking = this.#call((receiver) => receiver.data(chunk));
    if (taking === undefined) return;
    this.#held = true;
    const release = () => {
      this.#held = false;
      if (!this.#over) this.#more();
    };
    this.#settled = taking.then(release, release);
  }

  opened(): void {
    this.#call((receiver) => receiver.opened?.());
  }

  closed(): void {
    this.#call((receiver) => receiver.closed?.());
  }

  /** Reports that no more will come, and resolves when the receiver has finished what still runs. */
  async finish(): Promise<void> {
    await this.#settled;
    this.closed();
    await this.#call((receiver) => receiver.ended?.())?.catch(() => undefined);
  }

  /** Reports that the medium is gone. The receiver hears nothing afterwards. */
  lose(reason: Error): void {
    this.#call((receiver) => receiver.lost(reason));
    this.close();
  }

  /** The receiver hears nothing any more. */
  close(): void {
    this.#over = true;
  }

  #call<T>(action: (receiver: Receiver) => T): T | undefined {
    if (this.#receiver === undefined || this.#over) return undefined;
    this.#running = true;
    try {
      return action(this.#receiver);
    } finally {
      this.#running = false;
    }
  }
}
