import { choice, type JsonSchema, object, optional, type Schema, text } from "../../platform/schema/schema.ts";
import type { FaultMeans, KindHead } from "../fault.ts";

/** What the rig lets faults do to a module. */
export interface ModuleControl {
  /** The values that its state has where a patch of it has some. */
  read(patch: object): object;
  /** Changes its state; what fails is logged. */
  patch(patch: object): void;
  /** Cuts its power and gives it back at once; what fails is logged. */
  crash(): void;
  /** Takes all the room of a volume; gives what takes that back. */
  fill(volume: "C:" | "D:"): () => void;
}

/** What faults do to a module. */
export interface ModuleMeans extends ModuleControl {
  /** Stops it until its power is cut or it is reset. */
  freeze(): void;
}

/** The data that an answered command takes before its answer. */
export interface StandInEntry {
  readonly prompt: string;
  readonly inline?: boolean | undefined;
  readonly length?: number | undefined;
  readonly binary?: boolean | undefined;
  readonly repeated?: boolean | undefined;
}

/** What becomes of a command. */
export interface Interception {
  readonly delay?: Promise<void>;
  readonly answer?: {
    readonly lines: readonly string[];
    readonly result: string;
    readonly entry?: StandInEntry | undefined;
  };
}

/** A kind of fault of one command. */
export interface CommandKind<F> extends KindHead {
  readonly side: "command";
  readonly fields: Schema<F>;
  intercept(fields: F, means: FaultMeans & { readonly signal: AbortSignal }): Interception;
}

/** A kind of fault that happens to the module when it begins. */
export interface ModuleKind<F> extends KindHead {
  readonly side: "module";
  readonly fields: Schema<F>;
  /** Gives what takes it back when the fault ends. */
  begin(fields: F, means: ModuleMeans): (() => void) | undefined;
}

/** An operation on a file of the EFS. */
export interface FileAccess {
  readonly volume: "C" | "D";
  readonly operation: "read" | "write" | "commit";
}

/** A kind of fault of the files of the EFS. */
export interface FileKind<F> extends KindHead {
  readonly side: "file";
  readonly fields: Schema<F>;
  /** Whether it makes this fail. */
  fails(fields: F, file: FileAccess): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnyCommandKind = CommandKind<any>;
// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnyModuleKind = ModuleKind<any>;
// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnyFileKind = FileKind<any>;

const COMMAND = object({
  command: text({
    pattern: "^([+*][A-Za-z][A-Za-z0-9]*|[&%]?[A-Za-z]|[Ss]\\d{1,3})$",
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

/** Defines a kind of fault that happens to the module; the type of its fields follows from their schema. */
export function defineModuleKind<F>(definition: Omit<ModuleKind<F>, "side">): AnyModuleKind {
  return { ...definition, side: "module" };
}

/** Defines a kind of fault of files; the type of its fields follows from their schema. */
export function defineFileKind<F>(definition: Omit<FileKind<F>, "side">): AnyFileKind {
  return { ...definition, side: "file" };
}
