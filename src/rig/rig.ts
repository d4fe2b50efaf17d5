import type { Faults } from "../faults/faults.ts";
import { atOnce } from "../platform/at-once.ts";
import { packageVersion } from "../platform/disk/files.ts";
import { noEvents } from "../platform/events.ts";
import { InTurn } from "../platform/in-turn.ts";
import type { Clock } from "../platform/time/clock.ts";
import { VirtualClock } from "../platform/time/virtual-clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { RigEvent } from "./events.ts";
import type { ExpectOptions } from "./expectation.ts";
import type { Journal } from "./journal.ts";
import { checkModemOptions } from "./options.ts";
import type { EventPattern } from "./pattern.ts";
import { controlOf } from "./rig-faults.ts";
import { type ModemStart, mediumAt, RigModem } from "./rig-modem.ts";
import { observedBy, openParts, type RigParts } from "./rig-parts.ts";
import { RigRandom } from "./rig-random.ts";
import { type RigModemStart, type RigStart, withoutTransport } from "./rig-start.ts";
import type { Scenario } from "./scenario/scenario.ts";

/**
 * Modems, the sandbox, the clock and the journal: everything that one `vmodem start` holds.
 *
 * @example
 * await using rig = await Rig.start({ modems: [{ identity: "sim5320" }], sandbox: true, journal: true });
 * const { port } = rig.modem("m1"); // what the program under test opens
 * await rig.expect({ type: "command", name: "+SMTPSEND" });
 * rig.sandbox?.smtp.mails[0]?.content.text;
 * await rig.reset(); // between two tests
 */
export class Rig {
  readonly #parts: RigParts;
  /** By id, in the order of their numbers. */
  readonly #modems = new Map<string, RigModem>();
  readonly #randoms = new Map<string, RigRandom>();
  /** What keeps faults from a modem that is closed. */
  readonly #detach = new Map<string, () => void>();
  #lastNumber = 0;
  /** The last number at the start. */
  #startNumber = 0;
  /** The modems that were added since the start on a medium of the rig's. */
  readonly #added = new Set<string>();
  #booted: Promise<void> = Promise.resolve();
  #ready = false;
  readonly #resets = new InTurn();
  readonly #advances = new InTurn();
  #closing: Promise<void> | undefined;

  private constructor(parts: RigParts) {
    this.#parts = parts;
  }

  /** Starts a rig; resolves when every modem is ready. A wrong option is a {@link UsageError} that names it. */
  static async start(options: RigStart = {}): Promise<Rig> {
    const rig = await Rig.open(options);
    await rig.whenReady();
    return rig;
  }

  /**
   * Opens the ports of a rig and gives its modules their power; resolves while they may still boot. On a clock that moves
   * only by `advance` the boot ends only then.
   */
  static async open(options: RigStart = {}): Promise<Rig> {
    const rig = await Rig.openPorts(options);
    await rig.switchOn();
    return rig;
  }

  /** The first half of {@link open}: ports and files, and with them all that a caller can be to blame for. */
  static async openPorts(options: RigStart): Promise<Rig> {
    const { parts, modems } = await openParts(options);
    const rig = new Rig(parts);
    try {
      await parts.scenario?.fill(rig);
      await atOnce(modems, (modem) => rig.#openModem(modem));
    } catch (error) {
      await rig.close();
      throw error;
    }
    rig.#startNumber = rig.#lastNumber;
    return rig;
  }

  /** The second half of {@link open}: gives the modules their power. */
  async switchOn(): Promise<void> {
    const started = await atOnce(this.modems, (modem) => this.#switchOn(modem));
    this.#booted = Promise.all(started.map(({ booted }) => booted)).then(() => {
      this.#ready = true;
    });
    // The caller that awaits it gets the reason.
    this.#booted.catch(() => undefined);
    this.#parts.scenario?.start(this);
  }

