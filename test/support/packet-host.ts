import { until } from "./loopback.ts";

export interface TakenPacket {
  readonly head: string;
  readonly payload: Buffer;
}

/** A host that reads what a module prints as programs do: line by line, and as many bytes as a head announces. */
export class PacketHost {
  readonly #take: () => Uint8Array;
  #rest = Buffer.alloc(0);

  /** `take` gives what has come since the last call. */
  constructor(take: () => Uint8Array) {
    this.#take = take;
  }

  /** Takes exactly one framed line, and gives its text. */
  async line(): Promise<string> {
    await this.#until(() => this.#rest.indexOf("\r\n", 2) > 0);
    const end = this.#rest.indexOf("\r\n", 2);
    const line = this.#takeFirst(end + 2).toString("latin1");
    if (!line.startsWith("\r\n")) throw new Error(`not a framed line: ${JSON.stringify(line)}`);
    return line.slice(2, -2);
  }

  async bytes(length: number): Promise<Buffer> {
    await this.#until(() => this.#rest.length >= length);
    return this.#takeFirst(length);
  }

  /** Takes packets up to the first line that is none. */
  async packets(): Promise<{ readonly packets: readonly TakenPacket[]; readonly last: string }> {
    const packets: TakenPacket[] = [];
    for (;;) {
      const head = await this.line();
      const length = /^\+\w+: DATA,(?:[01],)? ?(\d+)$/.exec(head)?.[1];
      if (length === undefined) return { packets, last: head };
      packets.push({ head, payload: await this.bytes(Number(length)) });
    }
  }

  #takeFirst(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  #until(condition: () => boolean): Promise<void> {
    return until(() => {
      const more = this.#take();
      if (more.length > 0) this.#rest = Buffer.concat([this.#rest, more]);
      return condition();
    }, "the module to print");
  }
}

/** All payload of packets. */
export function payloadOf(packets: readonly TakenPacket[]): Buffer {
  return Buffer.concat(packets.map(({ payload }) => payload));
}
