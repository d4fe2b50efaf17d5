import type { CommandKind } from "./command-definition.ts";
import type { Departure } from "./line/owner.ts";

/** The command line that runs, and the command of it that has begun last. */
export interface RunningLine {
  readonly body: string;
  readonly started: number;
  name: string;
  kind: CommandKind;
  /** Its final result code is printed, or it has none. */
  answered: boolean;
  /** How its host has gone, if it has. */
  hostGone: Departure | undefined;
  /** Nobody is there to read its response. */
  silenced: boolean;
}

/** A command line that begins to run. */
export function newLine(body: string, started: number): RunningLine {
  return {
    body,
    started,
    name: "",
    kind: "synchronous",
    answered: false,
    hostGone: undefined,
    silenced: false,
  };
}
