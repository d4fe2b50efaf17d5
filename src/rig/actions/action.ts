import type { Problem } from "../../platform/schema/check.ts";
import type { Schema } from "../../platform/schema/schema.ts";
import type { Rig } from "../rig.ts";
import type { RigModem } from "../rig-modem.ts";
import type { Content, ContentFiles } from "./content.ts";

/** Why a rig refuses a change: there is no such thing, its state does not allow it, the value is wrong, there is no room. */
export type RefusalReason = "missing" | "conflict" | "invalid" | "full";

/** A change that a rig refuses. `at` is the JSON pointer of the part of the value at fault, where there is one. */
export class ActionError extends Error {
  override readonly name = "ActionError";
  readonly reason: RefusalReason;
  readonly at: string | undefined;

  constructor(reason: RefusalReason, message: string, at?: string) {
    super(message);
    this.reason = reason;
    this.at = at;
  }
}

/** What an action changes. */
export interface ActionTarget {
  readonly rig: Rig;
  /** Gives the modem that the action is for; an {@link ActionError} where there is none. */
  modem(): RigModem;
  /** The files that the value names. */
  readonly files: ContentFiles;
}

/** A change of a rig by a name and a value: what a scenario's time line can do. */
export interface ActionDefinition<V> {
  readonly name: string;
  /** One line for documentation. */
  readonly summary: string;
  readonly value: Schema<V>;
  /** Finds what the schema cannot say. */
  check?(value: V): Problem | undefined;
  /** The contents in the value, by JSON pointer. */
  contents?(value: V): Iterable<readonly [at: string, content: Content]>;
  /**
   * Makes the change; gives a promise where that takes time. What the rig refuses is an {@link ActionError}, or an error of
   * the part that refuses it.
   */
  run(target: ActionTarget, value: V): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds actions of different values.
export type Action = ActionDefinition<any>;

/** Defines an action; the type of its value follows from the schema. */
export const defineAction = <V>(definition: ActionDefinition<V>): Action => definition;