  /** Whether the modems that the rig was started with are ready. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Resolves when the modems that the rig was started with are ready. When one fails the rig closes, and it rejects. */
  async whenReady(): Promise<void> {
    try {
      await this.#booted;
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#checkOpen();
  }

  /** The modems, in the order of their numbers. */
  get modems(): readonly RigModem[] {
    return [...this.#modems.values()].sort((a, b) => numberOf(a) - numberOf(b));
  }

  /** One modem by its id (`m1`); a `RangeError` if there is none. */
  modem(id: string): RigModem {
    const modem = this.#modems.get(id);
    if (modem === undefined) throw new RangeError(`there is no modem ${id}`);
    return modem;
  }

  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Whether the clock moves by itself, or only by {@link advance}. */
  get time(): "real" | "manual" {
    return this.clock instanceof VirtualClock ? "manual" : "real";
  }

  /**
   * Moves a manual clock on: what falls due happens in order, and each call goes on where the one before has ended. Resolves
   * when the modems have come to rest, what is under way on their connections included. A server or a host that sends without
   * end is not waited for.
   */
  async advance(ms: number): Promise<void> {
    const { clock } = this;
    if (!(clock instanceof VirtualClock)) throw new UsageError("the clock runs by itself; start with time: manual");
    const { rest } = this.#parts;
    await this.#advances.run(async () => {
      await rest?.begin();
      await clock.advance(ms, () => rest?.settle() ?? Promise.resolve());
    });
  }

  /** The version of the program. */
  get version(): string {
    return packageVersion();
  }

  /** The embedded servers, with the option `sandbox`. */
  get sandbox(): Sandbox | undefined {
    return this.#parts.sandbox;
  }

  /** What goes wrong on purpose: to add to, to list and to clear at any time. */
  get faults(): Faults {
    return this.#parts.faults;
  }

  /** The scenario that it was started with. */
  get scenario(): Scenario | undefined {
    return this.#parts.scenario?.scenario;
  }

  /** What has happened, with the option `journal`. */
  get journal(): Journal | undefined {
    return this.#parts.observation?.journal;
  }

  /** The seed of all random choices: the same seed and the same host give the same bytes. */
  get seed(): number {
    return this.#parts.seed;
  }

