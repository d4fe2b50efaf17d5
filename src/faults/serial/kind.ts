import { choice, type JsonSchema, object, optional, type Schema } from "../../platform/schema/schema.ts";
import type { FaultMeans, KindHead } from "../fault.ts";
import type { Stage } from "../flow.ts";

/** What a fault has of a serial line. */
export interface LineMeans extends FaultMeans {
  /** Takes one use; gives whether the fault may do its work. */
  use(): boolean;
  /** Waits; ends early when the fault has ended or the line is closed. */
  wait(ms: number): Promise<void>;
  /** What AT+IPR says, in bit/s. */
  rate(): number;
  /** What the host's line is busy with. */
  phase(): string;
  /** An unsolicited line, framed as ATV says. */
  framed(text: string): Buffer;
  /** Sends bytes to the host, behind what is on its way. */
  print(bytes: Buffer): void;
  /** Takes the medium away for so long. */
  unplug(ms: number): void;
}

/** A kind of fault of a serial line. */
export interface SerialKind<F> extends KindHead {
  readonly side: "serial";
  readonly fields: Schema<F>;
  /** The only direction that it has with such fields; without this its field `direction` chooses. */
  only?(fields: F): "in" | "out";
  /** Makes what changes one direction. */
  stage?(fields: F, means: LineMeans): Stage;
  /** Does something to the line when the fault begins. */
  begin?(fields: F, means: LineMeans): void;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnySerialKind = SerialKind<any>;

const DIRECTION = object({
  direction: optional(choice(["in", "out"], { description: "From the host, or to it; both without it" })),
});

/** Defines a kind; the type of its fields follows from their schema. */
export function defineSerialKind<F>(definition: Omit<SerialKind<F>, "side">): AnySerialKind {
  const { fields, only, stage } = definition;
  const isDirected = only === undefined && stage !== undefined;
  const merged: JsonSchema = {
    ...fields,
    properties: { ...(isDirected ? DIRECTION.properties : {}), ...fields.properties },
  };
  return { ...definition, side: "serial", fields: merged };
}
