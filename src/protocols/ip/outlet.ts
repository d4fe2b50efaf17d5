import { IP_LIMITS } from "./limits.ts";

type Deliver = (packet: Uint8Array) => void | Promise<void>;

/** The way to the host. While the link takes no packet a bounded number waits. */
export class Outlet {
  readonly #deliver: Deliver;
  readonly #waiting: Buffer[] = [];
  readonly #forRoom = new Set<() => void>();
  #held = false;
  #closed = false;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /** Whether a packet goes to the link at once. */
  get hasRoom(): boolean {
    return !this.#held;
  }

  /** Calls back once when there is room again. */
  whenRoom(callback: () => void): void {
    this.#forRoom.add(callback);
  }

  /** Sends a packet, or loses it where too many wait. */
  send(packet: Buffer): void {
    if (this.#closed) return;
    if (!this.#held) this.#pass(packet);
    else if (this.#waiting.length < IP_LIMITS.waitingPackets) this.#waiting.push(packet);
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#forRoom.clear();
  }

  #pass(packet: Buffer): void {
    const taken = this.#deliver(packet);
    if (taken === undefined) return;
    this.#held = true;
    const go = () => {
      this.#held = false;
      this.#drain();
    };
    taken.then(go, go);
  }

  #drain(): void {
    while (!this.#held) {
      const packet = this.#waiting.shift();
      if (packet !== undefined) {
        this.#pass(packet);
        continue;
      }
      const [callback] = this.#forRoom;
      if (callback === undefined) return;
      this.#forRoom.delete(callback);
      callback();
    }
  }
}
