import type { Random } from "../platform/crypto.ts";
import { type Events, ObservedEvents } from "../platform/events.ts";
import type { Network } from "../platform/network/network.ts";
import { check } from "../platform/schema/check.ts";
import type { Clock } from "../platform/time/clock.ts";
import type { Carriers } from "./carriers.ts";
import { FrozenModules } from "./dce/frozen-modules.ts";
import type { FileAccess, Interception, ModuleControl } from "./dce/kind.ts";
import { MODULE_KINDS } from "./dce/module-kinds.ts";
import { FaultError, type FaultSpec, type FaultView } from "./fault.ts";
import { COMMAND_KINDS, FAULT_SCHEMA, FILE_KINDS } from "./kinds.ts";
import { FaultyNetwork } from "./network/faulty-network.ts";
import { Rule } from "./rule.ts";
import { FaultyLine, type LineParts } from "./serial/faulty-line.ts";

type Trigger = (modem: string | undefined, event: object) => boolean;

/** What the rig gives to its faults. */
export interface FaultsParts {
  readonly clock: Clock;
  /** Makes the chance of the fault of that id. */
  readonly randomOf: (id: string) => Random;
  /** Reads a pattern; throws a {@link FaultError} for a wrong one. */
  readonly triggerOf: (pattern: unknown) => Trigger;
  /** A fault has done its work once. */
  readonly fired: (modem: string | undefined, fault: FaultName) => void;
}

/** What a report tells faults apart by. */
type FaultName = Pick<FaultView, "id" | "kind">;

/** How many faults are remembered for the report of a session. */
const KNOWN = 1000;

/** The faults of a rig: rules that make something go wrong, and the decorators that carry them out. */
export class Faults {
  readonly #parts: FaultsParts;
  readonly #rules = new Map<string, Rule>();
  /** What was ever added, by id. */
  readonly #known = new Map<string, FaultName>();
  /** Those that were given at the start: they begin anew with {@link restart}. */
  readonly #lasting: readonly FaultSpec[];
  readonly #onBegin = new Set<(rule: Rule) => void>();
  readonly #frozen = new FrozenModules();
  readonly #carriers: Carriers;
  #lastNumber = 0;

