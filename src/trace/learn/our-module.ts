import { type Clock, sleep } from "../../platform/time/clock.ts";
import { yieldToIo } from "../../platform/yield-to-io.ts";
import type { RigEvent } from "../../rig/events.ts";
import { Rig } from "../../rig/rig.ts";
import type { RigModem } from "../../rig/rig-modem.ts";
import type { RigStart } from "../../rig/rig-start.ts";
import { type HostEnd, memoryPair } from "../../transport/memory.ts";
import { Comparison } from "../compare/comparison.ts";
import { Mask } from "../compare/mask.ts";

/** Milliseconds of rest after which a module says no more: one that says something else, and one that has said too little. */
const REST = { different: 20, behind: 300 } as const;
const LOOK = 5;
/** Turns of the event loop in which most commands are answered. */
const TURNS = 5;
/** Milliseconds that a module has to come to rest after a difference. */
const RECOVERY = 2000;

/** What our module took of the host: its lines and their commands. */
export interface Taken {
  /** The lines, each with how many like it were taken before. */
  readonly lines: { readonly text: string; readonly before: number }[];
  /** The commands that ran; one that the module does not have is without a form. */
  readonly commands: { readonly name: string; readonly form?: string }[];
}

/** A module of ours in this process, whose host is a session. */
export class OurModule {
  readonly #rig: Rig;
  readonly #modem: RigModem;
  readonly #host: HostEnd;
  readonly #clock: Clock;
  readonly #lines = new Map<string, number>();
  #comparison: Comparison | undefined;
  #taken: Taken = { lines: [], commands: [] };
  #lastSaid = 0;

  private constructor(rig: Rig, host: HostEnd, clock: Clock) {
    this.#rig = rig;
    this.#modem = rig.modem("m1");
    this.#host = host;
    this.#clock = clock;
    rig.journal?.on((event) => this.#hear(event), { lent: true });
  }

  /** Starts one. A wrong option is a `UsageError`. */
  static async start({ modems = [{}], ...options }: RigStart, clock: Clock): Promise<OurModule> {
    const { module, host } = memoryPair();
    const [modem = {}] = modems;
    const rig = await Rig.start({ ...options, modems: [{ ...modem, transport: module }], journal: { size: 0 } });
    return new OurModule(rig, host, clock);
  }

  /** From now on what it says goes into that comparison. Gives what it takes, as it takes it. */
  listen(comparison: Comparison): Taken {
    this.#comparison = comparison;
    this.#taken = { lines: [], commands: [] };
    return this.#taken;
  }

  async send(bytes: string): Promise<void> {
    this.#lastSaid = this.#clock.monotonic();
    await this.#host.write(Buffer.from(bytes, "latin1"));
  }

  /** Switches its echo off, as a module may keep it from an earlier session. */
  async silenceEcho(signal: AbortSignal): Promise<void> {
    const [comparison, taken] = [this.#comparison, this.#taken];
    const own = new Comparison(new Mask());
    own.await("ATE0\r\r\nOK\r\n");
    this.listen(own);
    await this.send("ATE0\r");
    await this.settle(own, { patience: RECOVERY }, signal);
    this.#comparison = comparison;
    this.#taken = taken;
  }

  /** What the line of its host is doing. */
  get phase(): string {
    return this.#modem.snapshot().host.phase;
  }

  /** How it prints `+CME ERROR`. */
  get errorLevel(): number {
    return this.#modem.snapshot().settings["+CMEE"];
  }

  /**
   * Waits until it has said what is awaited, says something else, or says no more; at most `patience` milliseconds. It may
   * still speak within `lateness` milliseconds of rest.
   */
  async settle(
    comparison: Comparison,
    { patience, lateness = 0 }: { readonly patience: number; readonly lateness?: number },
    signal: AbortSignal,
  ): Promise<void> {
    const end = this.#clock.monotonic() + patience;
    for (let turn = 0; turn < TURNS && comparison.state !== "same"; turn++) await yieldToIo();
    // Counted in looks: on a busy machine, where each takes longer, the module is slower, too.
    let quiet = 0;
    for (let said = this.#lastSaid; this.#clock.monotonic() < end; quiet += LOOK) {
      const { state } = comparison;
      if (state === "same" && this.phase !== "busy") return;
      if (said !== this.#lastSaid || !this.#isIdle) quiet = 0;
      said = this.#lastSaid;
      if (quiet > (state === "behind" ? REST.behind + lateness : REST.different)) return;
      await sleep(this.#clock, LOOK, signal);
    }
  }

  /** Brings it back to its command mode, as when a host has gone. */
  async recover(signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + RECOVERY;
    if (this.phase !== "idle") {
      this.#host.close();
      this.#host.open();
    }
    while (this.phase !== "idle" && this.#clock.monotonic() < end) await sleep(this.#clock, LOOK, signal);
  }

  async close(): Promise<void> {
    await this.#rig.close();
  }

  get #isIdle(): boolean {
    const { host, services } = this.#modem.snapshot();
    return host.phase !== "busy" && !Object.values(services).some(({ busy }) => busy);
  }

  #hear(event: RigEvent): void {
    if (event.type === "module") {
      this.#host.take();
      this.#lastSaid = this.#clock.monotonic();
      this.#comparison?.say(event.bytes);
    } else if (event.type === "line") {
      const before = this.#lines.get(event.text) ?? 0;
      this.#lines.set(event.text, before + 1);
      this.#taken.lines.push({ text: event.text, before });
    } else if (event.type === "command") {
      this.#taken.commands.push({ name: event.name, form: event.form });
    } else if (event.type === "unknown") {
      this.#taken.commands.push({ name: event.text });
    }
  }
}
