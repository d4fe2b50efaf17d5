import { longBytes } from "../platform/long-bytes.ts";
import { EVENT_TYPES, type RigEvent, type RigEventType } from "./events.ts";

/**
 * Events are written into blocks of memory, which are used again: memory taken anew for all that passes would keep the garbage
 * collector busy. An event that is larger than a block has memory of its own. There are so many blocks where all are full, but
 * none is smaller than this.
 */
const BLOCKS = 64;
const SMALLEST_BLOCK = 64 * 1024;
/** What an event takes beside its text: a column each for time, type, modem, block, place, length. */
const OVERHEAD = 40;
/** The columns begin with so many places, a power of two, and double. */
const PLACES = 64;

const TYPE_CODES = new Map(EVENT_TYPES.map((type, code) => [type, code]));

/** Stands for the type of a `host` event of bytes that were typed in the host's place. */
const TYPED_CODE = EVENT_TYPES.length;

/** Where something stands in the ring. */
interface Place {
  readonly block: Block;
  readonly offset: number;
  readonly length: number;
}

/** Bytes that stand in the ring for an event to come. */
export interface KeptBytes extends Place {
  readonly bytes: Uint8Array;
}

interface Block {
  readonly bytes: Buffer;
  used: number;
  /** How many events stand in it. */
  events: number;
}

/**
 * The last events of a rig, up to a number of bytes: the oldest go first. Adding and evicting take constant time, and so
 * does finding an event by its place. Events are kept as text outside of the heap, because a garbage collector would
 * copy each object that stays.
 */
export class EventRing {
  readonly #capacity: number;
  readonly #blockSize: number;
  /** Event `n` of those kept stands at `(#head + n) & (#places - 1)` of each column. */
  #columns = new Columns(PLACES);
  #head = 0;
  #length = 0;
  /** The `seq` of the oldest event. */
  #oldest = 0;
  #bytes = 0;
  #evicted = 0;
  #block: Block = { bytes: Buffer.alloc(0), used: 0, events: 0 };
  /** The last block whose events are all evicted, to be used again. */
  #unused: Block | undefined;
  readonly #modems: (string | undefined)[] = [undefined];
  readonly #modemCodes = new Map<string | undefined, number>([[undefined, 0]]);

  /** `capacity` counts the texts of the events and 40 bytes for each. The last event is kept however large it is. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#blockSize = Math.max(SMALLEST_BLOCK, Math.floor(capacity / BLOCKS));
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

  /** The event at a place, counted from the oldest, 0: a new object each time. */
  at(place: number): RigEvent | undefined {
    const index = this.#index(place);
    if (index === undefined) return undefined;
    const { offset, length, block, at } = this.#columns;
    const bytes = block[index]?.bytes ?? Buffer.alloc(0);
    const start = offset[index] ?? 0;
    const end = start + (length[index] ?? 0);
    const type = this.typeAt(place);
    if (type !== "host" && type !== "module") return JSON.parse(bytes.toString("utf8", start, end));
    const modem = this.modemAt(place);
    const seq = this.#oldest + place;
    const own = { type, bytes: bytes.toString("latin1", start, end) } as const;
    const event = { seq, at: at[index] ?? 0, ...(modem === undefined ? {} : { modem }), ...own };
    return this.#columns.type[index] === TYPED_CODE ? { ...event, type: "host", typed: true } : event;
  }

  /** The type of the event at a place. */
  typeAt(place: number): RigEventType | undefined {
    const index = this.#index(place);
    if (index === undefined) return undefined;
    const code = this.#columns.type[index] ?? 0;
    return code === TYPED_CODE ? "host" : EVENT_TYPES[code];
  }

  /** The modem of the event at a place. */
  modemAt(place: number): string | undefined {
    const index = this.#index(place);
    return index === undefined ? undefined : this.#modems[this.#columns.modem[index] ?? 0];
  }

  /** Copies bytes of an event that is pushed later, or dropped. Until it is evicted they stay where they are. */
  keep(bytes: Uint8Array): KeptBytes {
    const { length } = bytes;
    const block = this.#blockFor(length);
    const offset = block.used - length;
    block.bytes.set(bytes, offset);
    return { block, offset, length, bytes: block.bytes.subarray(offset, block.used) };
  }

  /** There will be no event with these bytes. */
  drop(kept: KeptBytes): void {
    this.#release(kept.block);
  }

