/** The states of the option negotiation automaton (RFC 1661 4.2). */
export type NegotiationState =
  | "initial"
  | "starting"
  | "closed"
  | "stopped"
  | "closing"
  | "stopping"
  | "request-sent"
  | "ack-received"
  | "ack-sent"
  | "opened";

/**
 * Its events (RFC 1661 4.3): the layer below is up or down, the link is wanted or not, the restart timer runs out with
 * (`TO+`) or without tries left (`TO-`), or a packet has come: a Configure-Request that is good or not (`RCR+`, `RCR-`), an
 * Ack (`RCA`), a Nak or Reject (`RCN`), a Terminate-Request or Ack (`RTR`, `RTA`), an unknown code (`RUC`), a Reject that is
 * harmless or fatal (`RXJ+`, `RXJ-`), or an Echo or Discard (`RXR`).
 */
export type NegotiationEvent =
  | "Up"
  | "Down"
  | "Open"
  | "Close"
  | "TO+"
  | "TO-"
  | "RCR+"
  | "RCR-"
  | "RCA"
  | "RCN"
  | "RTR"
  | "RTA"
  | "RUC"
  | "RXJ+"
  | "RXJ-"
  | "RXR";

/**
 * Its actions (RFC 1661 4.4): this layer is up, down, started or finished (`tlu`, `tld`, `tls`, `tlf`); the restart counter is
 * initialized or zeroed (`irc`, `zrc`); a Configure-Request, Ack or Nak, a Terminate-Request or Ack, a Code-Reject or an
 * Echo-Reply is sent (`scr`, `sca`, `scn`, `str`, `sta`, `scj`, `ser`).
 */
export type NegotiationAction =
  | "tlu"
  | "tld"
  | "tls"
  | "tlf"
  | "irc"
  | "zrc"
  | "scr"
  | "sca"
  | "scn"
  | "str"
  | "sta"
  | "scj"
  | "ser";

export interface Transition {
  readonly actions: readonly NegotiationAction[];
  readonly next: NegotiationState;
}

const STATES: readonly NegotiationState[] = [
  "initial",
  "starting",
  "closed",
  "stopped",
  "closing",
  "stopping",
  "request-sent",
  "ack-received",
  "ack-sent",
  "opened",
];

/** RFC 1661 4.1, a column for each state by its number: the actions and the number of the next state, `-` where it cannot be. */
const TABLE: Readonly<Record<NegotiationEvent, string>> = {
  //      0     1         2         3             4     5     6         7         8         9
  Up: "   2     irc,scr/6 -         -             -     -     -         -         -         -            ",
  Down: " -     -         0         tls/1         0     1     1         1         1         tld/1        ",
  Open: " tls/1 1         irc,scr/6 3             5     5     6         7         8         9            ",
  Close: "0     tlf/0     2         2             4     4     irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4",
  "TO+": "-     -         -         -             str/4 str/5 scr/6     scr/6     scr/8     -            ",
  "TO-": "-     -         -         -             tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     -            ",
  "RCR+": "-    -         sta/2     irc,scr,sca/8 4     5     sca/8     sca,tlu/9 sca/8     tld,scr,sca/8",
  "RCR-": "-    -         sta/2     irc,scr,scn/6 4     5     scn/6     scn/7     scn/6     tld,scr,scn/6",
  RCA: "  -     -         sta/2     sta/3         4     5     irc/7     scr/6     irc,tlu/9 tld,scr/6    ",
  RCN: "  -     -         sta/2     sta/3         4     5     irc,scr/6 scr/6     irc,scr/8 tld,scr/6    ",
  RTR: "  -     -         sta/2     sta/3         sta/4 sta/5 sta/6     sta/6     sta/6     tld,zrc,sta/5",
  RTA: "  -     -         2         3             tlf/2 tlf/3 6         6         8         tld,scr/6    ",
  RUC: "  -     -         scj/2     scj/3         scj/4 scj/5 scj/6     scj/7     scj/8     scj/9        ",
  "RXJ+": "-    -         2         3             4     5     6         6         8         9            ",
  "RXJ-": "-    -         tlf/2     tlf/3         tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     tld,irc,str/5",
  RXR: "  -     -         2         3             4     5     6         7         8         ser/9        ",
};

const TRANSITIONS: ReadonlyMap<string, ReadonlyMap<NegotiationState, Transition>> = new Map(
  Object.entries(TABLE).map(([event, row]) => [event, readRow(row)]),
);

/** What an event does in a state; `undefined` where it cannot happen. */
export function transition(state: NegotiationState, event: NegotiationEvent): Transition | undefined {
  return TRANSITIONS.get(event)?.get(state);
}

function readRow(row: string): ReadonlyMap<NegotiationState, Transition> {
  const cells = row.trim().split(/ +/);
  return new Map(
    STATES.flatMap((state, index) => readCell(cells[index] ?? "-").map((found) => [state, found] as const)),
  );
}

function readCell(cell: string): readonly Transition[] {
  const [, actions, number] = /^(?:(.+)\/)?(\d)$/.exec(cell) ?? [];
  const next = STATES[Number(number)];
  if (next === undefined) return [];
  return [{ actions: (actions?.split(",") ?? []) as NegotiationAction[], next }];
}
