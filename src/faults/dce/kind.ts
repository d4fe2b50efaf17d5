import { choice, type JsonSchema, object, optional, type Schema, text } from "../../platform/schema/schema.ts";
import type { FaultMeans, KindHead } from "../fault.ts";

/** What faults do to a module. */
export interface ModuleControl {
  /** The values that its state has where a patch of it has some. */
  read(patch: object): object;
  /** Changes its state; what fails is logged. */
  patch(patch: object): void;
  /** Cuts its power and gives it back at once; what fails is logged. */
  crash(): void;
}

/** What becomes of a command. */
export interface Interception {
  readonly delay?: Promise<void>;
  readonly answer?: { readonly lines: readonly string[]; readonly result: string };
}

/** A kind of fault of one command. */
export interface CommandKind<F> extends KindHead {
  readonly side: "command";
  readonly fields: Schema<F>;
  intercept(fields: F, means: FaultMeans & { readonly signal: AbortSignal }): Interception;
}

/** A kind of fault that happens to the module when it begins. */
export interface ModuleKind extends KindHead {
  readonly side: "module";
  /** Gives what takes it back when the fault ends. */
  begin(control: ModuleControl): (() => void) | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnyCommandKind = CommandKind<any>;

const COMMAND = object({
  command: text({
    pattern: "^(\\+[A-Za-z][A-Za-z0-9]*|[&%]?[A-Za-z]|[Ss]\\d{1,3})$",
    "x-pattern": "the name of a command, like +CSQ",
    description: "+CSQ, E, &W, S0",
  }),
  form: optional(choice(["test", "read", "write", "execute"])),
});

/** Defines a kind of fault of commands; the type of its fields follows from their schema. */
export function defineCommandKind<F>(definition: Omit<CommandKind<F>, "side">): AnyCommandKind {
  const { fields } = definition;
  const merged: JsonSchema = {
    ...fields,
    properties: { ...COMMAND.properties, ...fields.properties },
    required: ["command", ...(fields.required ?? [])],
  };
  return { ...definition, side: "command", fields: merged };
}
