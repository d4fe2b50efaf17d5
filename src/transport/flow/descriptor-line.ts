import { readSync, writeSync } from "node:fs";
import { type Receiver, SERIAL_LIMITS } from "../../platform/serial-line.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import { type NativePoller, POLL, serialBinding } from "../native.ts";
import { Backlog } from "./backlog.ts";
import { Intake } from "./intake.ts";

/** The kernel gives about this much of a terminal at a time (4095 bytes on Linux). */
const PIECE = 4096;

/** Received bytes are parts of allocations of this size. */
const SLAB = SERIAL_LIMITS.hostBuffer;

const NOTHING = Buffer.alloc(0);

/**
 * How much one turn of the event loop reads: four pieces, which are delivered as one. What they cause can then proceed while the
 * kernel fetches the next ones. CFTPPUT takes a third less time than with two pieces, and than when each turn reads everything.
 */
const TURN = 3 * PIECE;

/** What the owner of a {@link DescriptorLine} does when its flow changes. */
export interface FlowEvents {
  /** Bytes have arrived from the host; called before they are delivered. */
  arrived?(chunk: Uint8Array): void;
  /** The kernel takes no more output. */
  stalled?(): void;
  /** The kernel has taken everything that waited. */
  flowing?(): void;
  /** Nothing is at the other end; output that waits is lost. Without it the line is lost. */
  hungUp?(): void;
  /** Output was refused because nothing is at the other end. Returns whether to try again. */
  refused?(): boolean;
  /** Whether to report a hang-up as soon as it occurs, not only when a read or a write meets it. */
  readonly watchesHangUp?: boolean;
  /** Whether nothing may be polled, because the same hang-up would be reported again and again. */
  readonly blind?: boolean;
}

/**
 * The byte flow of a terminal's bare non-blocking descriptor. Reads and writes at once where that is possible, and polls
 * where it is not. Uses neither `fs.read`, which would block a thread, nor a stream, which would add a turn of the event
 * loop to each answer.
 */
export class DescriptorLine {
  readonly intake = new Intake(() => this.#watch());
  readonly #fd: number;
  readonly #events: FlowEvents;
  readonly #poller: NativePoller;
  readonly #backlog = new Backlog();
  /** Allocated at the first read: most of a thousand modems hear nothing. */
  #slab = NOTHING;
  #used = 0;
  /** Closed, or lost. */
  #over = false;

  /** Borrows the descriptor until {@link close}. */
  constructor(fd: number, events: FlowEvents) {
    this.#fd = fd;
    this.#events = events;
    const { Poller } = serialBinding();
    this.#poller = new Poller(fd, (error, polled) => this.#report(error, polled));
  }

  start(receiver: Receiver): void {
    this.intake.start(receiver);
    this.#watch();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#over) return undefined;
    if (this.#backlog.length > 0) {
      this.#backlog.push(bytes);
      return this.#backlog.room();
    }
    const sent = this.#send(bytes);
    if (sent === bytes.length) return undefined;
    this.#backlog.push(bytes.subarray(sent));
    this.#events.stalled?.();
    this.#watch();
    return this.#backlog.room();
  }

  get backlog(): number {
    return this.#backlog.length;
  }

  /** Reads now, and again two turns later: a worker of the kernel carries a pty's bytes from one end to the other. */
  async settle(): Promise<void> {
    // A caller inside data() returns first.
    await Promise.resolve();
    this.#receiveAll();
    await yieldToIo();
    this.#receiveAll();
  }

  /** Resolves when the kernel has taken everything that was written. */
  async drained(): Promise<void> {
    while (this.#backlog.length > 0) await this.#backlog.consumed();
  }

  /** Drops the input that has arrived and was not delivered. */
  discardInput(): void {
    this.#reserve(PIECE);
    for (let left = 2 * SLAB; left > 0 && !this.#over; ) {
      const length = this.#read();
      if (length === 0) return;
      left -= length;
    }
  }

  /** Sends what the kernel takes at once and releases the descriptor, all before it returns. */
  close(): void {
    if (!this.#over) this.#pour();
    this.#over = true;
    this.intake.close();
    this.#backlog.clear();
    this.#poller.stop();
    this.#poller.destroy();
  }

  /** Watches for what the state of the line asks for. To be called when the owner has changed the other end. */
  watch(): void {
    this.#watch();
  }

  /** An exception must not reach the poller's native code, which would end the process without a message. */
  #report(error: Error | null, polled: number): void {
    try {
      if (error === null) this.#act(polled);
      else this.#lose(error);
      this.#watch();
    } catch (bug) {
      queueMicrotask(() => {
        throw bug;
      });
    }
  }

  #act(polled: number): void {
    if ((polled & POLL.readable) !== 0) this.#receive(TURN);
    if ((polled & POLL.writable) !== 0) this.#flush();
    // Without output that waits, the next read reports the hang-up, after what had arrived.
    const isWatched = this.#backlog.length > 0 || this.#events.watchesHangUp === true;
    if ((polled & POLL.disconnect) !== 0 && isWatched) this.#hangUp(new Error("the host has closed the line"));
  }

  /** Sets what the poller waits for; after each event it would wait for something else. */
  #watch(): void {
    if (this.#over) return;
    let events = 0;
    if (this.intake.ready) events |= POLL.readable;
    if (this.#backlog.length > 0) events |= POLL.writable | POLL.disconnect;
    if (this.#events.watchesHangUp === true) events |= POLL.disconnect;
    this.#poller.poll(this.#events.blind === true ? 0 : events);
  }

  /** Delivers everything that can be read; of a host that sends without end no more than the kernel can have held. */
  #receiveAll(): void {
    let left = 2 * SLAB;
    for (let taken = 1; taken > 0 && left > 0; left -= taken) taken = this.#receive(left);
  }

  /** Delivers what can be read, about `limit` bytes and as long as the receiver takes it. Returns how many they were. */
  #receive(limit: number): number {
    let taken = 0;
    while (taken < limit && this.intake.ready && !this.#over) {
      const chunk = this.#chunk(Math.min(limit - taken, TURN));
      if (chunk.length === 0) break;
      taken += chunk.length;
      this.#events.arrived?.(chunk);
      this.intake.give(chunk);
      if (chunk.length < TURN) break;
    }
    return taken;
  }

  /** Reads about `limit` bytes, as one chunk. */
  #chunk(limit: number): Buffer {
    this.#reserve(limit + PIECE);
    const start = this.#used;
    while (this.#used - start < limit && !this.#over) {
      const length = this.#read();
      this.#used += length;
      // After a short read there is most likely no more, and the attempt costs an exception.
      if (length < PIECE / 2) break;
    }
    return this.#slab.subarray(start, this.#used);
  }

