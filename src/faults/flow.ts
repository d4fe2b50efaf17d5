/** One direction of a connection or of a serial line, as one fault changes it. */
export interface Stage {
  /** Takes bytes, which came at a moment of the clock, and gives what goes on, when it does. Without it all goes on. */
  pass?(bytes: Buffer, at: number): AsyncIterable<Buffer>;
  /** The sender has ended, and all that it sent has passed. What it waits for holds the end back. */
  end?(): Promise<void>;
}

interface Passage {
  readonly bytes: Buffer;
  readonly at: number;
  /** The stage behind which it begins; without it, it passes all. */
  readonly behind?: Stage;
  /** Called when it has gone on. */
  readonly passed?: (() => void) | undefined;
}

type Item = Passage | { readonly end: () => void };

/** What goes one way over a connection: through the stages of the faults, in order, one piece after the other. */
export class Flow {
  /** The stages, from our side to the other one. */
  readonly stages = new Set<Stage>();
  readonly #queue: Item[] = [];
  readonly #emit: (bytes: Buffer) => void | Promise<void>;
  readonly #moved: () => void;
  readonly #direction: "away" | "here";
  #running = false;
  #length = 0;
  #stopped = false;

  /** `moved` is called whenever there is more room. `emit` does not reject. What comes `here` passes the stages backwards. */
  constructor(emit: (bytes: Buffer) => void | Promise<void>, moved: () => void, direction: "away" | "here" = "away") {
    this.#emit = emit;
    this.#moved = moved;
    this.#direction = direction;
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
    this.#enqueue({ bytes, at });
  }

  /** Adds what a stage says itself: it passes those that are still before it. */
  inject(bytes: Buffer, at: number, behind: Stage, passed?: () => void): void {
    this.#enqueue({ bytes, at, behind, passed });
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

  #enqueue(passage: Passage): void {
    this.#length += passage.bytes.length;
    this.#queue.push(passage);
    this.#run();
  }

  /** The stages in the order in which bytes pass them, from behind one on. */
  #stagesBehind(stage: Stage | undefined): readonly Stage[] {
    const all = this.#direction === "away" ? [...this.stages] : [...this.stages].reverse();
    return stage === undefined ? all : all.slice(all.indexOf(stage) + 1);
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    for (let item = this.#queue[0]; item !== undefined; item = this.#queue[0]) {
      if ("end" in item) {
        for (const stage of this.#stagesBehind(undefined)) await stage.end?.();
        if (!this.#stopped) item.end();
      } else {
        await this.#pass(this.#stagesBehind(item.behind), item.bytes, item.at);
        item.passed?.();
        this.#length = Math.max(0, this.#length - item.bytes.length);
      }
      this.#queue.shift();
      this.#moved();
    }
    // At once: what is pushed from now on must not wait for a run that is over.
    this.#running = false;
  }

  async #pass([stage, ...others]: readonly Stage[], bytes: Buffer, at: number): Promise<void> {
    if (this.#stopped || bytes.length === 0) return;
    if (stage === undefined) await this.#emit(bytes);
    else if (stage.pass === undefined) await this.#pass(others, bytes, at);
    else for await (const piece of stage.pass(bytes, at)) await this.#pass(others, piece, at);
  }
}
