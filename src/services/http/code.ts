import { ServiceError, type ServiceErrorCode } from "../../platform/network/service-error.ts";
import { HeaderTooLong } from "../../protocols/http/limits.ts";

/** The `<err>` of `+CHTTPACT`, and the number of its `+CME ERROR`. @spec manual 6.2 */
export const HTTP_CODES = {
  unknown: 220,
  busy: 221,
  unresolved: 222,
  timeout: 223,
  transfer: 224,
  memory: 225,
  parameter: 226,
  network: 227,
} as const;

export type HttpCode = (typeof HTTP_CODES)[keyof typeof HTTP_CODES];

/** The code of a failure before the connection is established, and after. */
const codeOf: Readonly<Record<ServiceErrorCode, { readonly connecting: HttpCode; readonly connected: HttpCode }>> = {
  UNRESOLVED: { connecting: HTTP_CODES.unresolved, connected: HTTP_CODES.unresolved },
  REFUSED: { connecting: HTTP_CODES.network, connected: HTTP_CODES.transfer },
  UNREACHABLE: { connecting: HTTP_CODES.network, connected: HTTP_CODES.transfer },
  TIMEOUT: { connecting: HTTP_CODES.timeout, connected: HTTP_CODES.timeout },
  RESET: { connecting: HTTP_CODES.network, connected: HTTP_CODES.transfer },
  CLOSED: { connecting: HTTP_CODES.network, connected: HTTP_CODES.transfer },
  REPLY: { connecting: HTTP_CODES.transfer, connected: HTTP_CODES.transfer },
  UNKNOWN: { connecting: HTTP_CODES.unknown, connected: HTTP_CODES.unknown },
};

/** The code for whatever an operation threw in that phase. */
export function httpCode(error: unknown, phase: "connecting" | "connected"): HttpCode {
  if (error instanceof HeaderTooLong) return HTTP_CODES.memory;
  return error instanceof ServiceError ? codeOf[error.code][phase] : HTTP_CODES.unknown;
}
