import type { ModemLines, Receiver, SerialLine } from "../platform/serial-line.ts";
import { Backlog } from "./backlog.ts";

/** A serial line without a medium, for tests and for programs that hold module and host: what `host` sends, `module` gets. */
export function memoryPair(): { readonly module: SerialLine; readonly host: HostEnd } {
  const module = new MemoryTransport();
  return { module, host: module.host };
}

/** The host's end of a {@link memoryPair}. */
export interface HostEnd {
  /** Sends bytes; as {@link SerialLine.write}, a promise asks to wait. */
  write(bytes: Uint8Array | string): Promise<void> | undefined;
  /** Takes all that has come and was not taken yet. */
  take(): Buffer;
  /** Takes all up to and including `text`, as soon as that has come; rejects with the signal's reason if it aborts first. */
  waitFor(text: string, signal: AbortSignal): Promise<Buffer>;
  /** Stops reading: what the module writes waits at its end. */
  pause(): void;
  /** Reads again. */
  resume(): void;
  /** Takes the medium away. */
  hangUp(): void;
  /** Drives circuit 108 (DTR). */
  setDtr(on: boolean): void;
  /** The lines that the module drives. */
  readonly dcd: boolean;
  readonly ri: boolean;
}

class MemoryTransport implements SerialLine, ModemLines {
  readonly address = "memory";
  readonly lines: ModemLines = this;
  readonly host = new MemoryHost(this);
  readonly #toModule = new Backlog();
  readonly #dtrListeners: Array<(on: boolean) => void> = [];
  #receiver: Receiver | undefined;
  #held = false;
  #closed = false;

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#deliver();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#closed ? undefined : this.host.receive(bytes);
  }

  get backlog(): number {
    return this.host.unread;
  }

  async settle(): Promise<void> {
    // What the host sends is delivered while it sends.
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#toModule.clear();
    this.host.resume();
  }

  set(lines: { readonly dcd?: boolean; readonly ri?: boolean }): void {
    this.host.dcd = lines.dcd ?? this.host.dcd;
    this.host.ri = lines.ri ?? this.host.ri;
  }

  onDtr(listener: (on: boolean) => void): void {
    this.#dtrListeners.push(listener);
  }

  /** Takes bytes from the host, which may change them afterwards. */
  send(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed) return undefined;
    if (this.#receiver !== undefined && !this.#held) this.#give(this.#receiver, Buffer.from(bytes));
    else this.#toModule.push(Buffer.from(bytes));
    return this.#toModule.room();
  }

  changeDtr(on: boolean): void {
    for (const listener of this.#dtrListeners) listener(on);
  }

  lose(reason: Error): void {
    if (this.#closed) return;
    void this.close();
    this.#receiver?.lost(reason);
  }

  #deliver(): void {
    while (this.#receiver !== undefined && !this.#held && !this.#closed) {
      const piece = this.#toModule.first();
      if (piece === undefined) return;
      const chunk = Buffer.from(piece);
      this.#toModule.consume(chunk.length);
      this.#give(this.#receiver, chunk);
    }
  }

  #give(receiver: Receiver, chunk: Buffer): void {
    const taking = receiver.data(chunk);
    if (taking === undefined) return;
    this.#held = true;
    const release = () => {
      this.#held = false;
      this.#deliver();
    };
    taking.then(release, release);
  }
}

class MemoryHost implements HostEnd {
  readonly #module: MemoryTransport;
  readonly #unread = new Backlog();
  readonly #arrivals = new Set<() => void>();
  /** What was read and not taken lies from `#start` to `#end`. */
  #store = Buffer.allocUnsafe(4096);
  #start = 0;
  #end = 0;
  #paused = false;
  #dtr = true;
  dcd = false;
  ri = false;

  constructor(module: MemoryTransport) {
    this.#module = module;
  }

  write(bytes: Uint8Array | string): Promise<void> | undefined {
    return this.#module.send(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }

  take(): Buffer {
    return this.#takeFirst(this.#end - this.#start);
  }

  waitFor(text: string, signal: AbortSignal): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const done = () => {
        this.#arrivals.delete(look);
        signal.removeEventListener("abort", onAbort);
      };
      const look = () => {
        const at = this.#store.subarray(this.#start, this.#end).indexOf(text);
        if (at < 0) return;
        done();
        resolve(this.#takeFirst(at + Buffer.byteLength(text)));
      };
      const onAbort = () => {
        done();
        reject(signal.reason);
      };
      this.#arrivals.add(look);
      signal.addEventListener("abort", onAbort, { once: true });
      look();
    });
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  hangUp(): void {
    this.#module.lose(new Error("the host has hung up"));
  }

  setDtr(on: boolean): void {
    if (on === this.#dtr) return;
    this.#dtr = on;
    this.#module.changeDtr(on);
  }

  /** How much waits for the host to read. */
  get unread(): number {
    return this.#unread.length;
  }

  receive(bytes: Uint8Array): Promise<void> | undefined {
    this.#unread.push(bytes);
    if (!this.#paused) this.#read();
    return this.#unread.room();
  }

  #read(): void {
    for (let piece = this.#unread.first(); piece !== undefined; piece = this.#unread.first()) {
      this.#keep(piece);
      this.#unread.consume(piece.length);
    }
    for (const look of this.#arrivals) look();
  }

  #keep(piece: Uint8Array): void {
    const length = this.#end - this.#start;
    if (this.#end + piece.length > this.#store.length) {
      const larger = Buffer.allocUnsafe(2 * (length + piece.length));
      this.#store.copy(larger, 0, this.#start, this.#end);
      this.#store = larger;
      this.#start = 0;
      this.#end = length;
    }
    this.#store.set(piece, this.#end);
    this.#end += piece.length;
  }

  #takeFirst(length: number): Buffer {
    const taken = Buffer.from(this.#store.subarray(this.#start, this.#start + length));
    this.#start += length;
    return taken;
  }
}
