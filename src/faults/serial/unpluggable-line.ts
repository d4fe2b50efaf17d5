import type { LinePort, ModemLines, ModemOutputs, Receiver, SerialLine } from "../../platform/serial-line.ts";
import { type Clock, sleep } from "../../platform/time/clock.ts";

/** Opens the medium of a line again, at the same address. Absent where it can only be silenced (memory, stdio). */
export type Reopen = () => Promise<SerialLine>;

/** What a module drives on a cable that nobody holds. */
const UNPLUGGED: Required<ModemOutputs> = { dcd: false, ri: false, dsr: false, cts: false };

/**
 * The serial line of a module, which can be unplugged for a while: the host loses its port, and may open it anew. It is
 * itself what its medium delivers to.
 */
export class UnpluggableLine implements SerialLine, Receiver {
  readonly #clock: Clock;
  readonly #reopen: Reopen | undefined;
  readonly #life = new AbortController();
  /** What the module listens to, done anew on each medium. */
  readonly #listening: ((line: SerialLine) => void)[] = [];
  #line: SerialLine;
  #isUnplugged = false;
  /** What the module drives, while the medium is gone. */
  #outputs: Required<ModemOutputs> = UNPLUGGED;
  #receiver: Receiver | undefined;
  /** Settles when the receiver has taken its last chunk. */
  #taken: Promise<void> | undefined;

  constructor(line: SerialLine, clock: Clock, reopen: Reopen | undefined) {
    this.#line = line;
    this.#clock = clock;
    this.#reopen = reopen;
  }

  /** The medium of the moment, or the last one. */
  get medium(): SerialLine {
    return this.#line;
  }

  get address(): string {
    return this.#line.address;
  }

  get lines(): ModemLines | undefined {
    if (this.#reopen === undefined || this.#line.lines === undefined) return this.#line.lines;
    const current = () => this.#line.lines;
    const followed = (listen: (lines: ModemLines) => void) =>
      this.#follow((line) => line.lines !== undefined && listen(line.lines));
    const unplugged = () => this.#isUnplugged;
    const driven = () => this.#outputs;
    return {
      get inputs() {
        return (unplugged() ? undefined : current()?.inputs) ?? { dtr: false };
      },
      get outputs() {
        return (unplugged() ? undefined : current()?.outputs) ?? driven();
      },
      set: (outputs) => {
        if (unplugged()) this.#outputs = { ...this.#outputs, ...outputs };
        else current()?.set(outputs);
      },
      onDtr: (listener) => followed((lines) => lines.onDtr(listener)),
      onRts: (listener) => followed((lines) => lines.onRts?.(listener)),
    };
  }

  get port(): LinePort | undefined {
    const { port } = this.#line;
    if (this.#reopen === undefined || port === undefined) return port;
    const current = () => (this.#isUnplugged ? undefined : this.#line.port);
    return {
      settings: async () => (await current()?.settings()) ?? {},
      ...(port.set === undefined ? {} : { set: async (settings) => current()?.set?.(settings) }),
      ...(port.sendBreak === undefined ? {} : { sendBreak: async (ms) => current()?.sendBreak?.(ms) }),
      onSettings: (listener) => this.#follow((line) => line.port?.onSettings?.(listener)),
      onBreak: (listener) => this.#follow((line) => line.port?.onBreak?.(listener)),
    };
  }

  get backlog(): number {
    return this.#isUnplugged ? 0 : this.#line.backlog;
  }

  get returnsMemory(): boolean {
    return this.#line.returnsMemory === true;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#line.start(this);
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#isUnplugged ? undefined : this.#line.write(bytes);
  }

  async settle(): Promise<void> {
    if (!this.#isUnplugged) await this.#line.settle();
  }

  close(): Promise<void> {
    this.#life.abort();
    return this.#line.close();
  }

  /** Takes the medium away for so long. Does nothing while it is away already. */
  async unplug(ms: number): Promise<void> {
    if (this.#isUnplugged || this.#life.signal.aborted) return;
    this.#outputs = this.#line.lines?.outputs ?? UNPLUGGED;
    this.#isUnplugged = true;
    if (this.#reopen === undefined) this.#line.lines?.set(UNPLUGGED);
    else await this.#line.close().catch(() => undefined);
    await this.#taken;
    this.#receiver?.closed?.();
    await sleep(this.#clock, ms, this.#life.signal).catch(() => undefined);
    if (!this.#life.signal.aborted) await this.#plugIn();
  }

  async #plugIn(): Promise<void> {
    if (this.#reopen !== undefined) {
      try {
        this.#line = await this.#reopen();
      } catch (error) {
        this.#receiver?.lost(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (this.#life.signal.aborted) {
        await this.#line.close();
        return;
      }
      for (const listen of this.#listening) listen(this.#line);
    }
    this.#isUnplugged = false;
    this.#line.lines?.set(this.#outputs);
    if (this.#reopen === undefined) this.#receiver?.opened?.();
    else if (this.#receiver !== undefined) this.#line.start(this);
  }

  data(chunk: Buffer): Promise<void> | undefined {
    if (this.#isUnplugged) return undefined;
    this.#taken = this.#receiver?.data(chunk);
    return this.#taken;
  }

  lost(reason: Error): void {
    if (!this.#isUnplugged) this.#receiver?.lost(reason);
  }

  opened(): void {
    if (!this.#isUnplugged) this.#receiver?.opened?.();
  }

  closed(): void {
    if (!this.#isUnplugged) this.#receiver?.closed?.();
  }

  async ended(): Promise<void> {
    await this.#receiver?.ended?.();
  }

  #follow(listen: (line: SerialLine) => void): void {
    this.#listening.push(listen);
    if (!this.#isUnplugged) listen(this.#line);
  }
}
