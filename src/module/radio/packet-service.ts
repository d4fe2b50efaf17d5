import { Listeners } from "../listeners.ts";
import { type KeptValue, keptMap, parseNumbered } from "../settings/kept-value.ts";
import { isRecord, type Nvram } from "../settings/nvram.ts";
import type { Radio, Registration } from "./radio.ts";

/** A PDP context as the host defines it (27.007 10.1.1). */
export interface PdpContext {
  readonly type: string;
  readonly apn: string;
  readonly address: string;
  /** How data and headers are compressed: stored only. */
  readonly dataCompression: number;
  readonly headerCompression: number;
}

/** How a context logs in: 0 none, 1 PAP, 2 CHAP, 3 either. */
export interface PdpAuthentication {
  readonly type: number;
  readonly user: string;
}

/** The numbers of contexts. */
export const CONTEXTS = { min: 1, max: 16 } as const;

/** What a context is of which the host has told nothing. */
export const PLAIN_CONTEXT: PdpContext = {
  type: "IP",
  apn: "",
  address: "0.0.0.0",
  dataCompression: 0,
  headerCompression: 0,
};

/** What is defined at first. */
const FIRST_CONTEXT: ReadonlyMap<number, PdpContext> = new Map([[1, PLAIN_CONTEXT]]);

/** The packet domain: attachment and contexts. Contexts are kept in NVRAM. */
export class PacketService {
  readonly #radio: Radio;
  readonly contexts: ContextList<PdpContext>;
  readonly socketContexts: ContextList<PdpContext>;
  /** How the contexts of the services log in. */
  readonly authentication: ContextList<PdpAuthentication>;
  /** How the contexts of AT+CGDCONT log in. */
  readonly contextAuthentication: ContextList<PdpAuthentication>;
  readonly #activated = new Set<number>();
  /** The context that the sockets have activated. */
  #ofSockets: number | undefined;
  /** Called with whether the module is attached, when the services lose the network or get it back. */
  readonly changed = new Listeners<boolean>();
  /** Called with the number of a context that was active and is not any more, unless the network is lost with it. */
  readonly deactivated = new Listeners<number>();
  #wanted = true;
  #attached: boolean;
  /** The context that the services use (AT+CSOCKSETPN). */
  activeContext = 1;
  /** The address that the network gives the module. */
  address = "10.146.130.153";

  constructor(nvram: Nvram, radio: Radio) {
    this.#radio = radio;
    this.contexts = new ContextList(nvram, "contexts", parseContext, FIRST_CONTEXT);
    this.socketContexts = new ContextList(nvram, "socket contexts", parseContext);
    this.authentication = new ContextList(nvram, "authentication", parseAuthentication);
    this.contextAuthentication = new ContextList(nvram, "context authentication", parseAuthentication);
    this.#attached = this.attached;
    radio.changed.follow(() => this.#update());
  }

  /** The module starts: it attaches by itself, and no connection is open. */
  powerOn(): void {
    this.#wanted = true;
    this.#deactivateAll();
    this.activeContext = 1;
    this.#update();
  }

  /** Whether data can flow. */
  get attached(): boolean {
    return this.#wanted && this.#radio.registered;
  }

  /** The state that AT+CGREG shows: that of the radio, `none` while detached. */
  get registration(): Registration {
    return this.#radio.registered && !this.#wanted ? "none" : this.#radio.registration;
  }

  /** Attaches or detaches; returns whether that was possible. It cannot attach where it is not registered. */
  attach(wanted: boolean): boolean {
    if (wanted && !this.#radio.registered) return false;
    this.want(wanted);
    return true;
  }

  /** Detaches, or attaches as soon as the module is registered. */
  want(attached: boolean): void {
    this.#wanted = attached;
    this.#update();
  }

  isActivated(context: number): boolean {
    return this.#activated.has(context) || context === this.#ofSockets;
  }

  /** Activates the context that the services use, for the sockets (AT+NETOPEN): AT+CGACT has no power over it. */
  openForSockets(): void {
    this.#ofSockets = this.activeContext;
  }

  closeForSockets(): void {
    this.#ofSockets = undefined;
  }

  /** Activates a context, or all defined ones; returns whether that was possible. */
  activate(context?: number): boolean {
    if (!this.attached || (context !== undefined && this.contexts.get(context) === undefined)) return false;
    for (const id of context === undefined ? this.contexts.ids : [context]) this.#activated.add(id);
    return true;
  }

  deactivate(context?: number): void {
    const gone = context === undefined ? [...this.#activated] : [context];
    for (const id of gone) if (this.#activated.delete(id)) this.deactivated.tell(id);
  }

  #update(): void {
    if (this.attached === this.#attached) return;
    this.#attached = this.attached;
    if (!this.#attached) this.#deactivateAll();
    this.changed.tell(this.#attached);
  }

  #deactivateAll(): void {
    this.#activated.clear();
    this.#ofSockets = undefined;
  }
}

/** What the host has defined for each context, in the order of their numbers; kept in NVRAM. */
export class ContextList<T> {
  readonly #kept: KeptValue<ReadonlyMap<number, T>>;

  constructor(
    nvram: Nvram,
    section: string,
    parse: (value: unknown) => T | undefined,
    factory?: ReadonlyMap<number, T>,
  ) {
    this.#kept = keptMap(nvram, section, (value) => parseNumbered(value, CONTEXTS, parse), factory);
  }

  get(context: number): T | undefined {
    return this.#kept.value.get(context);
  }

  /** Rejects, and the old value stays, where the disk refuses it. */
  set(context: number, value: T): Promise<void> {
    return this.#kept.update((entries) => new Map(entries).set(context, value));
  }

  /** Rejects, and the entry stays, where the disk refuses it. */
  delete(context: number): Promise<void> {
    return this.#kept.update((entries) => new Map([...entries].filter(([id]) => id !== context)));
  }

  get ids(): readonly number[] {
    return this.entries.map(([id]) => id);
  }

  get entries(): readonly (readonly [number, T])[] {
    return inOrder(this.#kept.value);
  }
}

function inOrder<T>(entries: ReadonlyMap<number, T>): readonly (readonly [number, T])[] {
  return [...entries].sort(([a], [b]) => a - b);
}

function parseContext(value: unknown): PdpContext | undefined {
  if (!isRecord(value)) return undefined;
  const { type, apn, address, dataCompression = 0, headerCompression = 0 } = value;
  if (typeof type !== "string" || typeof apn !== "string" || typeof address !== "string") return undefined;
  if (typeof dataCompression !== "number" || typeof headerCompression !== "number") return undefined;
  return { type, apn, address, dataCompression, headerCompression };
}

function parseAuthentication(value: unknown): PdpAuthentication | undefined {
  if (!isRecord(value)) return undefined;
  const { type, user } = value;
  return typeof type === "number" && typeof user === "string" ? { type, user } : undefined;
}
