/** The functions to call when something happens, in the order in which they were added. */
export class Listeners<T> {
  /** Arrays, which cost less than sets while they are empty: a module has many of these. */
  readonly #listeners: Array<(value: T) => void> = [];
  readonly #followers: Array<(value: T) => void> = [];

  /** Calls `listener` with every value from now on, until the returned function is called. */
  add(listener: (value: T) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  /** Adds a function that changes something in its turn: it is called after all listeners. */
  follow(follower: (value: T) => void): void {
    this.#followers.push(follower);
  }

  tell(value: T): void {
    for (const listener of [...this.#listeners, ...this.#followers]) listener(value);
  }
}
