/**
 * The work of one modem that must settle before its power may come back or its line may close: a file that is being
 * written, a mail on its way, a command that runs. The owner of the work registers it; the modem waits for it.
 */
export class WorkSet {
  readonly #work = new Set<Promise<unknown>>();

  /** Registers work until it settles, and gives it back. A rejection stays the owner's to handle. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const remove = () => void this.#work.delete(work);
    work.then(remove, remove);
    return work;
  }

  /** Resolves when no work is left, including work that other work registers meanwhile. Never rejects. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
