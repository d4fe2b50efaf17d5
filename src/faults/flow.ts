/** One direction of a connection or of a serial line, as one fault changes it. */
export interface Stage {
  /** Takes bytes, which came at a moment of the clock, and gives what goes on, when it does. Without it all goes on. */
  pass?(bytes: Buffer, at: number): AsyncIterable<Buffer>;
  /** The sender has ended, and all that it sent has passed. What it waits for holds the end back. */
  end?(): Promise<void>;
}

type Item = { readonly bytes: Buffer; readonly at: number } | { readonly end: () => void };

/** What goes one way over a connection: through the stages of the faults, in order, one piece after the other. */
export class Flow {
  /** The stages, in the order in which bytes pass them. */
  readonly stages = new Set<Stage>();
  readonly #queue: Item[] = [];
  readonly #emit: (bytes: Buffer) => void | Promise<void>;
  readonly #moved: () => void;
  #running = false;
  #length = 0;
  #stopped = false;

  /** `moved` is called whenever there is more room. `emit` does not reject. */
  constructor(emit: (bytes: Buffer) => void | Promise<void>, moved: () => void) {
    this.#emit = emit;
    this.#moved = moved;
  }

  /** Whether bytes go on unchanged and at once. */
  get isClear(): boolean {
    return this.stages.size === 0 && this.#queue.length === 0;
  }

  /** How many bytes are on their way. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Buffer, at: number): void {
    this.#length += bytes.length;
    this.#queue.push({ bytes, at });
    this.#run();
  }

  /** Calls `end` when all that was pushed before has gone on. */
  end(end: () => void): void {
    this.#queue.push({ end });
    this.#run();
  }

  /** Drops what is on its way; nothing is emitted any more. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.#length = 0;
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#work().finally(() => {
      this.#running = false;
    });
  }

  async #work(): Promise<void> {
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if ("end" in item) {
        for (const stage of [...this.stages]) await stage.end?.();
        if (!this.#stopped) item.end();
      } else {
        await this.#pass([...this.stages], item.bytes, item.at);
        this.#length = Math.max(0, this.#length - item.bytes.length);
      }
      this.#queue.shift();
      this.#moved();
    }
  }

  async #pass([stage, ...others]: readonly Stage[], bytes: Buffer, at: number): Promise<void> {
    if (this.#stopped || bytes.length === 0) return;
    if (stage === undefined) await this.#emit(bytes);
    else if (stage.pass === undefined) await this.#pass(others, bytes, at);
    else for await (const piece of stage.pass(bytes, at)) await this.#pass(others, piece, at);
  }
}
