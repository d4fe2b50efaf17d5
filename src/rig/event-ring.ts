import type { RigEvent } from "./events.ts";

/** What an event costs beside its texts: the object, its numbers, its place in the ring. */
const OVERHEAD = 160;

/**
 * About how many bytes of memory an event takes: cheap to compute, and never far below what it really takes. Texts count
 * by their length, since most hold one byte per character.
 */
function eventSize(event: RigEvent): number {
  let size = OVERHEAD;
  for (const key in event) size += valueSize((event as Readonly<Record<string, unknown>>)[key]);
  return size;
}

function valueSize(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  let size = 32;
  for (const key in value) size += key.length + valueSize((value as Readonly<Record<string, unknown>>)[key]);
  return size;
}

/**
 * The last events of a rig, up to a number of bytes: the oldest go first. Adding and evicting take constant time, and so
 * does finding an event by its number, because numbers have no gaps.
 */
export class EventRing {
  readonly #capacity: number;
  /** A power of two long; event `n` of those kept stands at `(#head + n) & mask`. */
  #slots: (RigEvent | undefined)[] = new Array(64);
  #sizes: number[] = new Array(64).fill(0);
  #head = 0;
  #length = 0;
  #bytes = 0;
  #evicted = 0;

  /** `capacity` is in bytes by {@link eventSize}. The last event is kept however large it is. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many events were evicted since the start or the last {@link clear}. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The event at a place, counted from the oldest, 0. */
  at(place: number): RigEvent | undefined {
    return place < 0 || place >= this.#length
      ? undefined
      : this.#slots[(this.#head + place) & (this.#slots.length - 1)];
  }

  push(event: RigEvent): void {
    if (this.#length === this.#slots.length) this.#grow();
    const place = (this.#head + this.#length) & (this.#slots.length - 1);
    const size = eventSize(event);
    this.#slots[place] = event;
    this.#sizes[place] = size;
    this.#length++;
    this.#bytes += size;
    while (this.#bytes > this.#capacity && this.#length > 1) this.#evict();
  }

  clear(): void {
    this.#slots = new Array(64);
    this.#sizes = new Array(64).fill(0);
    this.#head = 0;
    this.#length = 0;
    this.#bytes = 0;
    this.#evicted = 0;
  }

  #evict(): void {
    this.#bytes -= this.#sizes[this.#head] ?? 0;
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length--;
    this.#evicted++;
  }

  #grow(): void {
    const slots = Array.from({ length: this.#length }, (_, place) => this.at(place));
    const sizes = Array.from(
      { length: this.#length },
      (_, place) => this.#sizes[(this.#head + place) & (this.#sizes.length - 1)] ?? 0,
    );
    slots.length = 2 * this.#length;
    sizes.length = 2 * this.#length;
    this.#slots = slots;
    this.#sizes = sizes;
    this.#head = 0;
  }
}
