/**
 * Does work one after the other: each begins when the one before has ended, however that ended.
 *
 * @example
 * const writes = new InTurn();
 * await Promise.all([writes.run(() => save(1)), writes.run(() => save(2))]); // 1, then 2
 */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when the work that was given so far has ended. */
  get settled(): Promise<unknown> {
    return this.#last;
  }

  /** Gives what the work gives, or rejects as it does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
