/** Which modules hang. Their line and their network look here. */
export class FrozenModules {
  readonly #frozen = new Set<string>();
  readonly #onFreeze = new Set<(modem: string) => void>();

  has(modem: string): boolean {
    return this.#frozen.has(modem);
  }

  freeze(modem: string): void {
    this.#frozen.add(modem);
    for (const listener of [...this.#onFreeze]) listener(modem);
  }

  /** The module has lost its power: it does not hang when it starts again. */
  thaw(modem: string): void {
    this.#frozen.delete(modem);
  }

  /** Calls `listener` with each module that begins to hang, until the function that it gives is called. */
  onFreeze(listener: (modem: string) => void): () => void {
    this.#onFreeze.add(listener);
    return () => void this.#onFreeze.delete(listener);
  }
}
