import { useEffect, useState } from "preact/hooks";

/** Tells its listeners that something has changed. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Draws the component again whenever `changes` emits. */
export function useChanges(changes: Changes): void {
  const [, draw] = useState(0);
  useEffect(() => changes.on(() => draw((count) => count + 1)), [changes]);
}
