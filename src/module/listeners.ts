/** The functions to call when something happens, in the order in which they were added. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #followers = new Set<(value: T) => void>();

  /** Calls `listener` with every value from now on, until the returned function is called. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Adds a function that changes something in its turn: it is called after all listeners. */
  follow(follower: (value: T) => void): void {
    this.#followers.add(follower);
  }

  tell(value: T): void {
    for (const listener of [...this.#listeners, ...this.#followers]) listener(value);
  }
}
