import type { OptionKind } from "../option-kinds.ts";

/** The verbs of the command line that take options. */
export const VERBS = ["start", "run", "commands", "show", "replay", "diff", "record", "compare", "learn"] as const;

export type Verb = (typeof VERBS)[number];

/**
 * One option. Its name is the key in the table, `bootTime` in the API; the command line writes it `--boot-time`.
 */
export interface OptionDefinition {
  readonly kind: OptionKind<unknown>;
  /** What it belongs to: one modem, the whole rig, or the program that serves the rig. */
  readonly scope: "modem" | "rig" | "program";
  readonly verbs: readonly Verb[];
  /** A letter for the command line: `-o`. */
  readonly short?: string;
  /** What stands for the value in the help. */
  readonly argument?: string;
  /** The value without the option. */
  readonly default?: unknown;
  /** Says what is not given, where no one value does. */
  readonly without?: string;
  readonly help: string;
  /** Options that cannot be given with this one. */
  readonly excludes?: readonly string[];
  /** Options of which this one needs one. */
  readonly needs?: readonly string[];
  /** An option that cannot have the same value. */
  readonly differsFrom?: string;
  /** A command without which the option means nothing: it is refused with an identity that lacks it. */
  readonly command?: string;
}

/** The verbs that serve a rig. */
export const SERVING = ["start", "run"] as const;

/** The verbs that start a module: it serves a port, or is compared with another one. */
export const STARTING = [...SERVING, "compare", "learn"] as const;

/** The verbs that open a port for a host. */
export const PORT_OPENING = [...SERVING, "record"] as const;
