import type { Efs } from "../efs/efs.ts";
import { IDENTITIES, type Identity } from "../module/identity.ts";
import type { ModuleState } from "../module/module-state.ts";
import { applyModemPatch, checkModemPatch, type ModemPatch, readModemState } from "../module/state/modem-state.ts";
import type { StateProblem } from "../module/state/schema.ts";
import { SystemRandom } from "../platform/crypto.ts";
import { type Events, noEvents } from "../platform/events.ts";
import { type Log, silentLog } from "../platform/log.ts";
import type { ModemLines } from "../platform/serial-line.ts";
import { type Clock, SystemClock } from "../platform/time/clock.ts";
import { WorkSet } from "../platform/work-set.ts";
import { EfsFiles } from "./efs-files.ts";
import { type Inside, newInside, openEfs } from "./inside.ts";
import { behaviourOf, checkModemOptions, type ModemOptions } from "./modem-options.ts";
import { ModemSettings } from "./modem-settings.ts";
import { ObservedLines } from "./observed-lines.ts";
import { PowerChanges } from "./power-changes.ts";
import type { ModemServices, PoweredModule } from "./powered-module.ts";
import { describeServices, type ModemSnapshot } from "./snapshot.ts";

/**
 * One module on one serial line.
 *
 * @example
 * const { module, host } = memoryPair();
 * const modem = new Modem({ transport: module });
 * await modem.start();
 * host.write("AT\r");
 * await host.waitFor("OK\r\n", AbortSignal.timeout(1000));
 * await modem.close();
 */
export class Modem {
  /** The files of both volumes, also while the module is off. */
  readonly efs: EfsFiles;
  /** The settings of the AT interface by name. While the module is off: those that it will start with. */
  readonly settings: ModemSettings;
  /** Resolves with the reason when the medium is gone for good (end of stdin, a UART unplugged); never after `close()`. */
  readonly lost: Promise<Error>;
  readonly #options: ModemOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events: Events;
  readonly #lines: ObservedLines | undefined;
  readonly #identity: Identity;
  /** The work of the module, which ends with its power. */
  readonly #work = new WorkSet();
  /** What the library user writes into the EFS, which a restart of the module leaves alone. */
  readonly #writes = new WorkSet();
  /** Aborts when the modem closes. */
  readonly #ended = new AbortController();
  readonly #onLost: (reason: Error) => void;
  #inside: Inside;
  #efs: Efs | undefined;
  /** Loaded for the first power-on: what needs no power needs neither services nor commands. */
  #PoweredModule: typeof PoweredModule | undefined;
  #powered: PoweredModule | undefined;
  readonly #changes: PowerChanges;
  #started = false;
  #closing: Promise<void> | undefined;

