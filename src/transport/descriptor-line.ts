import { readSync, writeSync } from "node:fs";
import { setImmediate as yieldToIo } from "node:timers/promises";
import { EVENTS, Poller } from "@serialport/bindings-cpp/dist/poller.js";
import { HOST_BUFFER } from "../platform/limits.ts";
import type { Receiver } from "../platform/serial-line.ts";
import { Backlog } from "./backlog.ts";

/** The kernel hands out about this much of a terminal at a time (4095 bytes on Linux). */
const PIECE = 4096;

/** Received bytes are handed out as parts of allocations of this size. */
const SLAB = HOST_BUFFER;

/**
 * One turn of the loop reads until it has this much: two pieces. Then what they have set off may go on while the kernel
 * brings the next: CFTPPUT is a third faster so than when each turn reads all there is.
 */
const TURN = PIECE;

/** What the owner of a {@link DescriptorLine} does when its flow changes. */
export interface LineEvents {
  /** The kernel takes no more output. */
  stalled(): void;
  /** It has taken all that waited. */
  flowing(): void;
  /** Nobody is at the other end. Gives whether the line lives on; what waits is lost in any case. */
  hungUp(): boolean;
}

/**
 * The byte flow of a terminal's bare non-blocking descriptor: read and written at once where that is possible, and waited
 * for with a poll where it is not. Never `fs.read`, which would block a thread, nor a stream, which would add a turn of the
 * loop to each answer.
 */
export class DescriptorLine {
  readonly #fd: number;
  readonly #events: LineEvents;
  readonly #poller: Poller;
  readonly #backlog = new Backlog();
  #slab = Buffer.allocUnsafeSlow(SLAB);
  #used = 0;
  #receiver: Receiver | undefined;
  /** The receiver holds the host back. */
  #held = false;
  /** Closed, or lost. */
  #over = false;

  /** Borrows the descriptor until {@link close}. */
  constructor(fd: number, events: LineEvents) {
    this.#fd = fd;
    this.#events = events;
    this.#poller = new Poller(fd);
    this.#on("readable", () => this.#receive(TURN));
    this.#on("writable", () => this.#flush());
    this.#on("disconnect", () => {
      // When all has been sent after all, it is late news.
      if (this.#backlog.length > 0) this.#hangUp(new Error("nobody is there"));
    });
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
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
    this.#events.stalled();
    this.#watch();
    return this.#backlog.room();
  }

  get backlog(): number {
    return this.#backlog.length;
  }

  /** Reads at once, and again two turns later: a worker of the kernel carries a pty's bytes from one end to the other. */
  async settle(): Promise<void> {
    this.#receiveAll();
    await yieldToIo();
    await yieldToIo();
    this.#receiveAll();
  }

  /** Sends what goes at once, and lets go of the descriptor, all before it returns. */
  close(): void {
    if (!this.#over) this.#pour();
    this.#over = true;
    this.#backlog.clear();
    this.#poller.removeAllListeners();
    this.#poller.stop();
    this.#poller.destroy();
  }

  /** An exception must not reach the poller's native code, which would end the process without a word about it. */
  #on(event: "readable" | "writable" | "disconnect", listener: () => void): void {
    this.#poller.on(event, (error: Error | null) => {
      try {
        if (error === null) listener();
        else this.#lose(error);
        this.#watch();
      } catch (bug) {
        queueMicrotask(() => {
          throw bug;
        });
      }
    });
  }

  /** Tells the poller exactly what to wait for; after each event it waits for something of its own choice. */
  #watch(): void {
    if (this.#over) return;
    let events = 0;
    if (this.#receiver !== undefined && !this.#held) events |= EVENTS.UV_READABLE;
    if (this.#backlog.length > 0) events |= EVENTS.UV_WRITABLE | EVENTS.UV_DISCONNECT;
    this.#poller.poll(events);
  }

  /** Delivers all that can be read; a host that never stops gets no more than the kernel can have held. */
  #receiveAll(): void {
    let left = 2 * SLAB;
    for (let taken = 1; taken > 0 && left > 0; left -= taken) taken = this.#receive(left);
  }

  /** Delivers what can be read, about `limit` bytes and as long as the receiver takes it; gives how much that was. */
  #receive(limit: number): number {
    let taken = 0;
    while (taken < limit && this.#receiver !== undefined && !this.#held && !this.#over) {
      const length = this.#read();
      if (length === 0) break;
      taken += length;
      const chunk = this.#slab.subarray(this.#used, this.#used + length);
      this.#used += length;
      const taking = this.#receiver.data(chunk);
      if (taking !== undefined) this.#hold(taking);
      // After a short read there is most likely no more, and being told so costs an exception.
      if (length < PIECE / 2) break;
    }
    return taken;
  }

  #hold(taking: Promise<void>): void {
    this.#held = true;
    const release = () => {
      this.#held = false;
      this.#watch();
    };
    taking.then(release, release);
  }

  /** Reads behind the used part of the slab; 0 when nothing is there. */
  #read(): number {
    if (SLAB - this.#used < PIECE) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB);
      this.#used = 0;
    }
    try {
      const length = readSync(this.#fd, this.#slab, this.#used, SLAB - this.#used, null);
      if (length === 0) this.#hangUp(new Error("the line has ended"));
      return length;
    } catch (error) {
      // EIO: the other end of a pty is closed, or the device is gone.
      if (!isBusy(error)) this.#hangUp(error as Error);
      return 0;
    }
  }

  /** Writes what the kernel takes at once and gives its length. Where it takes nothing ever again, the bytes are lost. */
  #send(bytes: Uint8Array): number {
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      return isBusy(error) ? 0 : bytes.length;
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
    if (this.#backlog.length === 0) this.#events.flowing();
  }

  #hangUp(reason: Error): void {
    if (this.#over) return;
    if (this.#events.hungUp()) this.#backlog.clear();
    else this.#lose(reason);
  }

  #lose(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#backlog.clear();
    this.#poller.stop();
    this.#receiver?.lost(reason);
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EAGAIN" || code === "EINTR";
}
