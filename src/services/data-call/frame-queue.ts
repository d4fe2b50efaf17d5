import { SERIAL_LIMITS } from "../../platform/serial-line.ts";

/** Frames that wait for the host, in order. Who sends more than the host reads waits for room, or loses it. */
export class FrameQueue {
  #frames: Uint8Array[] = [];
  #bytes = 0;
  #over = false;
  #reader: ((frames: Uint8Array | undefined) => void) | undefined;
  #room: { readonly promise: Promise<void>; readonly announce: () => void } | undefined;

  /** Drops the frame where twice the buffer of a line waits already: nothing on the link may wait for a host that does not read. */
  push(frame: Uint8Array): void {
    if (this.#over || this.#bytes > 2 * SERIAL_LIMITS.hostBuffer) return;
    this.#frames.push(frame);
    this.#bytes += frame.length;
    this.#reader?.(this.#take());
  }

  /** `undefined` while there is room, else a promise of it. */
  room(): Promise<void> | undefined {
    if (this.#over || this.#bytes < SERIAL_LIMITS.hostBuffer) return undefined;
    if (this.#room === undefined) {
      let announce: () => void = () => undefined;
      const promise = new Promise<void>((resolve) => {
        announce = resolve;
      });
      this.#room = { promise, announce };
    }
    return this.#room.promise;
  }

  /** All that waits, or what comes next; `undefined` behind the last frame. */
  next(): Promise<Uint8Array | undefined> {
    if (this.#frames.length > 0 || this.#over) return Promise.resolve(this.#take());
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  /** No more comes; what waits can still be read. */
  end(): void {
    this.#over = true;
    this.#announceRoom();
    this.#reader?.(this.#take());
  }

  #take(): Uint8Array | undefined {
    const frames = this.#frames;
    this.#reader = undefined;
    this.#frames = [];
    this.#bytes = 0;
    this.#announceRoom();
    const [first] = frames;
    return frames.length > 1 ? Buffer.concat(frames) : first;
  }

  #announceRoom(): void {
    this.#room?.announce();
    this.#room = undefined;
  }
}
