/** Who wants to hear of something, in the order in which they came. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #followers = new Set<(value: T) => void>();

  /** Calls `listener` with every value from now on, until the function that it gives is called. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The same, for what follows from the change: called when all who only want to hear of it have heard. */
  follow(follower: (value: T) => void): void {
    this.#followers.add(follower);
  }

  tell(value: T): void {
    for (const listener of [...this.#listeners, ...this.#followers]) listener(value);
  }
}
