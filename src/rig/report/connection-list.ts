import type { RigEvent } from "../events.ts";

export interface ConnectionSummary {
  readonly seq: number;
  readonly at: number;
  readonly modem?: string;
  readonly service: string;
  readonly host?: string;
  readonly port?: number;
  /** `open`: it had not ended at the end of the session. */
  readonly outcome: "open" | "ended" | "failed";
  readonly error?: string;
  readonly sent: number;
  readonly received: number;
}

type ConnectionEvent = RigEvent & { readonly type: "connection" };

/** Puts the connections of a session together from their events; lists the first of them only. */
export class ConnectionList {
  readonly #most: number;
  readonly #list: ConnectionSummary[] = [];
  /** Where those that have not ended stand in the list. */
  readonly #open = new Map<string, number>();
  /** How many were too many to be listed. */
  omitted = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get list(): readonly ConnectionSummary[] {
    return this.#list;
  }

  look(event: ConnectionEvent): void {
    const key = `${event.modem} ${event.id}`;
    const place = this.#open.get(key) ?? this.#begin(key, event);
    if (place === undefined || (event.phase !== "end" && event.phase !== "fail")) return;
    this.#open.delete(key);
    const { error, sent = 0, received = 0 } = event;
    const begun = this.#list[place];
    if (begun === undefined) return;
    const outcome = event.phase === "end" ? "ended" : "failed";
    this.#list[place] = { ...begun, outcome, ...(error === undefined ? {} : { error }), sent, received };
  }

  #begin(key: string, { seq, at, modem, service, host, port, phase }: ConnectionEvent): number | undefined {
    if (this.#list.length >= this.#most) {
      // The end of one that is not listed does not begin another.
      if (phase !== "end" && phase !== "fail") this.omitted += phase === "open" ? 0 : 1;
      return undefined;
    }
    const place = this.#list.length;
    this.#list.push({
      ...{ seq, at, service, outcome: "open", sent: 0, received: 0 },
      ...(modem === undefined ? {} : { modem }),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    });
    this.#open.set(key, place);
    return place;
  }
}
