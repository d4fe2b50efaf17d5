import { expect, test } from "vitest";
import { HostWriter } from "../../../src/at/line/host-writer.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { Settings } from "../../../src/module/settings/settings.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { type SerialLine, SERIAL_LIMITS } from "../../../src/platform/serial-line.ts";
import { Backlog } from "../../../src/transport/flow/backlog.ts";
import { EventList } from "../../support/session-on-memory.ts";

/** A line whose host reads only when told. */
class SlowLine implements SerialLine {
  readonly address = "slow";
  readonly lines = undefined;
  readonly returnsMemory: boolean;
  readonly read: Buffer[] = [];
  /** The memory in which pieces came that are worth to be given back. */
  readonly memory = new Set<ArrayBufferLike>();
  readonly #waiting = new Backlog();

  constructor(returnsMemory: boolean) {
    this.returnsMemory = returnsMemory;
  }

  get backlog(): number {
    return this.#waiting.length;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length >= SERIAL_LIMITS.lent) this.memory.add(bytes.buffer);
    this.#waiting.push(bytes);
    return this.#waiting.room();
  }

  readSome(count: number): void {
    for (let left = count; left > 0; ) {
      const piece = this.#waiting.first()?.subarray(0, left);
      if (piece === undefined) return;
      this.read.push(Buffer.from(piece));
      this.#waiting.consume(piece.length);
      left -= piece.length;
    }
  }

  start(): void {}

  async settle(): Promise<void> {}

  async close(): Promise<void> {}
}

test.each([true, false])(
  "packets reach a slow host, and the journal, as they were (memory is given back: %s)",
  async (returns) => {
    const line = new SlowLine(returns);
    const events = new EventList();
    const settings = new Settings(Nvram.inMemory({ profile: { E: 0 } }));
    const free = { lineIsFree: () => true, hasRoom: () => undefined };
    const writer = new HostWriter({ transport: line, settings, events, log: silentLog, ...free });
    const payload = Buffer.alloc(1024);
    const expected: string[] = [];
    for (let batch = 0; batch < 100; batch++) {
      payload.fill(batch);
      const packets = Array.from({ length: 1 + (batch % 64) }, (_, index) => ({
        head: `+P: ${batch}, ${index}`,
        payload,
      }));
      if (batch % 10 === 0) writer.text("+BEFORE");
      const room = writer.packetsNow(packets);
      if (batch % 10 === 0) expected.push("\r\n+BEFORE\r\n");
      for (const { head } of packets) expected.push(`\r\n${head}\r\n`, payload.toString("latin1"));
      while (line.backlog >= SERIAL_LIMITS.hostBuffer) line.readSome(5000);
      await room;
    }
    line.readSome(Number.POSITIVE_INFINITY);
    const said = expected.join("");
    expect(Buffer.concat(line.read).toString("latin1") === said).toBe(true);
    const told = events.list.map((event) => (event.type === "module" ? event.bytes : "")).join("");
    expect(told === said).toBe(true);
    if (returns) expect(line.memory.size).toBe(1);
    else expect(line.memory.size).toBeGreaterThan(50);
  },
);
