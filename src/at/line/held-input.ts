/** A chunk of the host's that waits, and the host with it, until the line is the host's again. */
export class HeldInput {
  #waiting: { readonly chunk: Buffer; readonly resolve: (taken: Promise<void> | undefined) => void } | undefined;

  /** Holds the host back. A host that is held back sends no second chunk. */
  hold(chunk: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { chunk, resolve };
    });
  }

  /** Gives what waits to `take`, which may hold the host back again. */
  release(take: (chunk: Buffer) => Promise<void> | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(take(waiting.chunk));
  }

  /** Drops what comes after the last `byte`. The host stays held back. */
  dropAfterLast(byte: number): void {
    if (this.#waiting === undefined) return;
    const { chunk, resolve } = this.#waiting;
    this.#waiting = { chunk: chunk.subarray(0, chunk.lastIndexOf(byte) + 1), resolve };
  }

  /** Drops all of it and lets the host go on. */
  drop(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }
}