  /** `lasting` are the faults of the start. Throws a {@link FaultError} for a wrong one. */
  constructor(parts: FaultsParts, lasting: readonly FaultSpec[] = []) {
    this.#parts = parts;
    this.#carriers = {
      clock: parts.clock,
      frozen: this.#frozen,
      rules: () => this.#rules.values(),
      onBegin: (listener) => {
        this.#onBegin.add(listener);
        return () => void this.#onBegin.delete(listener);
      },
    };
    this.#lasting = lasting;
    for (const fault of lasting) this.add(fault);
  }

  /** Adds a fault, and gives it as {@link list} shows it. Throws a {@link FaultError} that names the wrong field. */
  add(fault: unknown): FaultView {
    const problem = check(FAULT_SCHEMA, fault);
    if (problem !== undefined) throw new FaultError(problem.at || "/", problem.message);
    const spec = fault as FaultSpec;
    if (spec.id !== undefined && this.#rules.has(spec.id)) throw new FaultError("/id", "is the id of another fault");
    const { clock, randomOf, triggerOf, fired } = this.#parts;
    const trigger = spec.on === undefined ? undefined : triggerOf(spec.on);
    const id = spec.id ?? this.#newId(spec.kind);
    const rule = new Rule({
      id,
      spec,
      clock,
      random: randomOf(id),
      trigger,
      began: (begun) => {
        for (const listener of [...this.#onBegin]) listener(begun);
      },
      fired: ({ spec: { kind } }, modem) => fired(modem, { id, kind }),
    });
    this.#rules.set(id, rule);
    if (this.#known.size < KNOWN) this.#known.set(id, { id, kind: spec.kind });
    rule.start();
    return rule.view;
  }

  /** The faults, in the order in which they were added; those that have ended, too. */
  list(): readonly FaultView[] {
    return [...this.#rules.values()].map(({ view }) => view);
  }

  /** Every fault that there was, those that were removed included; the first thousand. */
  get known(): readonly FaultName[] {
    return [...this.#known.values()];
  }

  /** Ends a fault and forgets it. Gives whether there was one. */
  remove(id: string): boolean {
    this.#rules.get(id)?.end();
    return this.#rules.delete(id);
  }

  /** Ends and forgets all of them. */
  clear(): void {
    for (const rule of this.#rules.values()) rule.end();
    this.#rules.clear();
  }

  /** Forgets those that were added since the start; the others begin anew. */
  restart(): void {
    this.clear();
    this.#lastNumber = 0;
    for (const fault of this.#lasting) this.add(fault);
  }

  /** The same events of one modem, or of what all modems share, which also begin faults. */
  observe(modem: string | undefined, events: Events): Events {
    return new ObservedEvents(events, {
      isListening: () => this.#rules.size > 0 && [...this.#rules.values()].some((rule) => rule.isWaiting),
      hear: (event) => {
        if (modem !== undefined && event.type === "state" && event.what === "power") this.#frozen.thaw(modem);
        for (const rule of this.#rules.values()) if (rule.isWaiting) rule.hear(modem, event);
      },
    });
  }

  /** The same network of one modem, with the faults in it. */
  network(modem: string, network: Network): Network {
    return new FaultyNetwork(network, modem, this.#carriers);
  }

  /** The same serial line of one modem, with the faults in it. */
  line(parts: LineParts): FaultyLine {
    return new FaultyLine(parts, this.#carriers);
  }

  /** Says what becomes of a command of a modem: of several answers the first, of several delays the longest. */
  intercept(modem: string, name: string, form: string, signal: AbortSignal): Interception | undefined {
    let found: Interception | undefined;
    for (const rule of this.#rules.values()) {
      const { spec, clock, random } = rule;
      const kind = COMMAND_KINDS.find((candidate) => candidate.kind === spec.kind);
      if (kind === undefined || String(spec.command).toUpperCase() !== name) continue;
      if (spec.form !== undefined && spec.form !== form) continue;
      if (!rule.use(modem)) continue;
      const next = kind.intercept(spec, { clock, random, signal });
      found = merge(found, next);
    }
    return found;
  }

  /** Whether an operation on a file of a modem fails. */
  failsFile(modem: string, file: FileAccess): boolean {
    for (const rule of this.#rules.values()) {
      const kind = FILE_KINDS.find((candidate) => candidate.kind === rule.spec.kind);
      if (kind?.fails(rule.spec, file) === true && rule.use(modem)) return true;
    }
    return false;
  }

  /** Lets faults happen to a modem from now on, until the function that it gives is called. */
  attach(modem: string, control: () => ModuleControl): () => void {
    const begin = (rule: Rule) => {
      const kind = MODULE_KINDS.find((candidate) => candidate.kind === rule.spec.kind);
      if (kind === undefined || !rule.use(modem)) return;
      const undo = kind.begin(rule.spec, { freeze: () => this.#frozen.freeze(modem), ...control() });
      if (undo !== undefined)
        rule.over.addEventListener("abort", () => this.#onBegin.has(begin) && undo(), { once: true });
    };
    for (const rule of this.#rules.values()) begin(rule);
    this.#onBegin.add(begin);
    return () => void this.#onBegin.delete(begin);
  }

  #newId(kind: string): string {
    for (;;) {
      const id = `${kind}-${++this.#lastNumber}`;
      if (!this.#rules.has(id)) return id;
    }
  }
}

function merge(one: Interception | undefined, other: Interception): Interception {
  if (one === undefined) return other;
  const answer = one.answer ?? other.answer;
  const delays = [one.delay, other.delay].filter((delay) => delay !== undefined);
  return {
    ...(delays.length === 0 ? {} : { delay: Promise.all(delays).then(() => undefined) }),
    ...(answer === undefined ? {} : { answer }),
  };
}