  /** Takes over the transport, and closes it in the end. A wrong option is a `RangeError` that names it. */
  constructor(options: ModemOptions) {
    checkModemOptions(options);
    const { clock = new SystemClock(), log = silentLog, events = noEvents, identity = "wcdma" } = options;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#events = events;
    this.#lines = ObservedLines.of(options.transport, events);
    const isChangeable = () => this.#PoweredModule !== undefined && this.#closing === undefined;
    this.#changes = new PowerChanges({ log, efs: () => (isChangeable() ? this.#efs : undefined) });
    this.#identity = typeof identity === "string" ? IDENTITIES[identity] : identity;
    this.#inside = newInside(options, clock, events);
    this.efs = new EfsFiles(() => this.#openedEfs, this.#writes, this.#ended);
    this.settings = new ModemSettings(
      () => this.#powered?.settings,
      () => this.#inside.nvram,
    );
    let onLost: (reason: Error) => void = () => undefined;
    this.lost = new Promise((resolve) => {
      onLost = resolve;
    });
    this.#onLost = onLost;
  }

  /**
   * Switches the module on and listens to the host. Resolves when it is ready. With a boot time it announces itself as a
   * module does; without one it is ready at once and silent, so that the first host finds a quiet line. Rejects when the
   * modem was started before or is closed.
   */
  async start(): Promise<void> {
    await this.openFiles();
    await (await this.switchOn()).ready;
  }

  /** The first part of {@link start}: opens the files, which may fail. What the host sends waits in its line. */
  async openFiles(): Promise<void> {
    this.#checkOpen();
    if (this.#started) throw new Error("the modem has been started already");
    this.#started = true;
    try {
      this.#efs = await openEfs(this.#options, () => this.module, this.#events);
      await this.#options.prepare?.();
    } catch (error) {
      this.#started = false;
      throw error;
    }
    if (this.#closing !== undefined) this.#efs.close();
  }

  /** The second part: resolves when the module has its power and listens, while it may still boot. */
  async switchOn(): Promise<{ readonly ready: Promise<void> }> {
    const { PoweredModule } = await import("./powered-module.ts");
    if (this.#closing !== undefined) return { ready: Promise.resolve() };
    const { transport, bootTime = 0 } = this.#options;
    this.#PoweredModule = PoweredModule;
    const ready = this.#boot(this.#openedEfs, bootTime > 0);
    transport.start({
      data: (chunk) => this.#powered?.session.data(chunk),
      lost: this.#onLost,
      closed: () => this.#powered?.session.hostGone(),
      ended: () => this.#work.settled(),
    });
    this.#lines?.onDtr((on) => this.#powered?.dtrChanged(on));
    this.#lines?.onRts(() => this.#powered?.rtsChanged());
    this.#lines?.listen();
    return { ready: this.#changes.make(() => ready) };
  }

  /** What a host opens: "/dev/pts/4", "127.0.0.1:7000", "memory". */
  get port(): string {
    return this.#options.transport.address;
  }

  /** The modem lines, on a medium that has them. */
  get lines(): ModemLines | undefined {
    return this.#lines;
  }

  /** SIM, radio, packet service, clock and short messages: to look at, to listen to and to change at any time. */
  get module(): ModuleState {
    return this.#inside.module;
  }

  /** SMTP, POP3, FTP and HTTP as the AT commands drive them; `undefined` while the module is off. */
  get services(): ModemServices | undefined {
    return this.#powered?.services;
  }

  /** Whether the module has power. */
  get powered(): boolean {
    return this.#powered !== undefined;
  }

  /**
   * The state of the module, and what its AT interface and its services are doing now, as values of JSON.
   *
   * @example
   * modem.snapshot().services.pop3.session; // "mail.example.com" between AT+POP3IN and AT+POP3OUT
   */
  snapshot(): ModemSnapshot {
    const { session, madeServices } = this.#powered ?? {};
    return {
      port: this.port,
      identity: this.#identity.model,
      dialect: this.#options.dialect ?? "manual",
      ...readModemState(this),
      host: { phase: session?.phase ?? "off", backlog: session?.backlog ?? this.#options.transport.backlog },
      settings: this.settings.values(),
      services: describeServices(madeServices),
      sockets: madeServices?.sockets.view() ?? [],
    };
  }

  /**
   * Changes what {@link snapshot} shows of SIM, radio, packet domain, clock, card and power: all of the patch, or nothing if
   * there is a problem with it, which is returned. Resolves when the changes hold; a module that it switches on is ready.
   * Rejects with an `NvramError`, and changes nothing, where the disk refuses to keep the SIM or the clock.
   *
   * @example
   * await modem.patch({ sim: { state: "pin", pin: "4321" }, radio: { rssi: 5 } });
   * await modem.patch({ radio: { rssi: 32 } }); // { at: "/radio/rssi", message: "must be a whole number from 0 to 31 or 99" }
   */
  async patch(patch: unknown): Promise<StateProblem | undefined> {
    const problem = checkModemPatch(this, patch);
    if (problem === undefined) await applyModemPatch(this, patch as ModemPatch);
    return problem;
  }

  /** Prints an unsolicited line as soon as the line is free. A module that is off prints nothing. */
  urc(text: string): void {
    this.#powered?.urc(text);
  }

  /**
   * Types bytes in the host's place, whose answer the host sees too; meanwhile the host is held back. Gives `false`, and
   * types nothing, while the host has begun a line or its command or data entry runs, or the module is off.
   */
  type(bytes: Uint8Array): boolean {
    return this.#powered?.session.type(Buffer.from(bytes)) ?? false;
  }

  /**
   * Restarts the module: whatever runs is dropped without a word; what NVRAM and EFS keep stays. It announces itself as at
   * {@link start}: with a boot time only. Resolves when it is ready.
   */
  reset(): Promise<void> {
    return this.#restart((this.#options.bootTime ?? 0) > 0);
  }

  /** The same as AT+CRESET does it: the module announces itself. */
  restart(): Promise<void> {
    return this.#restart(true);
  }

  /** Takes the power away: whatever runs is dropped, and the line is silent until {@link powerOn}. */
  async powerOff(): Promise<void> {
    this.#checkOpen();
    this.#cutPower();
    await this.#changes.make(async () => {
      this.#cutPower();
      await this.#work.settled();
    });
  }

  /** Gives a module that is off its power back; it announces itself. Resolves when it is ready. */
  async powerOn(): Promise<void> {
    this.#checkOpen();
    await this.#changes.make(async (efs) => {
      if (!this.powered) await this.#reboot(efs, true);
    });
  }

  /**
   * Brings back the state at the start: SIM, radio, messages, and what is in memory of NVRAM and EFS. What a directory
   * keeps stays. The port stays open, and nothing is announced. {@link module} is a new object afterwards: listeners of
   * the old one hear no more.
   */
  async restore(): Promise<void> {
    this.#checkOpen();
    this.#cutPower();
    await this.#changes.make(async (efs) => {
      this.#cutPower();
      await this.#work.settled();
      this.#inside = newInside(this.#options, this.#clock, this.#events);
      await efs.reset();
      await this.#options.prepare?.();
      if (this.#closing === undefined) await this.#boot(efs, false);
    });
  }

  /** Whether a card is in the slot. */
  get cardInserted(): boolean {
    return this.#efs?.cardInserted ?? false;
  }

  /** Takes the card out while the module runs: what is open on it fails, and no half-written file stays. */
  async pullCard(): Promise<void> {
    await this.#openedEfs.pullCard();
  }

  /** Puts the card back, with what was on it. */
  async insertCard(): Promise<void> {
    await this.#openedEfs.insertCard();
  }

  /** Drops whatever runs and closes the transport. Resolves when no unfinished file is left and what is to be kept is. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#ended.abort(new Error("the modem is closed"));
    this.#cutPower();
    const transportClosed = this.#options.transport.close();
    await this.#work.settled();
    await this.#writes.settled();
    await transportClosed;
    await this.#changes.settled;
    this.#efs?.close();
    await this.#inside.nvram.close();
  }

  #cutPower(): void {
    if (this.#powered === undefined) return;
    this.#powered.cutPower();
    this.#powered = undefined;
    this.#inside.module.powerOff();
    this.#events.emit({ type: "state", what: "power", value: "off" });
  }

  async #restart(announced: boolean): Promise<void> {
    this.#checkOpen();
    this.#cutPower();
    await this.#changes.make((efs) => this.#reboot(efs, announced));
  }

  async #reboot(efs: Efs, announced: boolean): Promise<void> {
    this.#cutPower();
    await this.#work.settled();
    await efs.powerOn();
    if (this.#closing === undefined) await this.#boot(efs, announced);
  }

  /** Puts the line into service at once; resolves when the module is ready, or the power has gone again. */
  #boot(efs: Efs, announced: boolean): Promise<void> {
    const { transport, intercept, nmea, random = new SystemRandom(), bootTime = 0 } = this.#options;
    const { serverAddress = "127.0.0.1" } = this.#options;
    this.#inside.module.powerOn();
    if (this.#PoweredModule === undefined) throw new Error("the modem has not been switched on");
    const powered = new this.#PoweredModule({
      transport,
      lines: this.#lines,
      clock: this.#clock,
      log: this.#log,
      events: this.#events,
      random,
      efs,
      identity: this.#identity,
      ...this.#inside,
      ...behaviourOf(this.#options),
      power: {
        off: () => this.#changes.watch(this.powerOff()),
        restart: () => this.#changes.watch(this.restart()),
      },
      intercept,
      nmea,
      serverAddress,
      work: this.#work,
    });
    this.#powered = powered;
    this.#events.emit({ type: "state", what: "power", value: "on" });
    return powered.boot(announced ? { bootTime } : undefined);
  }

  get #openedEfs(): Efs {
    if (this.#efs === undefined) throw new Error("the modem has not been started");
    return this.#efs;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new Error("the modem is closed");
  }
}
