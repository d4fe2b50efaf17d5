type Listener<T> = (value: T) => void;

/** Shared: a module has many lists of listeners, and most are short or empty. */
const NONE: readonly never[] = [];

/** The functions to call when something happens, in the order in which they were added. */
export class Listeners<T> {
  #listeners: readonly Listener<T>[] = NONE;
  #followers: readonly Listener<T>[] = NONE;

  /** Calls `listener` with every value from now on, until the returned function is called. */
  add(listener: Listener<T>): () => void {
    // Unlike push(), concat() takes no memory for more to come.
    this.#listeners = this.#listeners.concat(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners = this.#listeners.toSpliced(index, 1);
    };
  }

  /** Adds a function that changes something in its turn: it is called after all listeners. */
  follow(follower: Listener<T>): void {
    this.#followers = this.#followers.concat(follower);
  }

  tell(value: T): void {
    const [listeners, followers] = [this.#listeners, this.#followers];
    for (const listener of listeners) listener(value);
    for (const follower of followers) follower(value);
  }
}
