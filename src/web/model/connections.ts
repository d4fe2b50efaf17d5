import type { RigEvent } from "../../rig/events.ts";
import { formatBytes, formatDuration } from "./format.ts";

export type ConnectionEvent = RigEvent & { readonly type: "connection" };

/** A connection of a module to a server, from its first event to its last. */
export interface Connection {
  readonly modem: string | undefined;
  readonly service: string;
  readonly host: string;
  readonly port: number;
  readonly begun: number;
  /** The row of the conversation that tells of it. */
  row?: number;
  opened?: number;
  ended?: number;
  /** Why it failed, when it has. */
  error?: string;
  sent: number;
  received: number;
}

/** What the codes of a failed connection mean. */
const REASONS: Readonly<Record<string, string>> = {
  UNRESOLVED: "there is no address for the name",
  REFUSED: "nothing listens there",
  UNREACHABLE: "there is no way to the host, or no radio network",
  TIMEOUT: "no answer in time",
  RESET: "the server, or the loss of the radio network, broke it",
  CLOSED: "the server closed it too early",
};

/** Puts connections together from their events, in the order in which they began. */
export class Connections {
  readonly list: Connection[] = [];
  /** Those that have not ended. */
  readonly #open = new Map<string, Connection>();

  /** The connection that an event is of. */
  look(event: ConnectionEvent): Connection {
    const key = `${event.modem} ${event.id}`;
    const connection = this.#open.get(key) ?? this.#begin(key, event);
    if (event.phase === "open") connection.opened = event.at;
    if (event.phase !== "end" && event.phase !== "fail") return connection;
    this.#open.delete(key);
    connection.ended = event.at;
    connection.sent = event.sent ?? 0;
    connection.received = event.received ?? 0;
    if (event.phase === "fail") connection.error = event.error ?? "UNKNOWN";
    return connection;
  }

  /** Forgets those that have ended and whose row comes before the row `firstRow`. */
  forget(firstRow: number): void {
    const kept = this.list.filter(({ ended, row = firstRow }) => ended === undefined || row >= firstRow);
    this.list.splice(0, this.list.length, ...kept);
  }

  #begin(key: string, { modem, service, host = "", port = 0, at }: ConnectionEvent): Connection {
    const connection: Connection = { modem, service, host, port, begun: at, sent: 0, received: 0 };
    this.list.push(connection);
    this.#open.set(key, connection);
    return connection;
  }
}

/** A connection in one line: where to, how far it has come, and what went over it. */
export function describeConnection(connection: Connection): string {
  const { service, host, port } = connection;
  return `${service.toUpperCase()} to ${host}:${port} ${describeProgress(connection)}`;
}

/** How far a connection has come. */
export function describeProgress({ begun, opened, ended, error, sent, received }: Connection): string {
  if (error !== undefined) return `failed: ${error}${error in REASONS ? `, ${REASONS[error]}` : ""}`;
  const open = opened === undefined ? "" : `open after ${formatDuration(opened - begun)}`;
  if (ended === undefined) return open === "" ? "is connecting" : open;
  const flow = `${formatBytes(sent)} up, ${formatBytes(received)} down`;
  return `${open === "" ? "ended" : `${open}, ended`} after ${formatDuration(ended - begun)}: ${flow}`;
}
