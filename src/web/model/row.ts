/** Who says a row of the conversation; `rig` is everything beside the serial line. */
export type Side = "host" | "module" | "rig";

/** What a filter shows or hides at once, in the order in which it is offered. */
export const GROUPS = {
  line: "Serial line",
  urc: "Unsolicited",
  network: "Network",
  sandbox: "Sandbox",
  state: "State and files",
  fault: "Faults and lint",
  log: "Log",
} as const;

export type Group = keyof typeof GROUPS;

/** A command of a line, from its begin to its final result. */
export interface CommandNote {
  readonly kind: "command";
  readonly name: string;
  readonly form: string;
  readonly at: number;
  /** Both absent while it runs. */
  result?: string;
  ms?: number;
}

/** What is said beside a row. */
export type Note =
  | CommandNote
  | { readonly kind: "unknown"; readonly text: string; readonly nearest: readonly string[]; readonly lacking?: true }
  | { readonly kind: "lint"; readonly rule: string; readonly message: string }
  | { readonly kind: "data"; readonly text: string };

/** A row of the conversation. It grows while events are joined to it; `version` counts its changes. */
export interface Row {
  /** Counts the rows, from 0; stays when older rows are evicted. */
  readonly id: number;
  readonly side: Side;
  readonly group: Group;
  readonly modem: string | undefined;
  /** Of its first event. */
  readonly seq: number;
  readonly at: number;
  /** Of its last event. */
  lastAt: number;
  /** Bytes of the serial line or of a connection, in the pieces in which they came. */
  readonly bytes: string[];
  size: number;
  /** Whether the bytes are data and no command lines. */
  readonly data: boolean;
  /** What happened beside the serial line, a line each. */
  readonly text: string[];
  readonly notes: Note[];
  /** Whether something went wrong here. */
  bad: boolean;
  /** Whether the session begins anew here. */
  readonly fresh: boolean;
  version: number;
}

/** The bytes of a row as one text, `most` of them. */
export function bytesOf({ bytes }: Row, most = Number.POSITIVE_INFINITY): string {
  let joined = "";
  for (const piece of bytes) {
    joined += piece;
    if (joined.length >= most) break;
  }
  return joined.slice(0, most);
}

/** Whether a final result is none that a program hopes for. */
export function isFailure(result: string | undefined): boolean {
  return result !== undefined && !["OK", "NONE", "CONNECT"].includes(result);
}
