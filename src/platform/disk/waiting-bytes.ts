/** Bytes stand in blocks of memory of this size, or larger where one needs more. */
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

  /** Memory for so many bytes or more, of which the first ones are added by {@link commit}. */
  reserve(size: number): Buffer {
    const last = this.#blocks.at(-1);
    const block = last !== undefined && last.memory.length - last.used >= size ? last : this.#addBlock(size);
    return block.memory.subarray(block.used);
  }

  /** Adds so many bytes, which stand in the memory that was reserved last. */
  commit(length: number): void {
    const block = this.#blocks.at(-1);
    if (block !== undefined) block.used += length;
    this.#length += length;
  }

  /** Gives everything that waits to `write`, a block after the other; each is borrowed until the promise of its write resolves. */
  async pour(write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#length = 0;
    for (const block of blocks) {
      await write(block.memory.subarray(0, block.used));
      if (block.memory.length === BLOCK && this.#unused.length < KEPT)
        this.#unused.push({ memory: block.memory, used: 0 });
    }
  }

  /** Adds a block in which there is so much room. */
  #addBlock(size: number): Block {
    const unused = size <= BLOCK ? this.#unused.pop() : undefined;
    const block = unused ?? { memory: Buffer.allocUnsafeSlow(Math.max(size, BLOCK)), used: 0 };
    this.#blocks.push(block);
    return block;
  }
}