  /** Makes room behind the used part of the slab. */
  #reserve(size: number): void {
    if (this.#slab.length - this.#used >= size) return;
    this.#slab = Buffer.allocUnsafeSlow(SLAB);
    this.#used = 0;
  }

  /** Reads a piece behind the used part of the slab. Returns 0 when nothing is there. */
  #read(): number {
    try {
      const length = readSync(this.#fd, this.#slab, this.#used, PIECE, null);
      if (length === 0) this.#hangUp(new Error("the line has ended"));
      return length;
    } catch (error) {
      // EIO: the other end of a pty is closed, or the device is gone.
      if (!isBusy(error)) this.#hangUp(error as Error);
      return 0;
    }
  }

  /** Writes what the kernel takes at once and returns its length. Where it takes nothing ever again, the bytes are lost. */
  #send(bytes: Uint8Array): number {
    for (;;) {
      try {
        return writeSync(this.#fd, bytes);
      } catch (error) {
        if (isBusy(error)) return 0;
        if (this.#backlog.length > 0 && this.#events.hungUp !== undefined) this.#hangUp(error as Error);
        else if (this.#events.refused?.() === true) continue;
        return bytes.length;
      }
    }
  }

  /** Sends what waits until the kernel takes no more. */
  #pour(): void {
    for (let piece = this.#backlog.first(); piece !== undefined; piece = this.#backlog.first()) {
      const sent = this.#send(piece);
      this.#backlog.consume(sent);
      if (sent < piece.length) return;
    }
  }

  #flush(): void {
    if (this.#over || this.#backlog.length === 0) return;
    this.#pour();
    if (this.#backlog.length === 0) this.#events.flowing?.();
  }

  #hangUp(reason: Error): void {
    if (this.#over) return;
    if (this.#events.hungUp === undefined) {
      this.#lose(reason);
      return;
    }
    this.#events.hungUp();
    this.#backlog.clear();
  }

  #lose(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#backlog.clear();
    this.#poller.stop();
    this.intake.lose(reason);
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EINTR";
}
