import type { RigEvent } from "../events.ts";
import type { ExpectationVerdict } from "../expectations.ts";
import { ConnectionList, type ConnectionSummary } from "./connection-list.ts";

/** How many of each kind a summary lists; of the rest it gives the number. */
const LISTED = 1000;

/** An event of a list, with its place in the session. */
interface Placed {
  readonly seq: number;
  readonly at: number;
  readonly modem?: string;
}

export interface ErrorSummary extends Placed {
  readonly name: string;
  readonly result: string;
}

export interface UnknownSummary {
  readonly count: number;
  readonly nearest: readonly string[];
}

export interface LintSummary extends Placed {
  readonly rule: string;
  readonly message: string;
  /** The `seq` of the event that caused it. */
  readonly cause: number;
}

export interface FaultSummary {
  readonly id: string;
  readonly kind: string;
  readonly fired: number;
}

/** What happened in a session, as values of JSON: `--report FILE.json`. */
export interface SessionSummary {
  /** When the session began (ISO 8601), and how long it took in milliseconds. */
  readonly started: string;
  readonly duration: number;
  readonly version: string;
  readonly seed: number;
  /** That of the command; absent where there was none. */
  readonly exitCode?: number;
  readonly events: number;
  /** How often each command ended with each result. */
  readonly commands: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly unknown: Readonly<Record<string, UnknownSummary>>;
  readonly errors: readonly ErrorSummary[];
  readonly lint: readonly LintSummary[];
  readonly connections: readonly ConnectionSummary[];
  /** With those that never fired. */
  readonly faults: readonly FaultSummary[];
  readonly expectations: readonly ExpectationVerdict[];
  /** How many were too many to be listed. */
  readonly omitted: Readonly<Record<"commands" | "unknown" | "errors" | "lint" | "connections" | "faults", number>>;
}

/** What a summary holds that no event tells. */
export interface SessionOutcome {
  readonly exitCode?: number;
  readonly expectations?: readonly ExpectationVerdict[];
  /** The faults that were defined; those that never fired are known from here only. */
  readonly faults?: readonly { readonly id: string; readonly kind: string }[];
}

/** Collects the summary of a session from its events. Its size is bounded, however long the session is. */
export class SummaryCollector {
  #started = "";
  #version = "";
  #seed = 0;
  #events = 0;
  #last = 0;
  readonly #commands = new Map<string, Map<string, number>>();
  readonly #unknown = new Map<string, { count: number; nearest: readonly string[] }>();
  readonly #errors: ErrorSummary[] = [];
  readonly #lint: LintSummary[] = [];
  readonly #faults = new Map<string, { readonly id: string; readonly kind: string; fired: number }>();
  readonly #connections = new ConnectionList(LISTED);
  readonly #omitted = { commands: 0, unknown: 0, errors: 0, lint: 0, faults: 0 };

  /** Looks at the next event. */
  look(event: RigEvent): void {
    this.#events++;
    this.#last = event.at;
    switch (event.type) {
      case "rig":
        if (this.#started === "") this.#started = event.now;
        this.#version = event.version;
        this.#seed = event.seed;
        break;
      case "result":
        this.#result(event.name, event.result, placeOf(event));
        break;
      case "unknown":
        this.#unknownCommand(event.text, event.nearest);
        break;
      case "lint": {
        const { rule, message, cause } = event;
        this.#list("lint", this.#lint, { ...placeOf(event), rule, message, cause });
        break;
      }
      case "connection":
        this.#connections.look(event);
        break;
      case "fault":
        this.#fault(event.id, event.kind);
        break;
      default:
        break;
    }
  }

  summary({ exitCode, expectations = [], faults = [] }: SessionOutcome = {}): SessionSummary {
    const unused = faults.filter(({ id }) => !this.#faults.has(id)).map(({ id, kind }) => ({ id, kind, fired: 0 }));
    return {
      started: this.#started,
      duration: this.#last,
      version: this.#version,
      seed: this.#seed,
      ...(exitCode === undefined ? {} : { exitCode }),
      events: this.#events,
      commands: Object.fromEntries([...this.#commands].map(([name, results]) => [name, Object.fromEntries(results)])),
      unknown: Object.fromEntries(this.#unknown),
      errors: this.#errors,
      lint: this.#lint,
      connections: this.#connections.list,
      faults: [...this.#faults.values(), ...unused],
      expectations,
      omitted: { ...this.#omitted, connections: this.#connections.omitted },
    };
  }

  #result(name: string, result: string, place: Placed): void {
    if (!["OK", "NONE", "CONNECT"].includes(result)) this.#list("errors", this.#errors, { ...place, name, result });
    const results = this.#entry("commands", this.#commands, name, () => new Map<string, number>());
    results?.set(result, (results.get(result) ?? 0) + 1);
  }

  #unknownCommand(text: string, nearest: readonly string[]): void {
    const entry = this.#entry("unknown", this.#unknown, text, () => ({ count: 0, nearest }));
    if (entry !== undefined) entry.count++;
  }

  #fault(id: string, kind: string): void {
    const entry = this.#entry("faults", this.#faults, id, () => ({ id, kind, fired: 0 }));
    if (entry !== undefined) entry.fired++;
  }

  #list<T>(kind: "errors" | "lint", list: T[], item: T): void {
    if (list.length < LISTED) list.push(item);
    else this.#omitted[kind]++;
  }

  /** The entry of a name, made if there is room for it. */
  #entry<T>(kind: "commands" | "unknown" | "faults", map: Map<string, T>, name: string, make: () => T): T | undefined {
    const found = map.get(name);
    if (found !== undefined) return found;
    if (map.size >= LISTED) {
      this.#omitted[kind]++;
      return undefined;
    }
    const made = make();
    map.set(name, made);
    return made;
  }
}

function placeOf({ seq, at, modem }: Placed): Placed {
  return { seq, at, ...(modem === undefined ? {} : { modem }) };
}
