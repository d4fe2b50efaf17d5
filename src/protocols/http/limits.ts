import { ServiceError } from "../../platform/network/service-error.ts";

/** The bounds of the HTTP client. Sizes in bytes, times in milliseconds before they are scaled. */
export const HTTP_LIMITS = {
  /** The header of a request or response, kept until its end is known; servers refuse more than 8 to 32 KiB. */
  header: 64 * 1024,
  /** The part of a status line that tells what a reply is: protocol, blanks and status. Longer ones are text. */
  statusLine: 64,
  /** Until the server's name is resolved and the connection established: the socket timer of the real module. */
  connect: 120_000,
  /** Without a byte of the response, or without room for the request. */
  silence: 60_000,
} as const;

/** The header of a request or response is longer than the bound. */
export class HeaderTooLong extends ServiceError {
  constructor() {
    super("REPLY", `a header of more than ${HTTP_LIMITS.header} bytes`);
  }
}
