import type { OptionKind } from "../option-kinds.ts";

/** The verbs of the command line that take options. */
export type Verb = "start" | "run" | "commands";

/**
 * One option. Its name is the key in the table, `bootTime` in the API; the command line writes it `--boot-time`.
 */
export interface OptionDefinition {
  readonly kind: OptionKind<unknown>;
  /** What it belongs to: one modem, the whole rig, or the program that serves the rig. */
  readonly scope: "modem" | "rig" | "program";
  readonly verbs: readonly Verb[];
  /** What stands for the value in the help. */
  readonly argument?: string;
  /** The value without the option. */
  readonly default?: unknown;
  /** Says what is not given, where no one value does. */
  readonly without?: string;
  readonly help: string;
  /** Options that cannot be given with this one. */
  readonly excludes?: readonly string[];
  /** An option that this one needs. */
  readonly needs?: string;
}

/** The verbs that serve a rig. */
export const SERVING = ["start", "run"] as const;
