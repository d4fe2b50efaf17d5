import { eitherSignal, onAbort } from "../../platform/abortable.ts";
import {
  type LinePort,
  type ModemLines,
  type Receiver,
  SERIAL_LIMITS,
  type SerialLine,
} from "../../platform/serial-line.ts";
import { sleep } from "../../platform/time/clock.ts";
import type { Carriers } from "../carriers.ts";
import { Flow } from "../flow.ts";
import { SERIAL_KINDS } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { LineMeans } from "./kind.ts";
import { type Reopen, UnpluggableLine } from "./unpluggable-line.ts";

/** What faults of a line know of the module behind it. */
export type LineModule = Pick<LineMeans, "rate" | "phase" | "framed">;

/** One modem and its line. */
export interface LineParts {
  readonly line: SerialLine;
  readonly modem: string;
  readonly module: LineModule;
  readonly reopen?: Reopen | undefined;
}

/**
 * The serial line of one modem with faults in it. Without one that holds bytes pass at once. It is itself what its medium
 * delivers to.
 */
export class FaultyLine implements SerialLine, Receiver {
  readonly #line: UnpluggableLine;
  readonly #modem: string;
  readonly #faults: Carriers;
  readonly #module: LineModule;
  readonly #life = new AbortController();
  /** Made for the first fault that changes what passes in their direction: most lines never have one. */
  #in: Flow | undefined;
  #out: Flow | undefined;
  /** Called whenever a flow has moved. */
  #waiting: readonly (() => void)[] = [];
  readonly #release: () => void;
  #receiver: Receiver | undefined;

  constructor({ line, modem, module, reopen }: LineParts, faults: Carriers) {
    this.#line = new UnpluggableLine(line, faults.clock, reopen);
    this.#modem = modem;
    this.#faults = faults;
    this.#module = module;
    const attach = (rule: Rule) => this.#attach(rule);
    for (const rule of faults.rules()) attach(rule);
    this.#release = faults.onBegin(attach);
  }

  /** The medium of the moment, or the last one. */
  get medium(): SerialLine {
    return this.#line.medium;
  }

  get address(): string {
    return this.#line.address;
  }

  get lines(): ModemLines | undefined {
    return this.#line.lines;
  }

  get port(): LinePort | undefined {
    return this.#line.port;
  }

  get backlog(): number {
    return this.#line.backlog + (this.#out?.length ?? 0);
  }

  /** A fault may drop or change what it passes: then the backlog does not tell what the medium has sent. */
  get returnsMemory(): boolean {
    return this.#out === undefined && this.#line.returnsMemory;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#line.start(this);
  }

  data(chunk: Buffer): Promise<void> | undefined {
    if (this.#in?.isClear !== false) return this.#isFrozen ? undefined : this.#receiver?.data(chunk);
    this.#in.push(chunk, this.#faults.clock.monotonic());
    return this.#room(this.#in);
  }

  lost(reason: Error): void {
    this.#behind(() => this.#receiver?.lost(reason));
  }

  opened(): void {
    this.#behind(() => this.#receiver?.opened?.());
  }

  closed(): void {
    this.#behind(() => this.#receiver?.closed?.());
  }

  async ended(): Promise<void> {
    await new Promise<void>((resolve) => this.#behind(resolve));
    await this.#receiver?.ended?.();
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isFrozen) return undefined;
    if (this.#out?.isClear !== false) return this.#line.write(bytes);
    this.#out.push(Buffer.from(bytes), this.#faults.clock.monotonic());
    return this.#room(this.#out);
  }

  settle(): Promise<void> {
    return this.#line.settle();
  }

  close(): Promise<void> {
    this.#release();
    this.#life.abort();
    this.#in?.stop();
    this.#out?.stop();
    return this.#line.close();
  }

  get #isFrozen(): boolean {
    return this.#faults.frozen.has(this.#modem);
  }

  /** What the host has sent before comes first. */
  #behind(work: () => void): void {
    if (this.#in?.isClear !== false) work();
    else this.#in.end(work);
  }

  /** Resolves when there is room again; nothing where there is room. */
  #room(flow: Flow): Promise<void> | undefined {
    if (flow.length < SERIAL_LIMITS.hostBuffer) return undefined;
    return new Promise((resolve) => {
      const look = () => {
        if (flow.length >= SERIAL_LIMITS.hostBuffer && !this.#life.signal.aborted) return;
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve();
      };
      this.#waiting = [...this.#waiting, look];
      onAbort(this.#life.signal, look);
    });
  }

  #attach(rule: Rule): void {
    const { spec, clock, random } = rule;
    const kind = SERIAL_KINDS.find((candidate) => candidate.kind === spec.kind);
    if (kind === undefined || !rule.concerns(this.#modem)) return;
    const { signal } = eitherSignal(rule.over, this.#life.signal);
    const means: LineMeans = {
      ...this.#module,
      clock,
      random,
      use: () => rule.use(this.#modem),
      wait: (ms) => (ms > 0 ? sleep(clock, ms, signal).catch(() => undefined) : Promise.resolve()),
      print: (bytes) => void this.write(bytes),
      unplug: (ms) => void this.#line.unplug(ms),
    };
    kind.begin?.(spec, means);
    if (kind.stage === undefined) return;
    const direction = kind.only?.(spec) ?? spec.direction;
    for (const name of ["in", "out"] as const) {
      if (direction !== undefined && direction !== name) continue;
      const { stages } = this.#flow(name);
      const stage = kind.stage(spec, means);
      stages.add(stage);
      onAbort(signal, () => stages.delete(stage));
    }
  }

  #flow(direction: "in" | "out"): Flow {
    const moved = () => {
      for (const look of this.#waiting) look();
    };
    if (direction === "out") {
      this.#out ??= new Flow((bytes) => this.#line.write(bytes), moved);
      return this.#out;
    }
    this.#in ??= new Flow((bytes) => (this.#isFrozen ? undefined : this.#receiver?.data(bytes)), moved);
    return this.#in;
  }
}