  /** Adds an event, whose `seq` is one more than that of the last, and whose bytes are kept here already or not. */
  push(event: RigEvent, kept?: KeptBytes): void {
    if (this.#length === this.#columns.places) this.#grow();
    if (this.#length === 0) this.#oldest = event.seq;
    const index = (this.#head + this.#length) & (this.#columns.places - 1);
    const { block, offset, length } = kept ?? this.#write(event);
    const columns = this.#columns;
    columns.at[index] = event.at;
    const isTyped = event.type === "host" && event.typed === true;
    columns.type[index] = isTyped ? TYPED_CODE : (TYPE_CODES.get(event.type) ?? 0);
    columns.modem[index] = this.#modemCode(event.modem);
    columns.block[index] = block;
    columns.offset[index] = offset;
    columns.length[index] = length;
    this.#length++;
    this.#bytes += OVERHEAD + length;
    while (this.#bytes > this.#capacity && this.#length > 1) this.#evict();
  }

  clear(): void {
    this.#columns = new Columns(PLACES);
    this.#block = { bytes: Buffer.alloc(0), used: 0, events: 0 };
    this.#unused = undefined;
    this.#head = 0;
    this.#length = 0;
    this.#bytes = 0;
    this.#evicted = 0;
  }

  #index(place: number): number | undefined {
    return place < 0 || place >= this.#length ? undefined : (this.#head + place) & (this.#columns.places - 1);
  }

  #write(event: RigEvent): Place {
    if (event.type === "host" || event.type === "module") {
      const bytes = longBytes(event);
      return bytes === undefined ? this.#writeText(event.bytes, event.bytes.length, "latin1") : this.keep(bytes);
    }
    const text = JSON.stringify(event);
    return this.#writeText(text, Buffer.byteLength(text), "utf8");
  }

  #writeText(text: string, length: number, encoding: "latin1" | "utf8"): Place {
    const block = this.#blockFor(length);
    const offset = block.used - length;
    block.bytes.write(text, offset, encoding);
    return { block, offset, length };
  }

  /** Adds an event of so many bytes to a block: they are the last ones of those that it uses. */
  #blockFor(size: number): Block {
    const block = this.#blockWithRoom(size);
    block.used += size;
    block.events++;
    return block;
  }

  #blockWithRoom(size: number): Block {
    if (size > this.#blockSize) return { bytes: Buffer.allocUnsafeSlow(size), used: 0, events: 0 };
    if (this.#block.events === 0) this.#block.used = 0;
    if (this.#block.used + size > this.#block.bytes.length) {
      this.#block = this.#unused ?? { bytes: Buffer.allocUnsafeSlow(this.#blockSize), used: 0, events: 0 };
      this.#unused = undefined;
    }
    return this.#block;
  }

  #modemCode(modem: string | undefined): number {
    let code = this.#modemCodes.get(modem);
    if (code === undefined) {
      code = this.#modems.push(modem) - 1;
      this.#modemCodes.set(modem, code);
    }
    return code;
  }

  #evict(): void {
    const { block, length, places } = this.#columns;
    this.#bytes -= OVERHEAD + (length[this.#head] ?? 0);
    this.#release(block[this.#head]);
    block[this.#head] = undefined;
    this.#head = (this.#head + 1) & (places - 1);
    this.#length--;
    this.#oldest++;
    this.#evicted++;
  }

  /** An event of a block has gone. */
  #release(block: Block | undefined): void {
    if (block === undefined || --block.events > 0) return;
    if (block === this.#block || block.bytes.length !== this.#blockSize) return;
    block.used = 0;
    this.#unused = block;
  }

  #grow(): void {
    this.#columns = this.#columns.doubled(this.#head);
    this.#head = 0;
  }
}

/** What is known of each event, a column for each property: numbers side by side, which no garbage collector looks at. */
class Columns {
  readonly places: number;
  readonly at: Float64Array;
  readonly type: Uint8Array;
  readonly modem: Uint32Array;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
  readonly block: (Block | undefined)[];

  constructor(places: number) {
    this.places = places;
    this.at = new Float64Array(places);
    this.type = new Uint8Array(places);
    this.modem = new Uint32Array(places);
    this.offset = new Uint32Array(places);
    this.length = new Uint32Array(places);
    this.block = new Array(places).fill(undefined);
  }

  /** Twice as many places, of which the first are those of this one, all taken, from `head` on. */
  doubled(head: number): Columns {
    const wide = new Columns(2 * this.places);
    const rest = this.places - head;
    for (const column of ["at", "type", "modem", "offset", "length"] as const) {
      wide[column].set(this[column].subarray(head));
      wide[column].set(this[column].subarray(0, head), rest);
    }
    for (let place = 0; place < this.places; place++) {
      wide.block[place] = this.block[(head + place) & (this.places - 1)];
    }
    return wide;
  }
}
