/** Bytes are copied into blocks of memory of this size. */
const BLOCK = 256 * 1024;
/** So many blocks are kept to be used again: new ones for all that passes would keep the garbage collector busy. */
const KEPT = 8;

interface Block {
  readonly memory: Buffer;
  used: number;
}

/** Bytes that wait for a disk, in order. */
export class WaitingBytes {
  #blocks: Block[] = [];
  readonly #unused: Block[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes a copy of these bytes. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const block = this.#blockWithRoom();
      const piece = bytes.subarray(at, at + BLOCK - block.used);
      block.memory.set(piece, block.used);
      block.used += piece.length;
      at += piece.length;
    }
    this.#length += bytes.length;
  }

  /** Gives everything that waits to `write`, a block after the other; each is borrowed until the promise of its write resolves. */
  async pour(write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#length = 0;
    for (const block of blocks) {
      await write(block.memory.subarray(0, block.used));
      if (this.#unused.length < KEPT) this.#unused.push({ memory: block.memory, used: 0 });
    }
  }

  #blockWithRoom(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used < BLOCK) return last;
    const block = this.#unused.pop() ?? { memory: Buffer.allocUnsafeSlow(BLOCK), used: 0 };
    this.#blocks.push(block);
    return block;
  }
}
