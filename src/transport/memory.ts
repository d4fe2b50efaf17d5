import { onAbort } from "../platform/abortable.ts";
import type { ModemLines, ModemOutputs, Receiver, SerialLine } from "../platform/serial-line.ts";
import { Backlog } from "./flow/backlog.ts";
import { QueuedIntake } from "./flow/queued-intake.ts";

/** How long {@link HostEnd.waitFor} waits unless it gets a signal, in milliseconds. */
const PATIENCE = 5000;
/** Most bytes that the error of {@link HostEnd.waitFor} shows of what came. */
const SHOWN = 200;

/** A serial line without a medium, for tests and for programs that hold module and host: what `host` sends, `module` gets. */
export function memoryPair(): { readonly module: SerialLine; readonly host: HostEnd } {
  const module = new MemoryTransport();
  return { module, host: module.host };
}

/** The host's end of a {@link memoryPair}. */
export interface HostEnd {
  /** Sends bytes; as {@link SerialLine.write}, a promise asks to wait. */
  write(bytes: Uint8Array | string): Promise<void> | undefined;
  /** Takes everything that has arrived and was not taken yet. */
  take(): Buffer;
  /**
   * Takes everything up to and including `text`, as soon as that has arrived. When the signal aborts before, by default
   * after 5 seconds, it rejects with an error that says what was awaited and what came instead.
   */
  waitFor(text: string, signal?: AbortSignal): Promise<Buffer>;
  /** Stops reading: what the module writes waits at its end. */
  pause(): void;
  /** Reads again. */
  resume(): void;
  /** Opens the line, as far as the module sees it. */
  open(): void;
  /** Closes the line, as a host does that ends; it may open it again. */
  close(): void;
  /** Takes the medium away. */
  hangUp(): void;
  /** Drives circuit 108 (DTR). */
  setDtr(on: boolean): void;
  /** Drives circuit 105 (RTS). */
  setRts(on: boolean): void;
  /** The lines that the module drives. */
  readonly dcd: boolean;
  readonly ri: boolean;
  readonly dsr: boolean;
  readonly cts: boolean;
}

class MemoryTransport implements SerialLine, ModemLines {
  readonly address = "memory";
  readonly lines: ModemLines = this;
  readonly host = new MemoryHost(this);
  readonly #intake = new QueuedIntake();
  readonly #listeners = { dtr: [] as ((on: boolean) => void)[], rts: [] as ((on: boolean) => void)[] };
  #closed = false;

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
  }

  get inputs(): { readonly dtr: boolean; readonly rts: boolean } {
    return { dtr: this.host.dtr, rts: this.host.rts };
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#closed ? undefined : this.host.receive(bytes);
  }

  get backlog(): number {
    return this.host.unread;
  }

  async settle(): Promise<void> {
    // Bytes are delivered when the host sends them, or when data() returns.
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#intake.close();
    this.host.resume();
  }

  get outputs(): Required<ModemOutputs> {
    const { dcd, ri, dsr, cts } = this.host;
    return { dcd, ri, dsr, cts };
  }

  set(lines: ModemOutputs): void {
    Object.assign(this.host, lines);
  }

  onDtr(listener: (on: boolean) => void): void {
    this.#listeners.dtr.push(listener);
  }

  onRts(listener: (on: boolean) => void): void {
    this.#listeners.rts.push(listener);
  }

  /** Takes bytes from the host, which may change them afterwards. */
  send(bytes: Uint8Array): Promise<void> | undefined {
    return this.#closed ? undefined : this.#intake.take(Buffer.from(bytes));
  }

  changed(line: "dtr" | "rts", on: boolean): void {
    for (const listener of this.#listeners[line]) listener(on);
  }

  opened(): void {
    this.#intake.opened();
  }

  closed(): void {
    this.#intake.closed();
  }

  lose(reason: Error): void {
    if (this.#closed) return;
    this.#intake.lose(reason);
    void this.close();
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
  dtr = true;
  rts = true;
  dcd = false;
  ri = false;
  dsr = true;
  cts = true;

  constructor(module: MemoryTransport) {
    this.#module = module;
  }

  write(bytes: Uint8Array | string): Promise<void> | undefined {
    return this.#module.send(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }

  take(): Buffer {
    return this.#takeFirst(this.#end - this.#start);
  }

  async waitFor(text: string, signal = AbortSignal.timeout(PATIENCE)): Promise<Buffer> {
    try {
      return await this.#arrival(text, signal);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const came = this.#store.toString("latin1", Math.max(this.#start, this.#end - SHOWN), this.#end);
      throw new Error(`waited in vain for ${JSON.stringify(text)} (${reason}); what came is ${JSON.stringify(came)}`);
    }
  }

  #arrival(text: string, signal: AbortSignal): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const done = () => {
        this.#arrivals.delete(look);
        release();
      };
      const look = () => {
        const at = this.#store.subarray(this.#start, this.#end).indexOf(text);
        if (at < 0) return;
        done();
        resolve(this.#takeFirst(at + Buffer.byteLength(text)));
      };
      const release = onAbort(signal, () => {
        done();
        reject(signal.reason);
      });
      this.#arrivals.add(look);
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

  open(): void {
    this.#module.opened();
  }

  close(): void {
    this.#module.closed();
  }

  setDtr(on: boolean): void {
    this.#drive("dtr", on);
  }

  setRts(on: boolean): void {
    this.#drive("rts", on);
  }

  #drive(line: "dtr" | "rts", on: boolean): void {
    if (on === this[line]) return;
    this[line] = on;
    this.#module.changed(line, on);
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
