import type { Problem } from "../platform/schema/check.ts";
import type { ActionError } from "../rig/actions/action.ts";

/** The statuses with which the control interface refuses, each with its `code` (instrument 3). */
const CODES = {
  400: "unreadable",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "method-not-allowed",
  408: "too-slow",
  409: "conflict",
  413: "too-large",
  415: "content-type",
  422: "invalid",
  431: "header-too-large",
  500: "internal",
  503: "not-ready",
  507: "full",
} as const;

/** The statuses of what the rig refuses. */
const REFUSED = { missing: 404, conflict: 409, invalid: 422, full: 507 } as const;

export type ErrorStatus = keyof typeof CODES;

/** What a client is told when its request is refused. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly at?: string };
}

/** A refusal of the control interface: a status, a sentence for a person and, where a field is wrong, its JSON pointer. */
export class ControlError extends Error {
  readonly status: ErrorStatus;
  readonly at: string | undefined;
  /** Fields of the answer beside `error`: the near misses of an expectation. */
  readonly beside: Readonly<Record<string, unknown>>;

  constructor(
    status: ErrorStatus,
    message: string,
    { at, beside = {} }: { readonly at?: string; readonly beside?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message);
    this.status = status;
    this.at = at;
    this.beside = beside;
  }

  /** What the rig refuses. */
  static refused({ reason, message, at }: ActionError): ControlError {
    return new ControlError(REFUSED[reason], message, at === undefined ? {} : { at });
  }

  /** The field at `problem.at` is wrong. `prefix` names the part of the request: "query". */
  static invalid({ at, message }: Problem, prefix = ""): ControlError {
    const where = `${prefix}${at}`;
    return new ControlError(422, `${where || "the body"} ${message}`, { at: where || "/" });
  }

  get body(): ErrorBody & Readonly<Record<string, unknown>> {
    const { status, message, at } = this;
    return { error: { code: CODES[status], message, ...(at === undefined ? {} : { at }) }, ...this.beside };
  }
}
