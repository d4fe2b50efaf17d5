/**
 * Who owns the host's line. There is one owner at a time, and it alone decides what happens:
 *
 * | state | bytes from the host | host goes away | silence | module resets | URCs |
 * | --- | --- | --- | --- | --- | --- |
 * | `idle` | begin a command line, or are noise | a suspended link is hung up | nothing | nothing | are printed |
 * | `typing` | go on with the command line | the line is dropped | nothing | the line is dropped | wait |
 * | `running` | are kept for later; 64 KiB hold the host back | its unended line is dropped, a later prompt is cut | nothing | the command is dropped | wait for the final result code |
 * | `entry` | are thrown away before the prompt, then go to the data entry | entry ends as `cut` | entry ends as `silent` | entry is dropped | wait |
 * | `raw` | go to the command's own protocol | the protocol fails | the protocol's own matter | the protocol fails | wait |
 * | `online` | go to the link | AT&D decides: command mode, or the link is hung up | completes the escape sequence | the link is closed | wait |
 */
export type LineState = "idle" | "typing" | "running" | "entry" | "raw" | "online";

/** The state as the control interface shows it. */
export type LinePhase = "idle" | "typing" | "busy" | "entry" | "online";

export const PHASES: Readonly<Record<LineState, LinePhase>> = {
  idle: "idle",
  typing: "typing",
  running: "busy",
  entry: "entry",
  raw: "busy",
  online: "online",
};

/** How the host has gone: it has closed the line, or dropped DTR and AT&D heeds that. */
export type Departure = "closed" | "dtr";

/** One row of the table above. */
export interface LineOwner {
  readonly state: LineState;
  /** Whether unsolicited output may be printed. */
  readonly letsUrcsPass: boolean;
  /** Takes what it can of the queued input; `false` when it can take nothing for now. */
  advance(): boolean;
  hostGone(how: Departure): void;
}
