import type {
  LinePort,
  LineSettings,
  ModemLines,
  ModemOutputs,
  Receiver,
  SerialLine,
} from "../platform/serial-line.ts";
import { Backlog } from "../transport/flow/backlog.ts";
import { QueuedIntake } from "../transport/flow/queued-intake.ts";

type Circuit = "dtr" | "rts";

/** The serial line of a virtual port: the module at one end, the bindings that have opened the port at the other. */
export class VirtualLine implements SerialLine, ModemLines {
  readonly address: string;
  readonly lines: ModemLines = this;
  readonly port: LinePort = {
    settings: async () => this.#settings,
    onSettings: (listener) => void this.#listeners.settings.push(listener),
    onBreak: (listener) => void this.#listeners.break.push(listener),
  };
  readonly #intake = new QueuedIntake();
  /** What the module has printed and no host has read. */
  readonly #unread = new Backlog();
  readonly #readers = new Set<() => void>();
  readonly #listeners = {
    dtr: [] as ((on: boolean) => void)[],
    rts: [] as ((on: boolean) => void)[],
    settings: [] as ((settings: Partial<LineSettings>) => void)[],
    break: [] as (() => void)[],
  };
  #settings: Partial<LineSettings> = {};
  #inputs = { dtr: false, rts: false };
  #outputs: Required<ModemOutputs> = { dcd: false, ri: false, dsr: true, cts: true };
  #breaking = false;
  #openings = 0;
  #closed = false;

  constructor(path: string) {
    this.address = path;
  }

  start(receiver: Receiver): void {
    this.#intake.start(receiver);
  }

  get inputs(): Readonly<Record<Circuit, boolean>> {
    return this.#inputs;
  }

  get outputs(): Required<ModemOutputs> {
    return this.#outputs;
  }

  set(lines: ModemOutputs): void {
    this.#outputs = { ...this.#outputs, ...lines };
  }

  onDtr(listener: (on: boolean) => void): void {
    this.#listeners.dtr.push(listener);
  }

  onRts(listener: (on: boolean) => void): void {
    this.#listeners.rts.push(listener);
  }

  /** What is written while nobody has the port open is lost: the binding flushes the input when it opens a port. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#closed || this.#openings === 0 || bytes.length === 0) return undefined;
    this.#unread.push(bytes);
    this.wake();
    return this.#unread.room();
  }

  get backlog(): number {
    return this.#unread.length;
  }

  async settle(): Promise<void> {
    // Bytes are delivered when the host sends them, or when data() returns.
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#intake.close();
    this.#unread.clear();
    this.wake();
  }

  /** Whether the module has gone, as an adapter that is unplugged. */
  get gone(): boolean {
    return this.#closed;
  }

  /** A host opens the port: DTR and RTS rise. */
  open(settings: Partial<LineSettings>): void {
    this.configure(settings);
    if (this.#openings++ > 0) return;
    this.#intake.opened();
    this.drive("dtr", true);
    this.drive("rts", true);
  }

  /** A host closes the port. With the last one DTR and RTS fall, where it has asked for that. */
  leave(hangsUp: boolean): void {
    if (--this.#openings > 0) return;
    this.#unread.clear();
    this.#intake.closed();
    if (!hangsUp) return;
    this.drive("dtr", false);
    this.drive("rts", false);
  }

  /** Moves what has come into a buffer, and returns how much that was. */
  take(buffer: Buffer, offset: number, length: number): number {
    const piece = this.#unread.first()?.subarray(0, length);
    if (piece === undefined) return 0;
    buffer.set(piece, offset);
    this.#unread.consume(piece.length);
    return piece.length;
  }

  /** Resolves when there may be more to take, or the port is closed at one of its ends. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#readers.add(resolve));
  }

  /** Wakes the callers that wait for a {@link change}. */
  wake(): void {
    for (const reader of this.#readers) reader();
    this.#readers.clear();
  }

  /** Takes bytes of the host, and resolves when there is room for more. */
  async send(bytes: Buffer): Promise<void> {
    if (!this.#closed) await this.#intake.take(Buffer.from(bytes));
  }

  /** Resolves when the module has taken all that was sent. */
  drained(): Promise<void> {
    return this.#intake.settled();
  }

  /** Drops what was sent and not taken, and what has come and was not read. */
  flush(): void {
    this.#intake.clear();
    this.#unread.clear();
  }

  /** Sets rate and framing. */
  configure(settings: Partial<LineSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    for (const listener of this.#listeners.settings) listener(settings);
  }

  /** Drives circuit 108 (DTR) or 105 (RTS). */
  drive(circuit: Circuit, on: boolean): void {
    if (this.#inputs[circuit] === on) return;
    this.#inputs = { ...this.#inputs, [circuit]: on };
    for (const listener of this.#listeners[circuit]) listener(on);
  }

  /** Holds the line in the break state, or lets it go. */
  setBreak(on: boolean): void {
    const begins = on && !this.#breaking;
    this.#breaking = on;
    if (begins) for (const listener of this.#listeners.break) listener();
  }
}