  /** Adds a modem; resolves when it is ready. */
  async addModem(options: RigModemStart = {}): Promise<RigModem> {
    const modem = await this.#openModem(options);
    if (options.transport === undefined) this.#added.add(modem.id);
    await (await this.#switchOn(modem)).booted;
    return modem;
  }

  async #openModem(options: RigModemStart): Promise<RigModem> {
    this.#checkOpen();
    const number = ++this.#lastNumber;
    try {
      return await this.#openNumbered(number, options);
    } catch (error) {
      if (number === this.#lastNumber) this.#lastNumber--;
      throw error;
    }
  }

  async #openNumbered(number: number, options: RigModemStart): Promise<RigModem> {
    const { clock, network, log, observation, journalNetwork, faults, scenario, seed, openMedium } = this.#parts;
    const { transport: own } = options;
    const setup = checkModemOptions(withoutTransport(options));
    const { medium } = setup;
    const transport = own ?? (await openMedium(medium, clock, log));
    const canReopen = own === undefined && medium.kind !== "stdio";
    const reopen = canReopen ? () => openMedium(mediumAt(medium, transport.address), clock, log) : undefined;
    const id = `m${number}`;
    const events = observedBy(this.#parts, id, observation?.events(id) ?? noEvents);
    const random = new RigRandom(seed, id);
    const modem = await RigModem.open(setup, {
      id,
      transport,
      reopen,
      network,
      rules: this.sandbox?.rules ?? [],
      clock,
      log,
      events,
      journalNetwork,
      faults,
      random,
      ...scenario?.firstState(number - 1),
    });
    if (this.#closing !== undefined) await modem.close();
    this.#checkOpen();
    this.#modems.set(id, modem);
    this.#randoms.set(id, random);
    observation?.add(modem);
    return modem;
  }

  /** Resolves when the modem has its power, or has failed to get it. */
  async #switchOn(modem: RigModem): Promise<ModemStart> {
    const on = modem.switchOn();
    const booted = this.#attachFaults(modem, on);
    // The caller that awaits it gets the reason.
    booted.catch(() => undefined);
    await Promise.allSettled([on]);
    return { booted };
  }

  /** Resolves when the modem is ready; from then on faults reach it. */
  async #attachFaults(modem: RigModem, on: ReturnType<RigModem["switchOn"]>): Promise<void> {
    const { id } = modem;
    try {
      const { ready } = await on;
      await ready;
    } catch (error) {
      this.#forget(id);
      throw error;
    }
    const control = () => controlOf(modem, this.#parts.log);
    if (this.#modems.has(id)) this.#detach.set(id, this.faults.attach(id, control));
  }

  /** Closes a modem and its port. Its id is not given again before the next {@link reset}. */
  async removeModem(id: string): Promise<void> {
    const modem = this.modem(id);
    this.#forget(id);
    await modem.close();
  }

  /** Closes what was added since the start, but for modems on a transport of the caller's. Their numbers are free again. */
  async #removeAdded(): Promise<void> {
    const added = this.modems.filter(({ id }) => this.#added.has(id));
    await Promise.all(added.map(({ id }) => this.removeModem(id)));
    this.#lastNumber = Math.max(this.#startNumber, ...this.modems.map(numberOf));
  }

  #forget(id: string): void {
    this.#added.delete(id);
    this.#modems.delete(id);
    this.#randoms.delete(id);
    this.#parts.observation?.remove(id);
    this.#detach.get(id)?.();
    this.#detach.delete(id);
  }

  /**
   * Waits for an event that matches a pattern, or gives one that has come. Rejects with an `ExpectationError`, which shows
   * what came closest. Needs the option `journal`.
   *
   * @example
   * const { seq } = await rig.expect({ type: "urc", text: "/CMTI/" });
   * await rig.expect({ type: "result", name: "+CMGR", result: "OK" }, { after: seq, timeout: 1000 });
   */
  async expect(pattern: EventPattern, options: ExpectOptions = {}): Promise<RigEvent> {
    this.#checkOpen();
    if (this.journal === undefined) throw new Error("the rig keeps no journal; start it with { journal: true }");
    const { expectEvent } = await import("./expectation.ts");
    return expectEvent(this.journal, pattern, options);
  }

  /**
   * Brings everything back as it was at the start: the modems, what is in memory of their NVRAM and EFS, the sandbox, the
   * faults and the journal. Ports and links stay, `seq` and the clock go on. A modem that was added is closed, unless its
   * transport is the caller's; one that was closed does not come back. What a test calls between tests.
   */
  async reset(): Promise<void> {
    this.#checkOpen();
    await this.#resets.run(() => this.#reset());
  }

  /** Ends everything: the modems, their ports and links, the sandbox. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The part of closing that a process can still do while it exits: the ports and their links. */
  closePorts(): void {
    for (const modem of this.#modems.values()) modem.closePort();
  }

  async #reset(): Promise<void> {
    const { seeded, sandbox, faults, scenario, observation, introduce } = this.#parts;
    scenario?.stop();
    faults.clear();
    await this.#removeAdded();
    if (seeded) for (const random of this.#randoms.values()) random.restart();
    await Promise.all(this.modems.map((modem) => modem.restore()));
    await sandbox?.reset();
    await scenario?.fill(this);
    observation?.restart();
    introduce();
    faults.restart();
    scenario?.start(this);
  }

  async #close(): Promise<void> {
    this.#parts.scenario?.stop();
    for (const detach of this.#detach.values()) detach();
    this.faults.clear();
    await Promise.all(this.modems.map((modem) => modem.close()));
    await this.sandbox?.close();
    this.journal?.settle();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new Error("the rig is closed");
  }
}

function numberOf({ id }: RigModem): number {
  return Number(id.slice(1));
}
