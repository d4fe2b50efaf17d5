/** Fewer bytes become text at once, which costs less than to do it later. */
const LONG = 512;

/** An event with bytes: one code point 0-255 a byte. */
interface WithBytes {
  readonly bytes: string;
}

/** The parts of an event of many bytes. */
export interface Long {
  /** All fields but the bytes. */
  readonly fields: object;
  readonly bytes: Uint8Array;
}

/** An event of many bytes. A text of them is made when it is read. */
class LongBytes implements WithBytes {
  /** An own property, so that whoever copies, compares or prints the event finds it. */
  static readonly #property = {
    enumerable: true,
    get(this: LongBytes): string {
      this.#text ??= latin1(this.#bytes);
      return this.#text;
    },
  };
  declare readonly bytes: string;
  #bytes: Uint8Array;
  readonly #fields: object;
  #text: string | undefined;

  constructor(fields: object, bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#fields = fields;
    Object.assign(this, fields);
    Object.defineProperty(this, "bytes", LongBytes.#property);
  }

  static read(event: object): Long | undefined {
    return #bytes in event ? { fields: event.#fields, bytes: event.#bytes } : undefined;
  }

  static move(event: object, bytes: Uint8Array): void {
    if (#bytes in event) event.#bytes = bytes;
  }
}

/**
 * Makes of its fields, a new object, an event that says these bytes. Most of what passes on a line is payload that nobody looks
 * at: of many bytes the text is made when it is read first, and until then they are lent, and must not change. In every other
 * respect the event is like one that has its text.
 */
export function withBytes<E extends object>(fields: E, bytes: Uint8Array): E & WithBytes {
  if (bytes.length < LONG) return Object.assign(fields, { bytes: latin1(bytes) });
  return new LongBytes(fields, bytes) as WithBytes as E & WithBytes;
}

/** The parts of an event whose text may not have been made; `undefined` where it has been from the beginning. */
export function readLong(event: object): Long | undefined {
  return LongBytes.read(event);
}

/** The bytes of such an event. */
export function longBytes(event: object): Uint8Array | undefined {
  return LongBytes.read(event)?.bytes;
}

/** Makes an event of many bytes refer to a copy of them, in other memory. */
export function moveBytes(event: object, bytes: Uint8Array): void {
  LongBytes.move(event, bytes);
}

/** The same event with bytes of its own. */
export function ownBytes<E extends object>(event: E): E {
  const long = LongBytes.read(event);
  return long === undefined ? event : (withBytes(Object.assign({}, long.fields), Buffer.from(long.bytes)) as E);
}

/** Copies the last bytes of an event into this memory, as many as fit; gives what says them. */
export function keepLastBytes(event: WithBytes, memory: Uint8Array): WithBytes {
  const bytes = longBytes(event)?.subarray(-memory.length);
  if (bytes === undefined) return { bytes: event.bytes.slice(-memory.length) };
  memory.set(bytes);
  return withBytes({}, memory.subarray(0, bytes.length));
}

/** How many bytes an event says. */
export function byteCount(event: WithBytes): number {
  return longBytes(event)?.length ?? event.bytes.length;
}

/** The bytes of an event from `start` on, up to `end`, like those of `String.slice`. */
export function sliceBytes(event: WithBytes, start: number, end?: number): string {
  const long = longBytes(event);
  return long === undefined ? event.bytes.slice(start, end) : latin1(long.subarray(start, end));
}

/** The same event behind other fields, which are a new object. */
export function behind<F extends object, E extends object>(fields: F, event: E): F & E {
  const long = LongBytes.read(event);
  const all = Object.assign(fields, long === undefined ? event : long.fields);
  return (long === undefined ? all : withBytes(all, long.bytes)) as F & E;
}

/** The same event with an empty text for its bytes. */
export function withoutBytes<E extends WithBytes>(event: E): E {
  return Object.assign({}, LongBytes.read(event)?.fields ?? event, { bytes: "" }) as E;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
