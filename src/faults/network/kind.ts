import type { Endpoint } from "../../platform/network/network.ts";
import { choice, integer, type JsonSchema, object, optional, type Schema, text } from "../../platform/schema/schema.ts";
import type { FaultMeans, KindHead } from "../fault.ts";
import type { Stage } from "../flow.ts";

/** What a fault has of a connection. */
export interface Link extends FaultMeans {
  readonly service: string;
  /** Whether the fault holds from its first byte on. */
  readonly isNew: boolean;
  /** Takes the use of this connection, at the first call; gives whether the fault may do its work on it. */
  use(): boolean;
  /** Waits; ends early when the fault has ended or the connection is closed. */
  wait(ms: number): Promise<void>;
  /** Waits for the fault to end, or the connection. */
  held(): Promise<void>;
  /** Breaks the connection: both sides see a reset. */
  reset(): void;
  /** Closes the connection as the other side would: both sides see its end. */
  hangUp(): void;
  /** The module gets this as if the server had sent it, from the place of a stage of `down` on. */
  say(bytes: Buffer, from: Stage, passed?: () => void): void;
}

/** A connection that is about to be made. */
export interface Attempt extends FaultMeans {
  readonly host: string;
  /** Waits for the caller to give up, or for the fault to end. */
  hang(): Promise<void>;
}

/** A kind of fault of the network. */
export interface NetworkKind<F> extends KindHead {
  readonly side: "network";
  readonly fields: Schema<F>;
  /** Spoils the making of a connection: throws a `ServiceError`, or waits. Gives whether it has done anything. */
  connect?(fields: F, attempt: Attempt): Promise<void>;
  /** Whether it has anything to spoil there. */
  concerns?(fields: F, target: Endpoint): boolean;
  /** It may never do anything to a connection, and takes its use when it does. */
  readonly isUsedLate?: boolean;
  /** Spoils an open connection. */
  open?(fields: F, link: Link): { readonly up?: Stage; readonly down?: Stage };
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds kinds of different fields.
export type AnyNetworkKind = NetworkKind<any>;

const SELECTION = object({
  service: optional(choice(["smtp", "pop3", "ftp", "ftp-data", "http", "tcp", "udp"])),
  host: optional(text({ minLength: 1, description: "The host as it was asked for; * stands for any characters" })),
  port: optional(integer({ minimum: 1, maximum: 65535 })),
});

const DIRECTION = object({
  direction: optional(choice(["up", "down"], { description: "To the server, or from it; both without it" })),
});

/** Defines a kind; the type of its fields follows from their schema. */
export function defineNetworkKind<F>({
  hasDirection = true,
  ...definition
}: Omit<NetworkKind<F>, "side"> & { readonly hasDirection?: boolean }): AnyNetworkKind {
  const { fields } = definition;
  const isDirected = hasDirection && definition.open !== undefined;
  const merged: JsonSchema = {
    ...fields,
    properties: { ...SELECTION.properties, ...(isDirected ? DIRECTION.properties : {}), ...fields.properties },
  };
  return { ...definition, side: "network", fields: merged };
}
