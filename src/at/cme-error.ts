/**
 * The texts of `+CME ERROR` by number: 3GPP TS 27.007 9.2 for the general ones, manual 5.11 (201-214) and 6.2 (220-227)
 * for the services, later firmware's 215-219 (field.md 4).
 */
export const CME_ERROR_TEXTS: Readonly<Record<number, string>> = {
  0: "phone failure",
  1: "no connection to phone",
  2: "phone adaptor link reserved",
  3: "operation not allowed",
  4: "operation not supported",
  5: "PH-SIM PIN required",
  6: "PH-FSIM PIN required",
  7: "PH-FSIM PUK required",
  10: "SIM not inserted",
  11: "SIM PIN required",
  12: "SIM PUK required",
  13: "SIM failure",
  14: "SIM busy",
  15: "SIM wrong",
  16: "incorrect password",
  17: "SIM PIN2 required",
  18: "SIM PUK2 required",
  20: "memory full",
  21: "invalid index",
  22: "not found",
  23: "memory failure",
  24: "text string too long",
  25: "invalid characters in text string",
  26: "dial string too long",
  27: "invalid characters in dial string",
  30: "no network service",
  31: "network timeout",
  32: "network not allowed - emergency calls only",
  40: "network personalization PIN required",
  50: "incorrect parameters",
  100: "unknown",
  201: "Unknown error for FTP",
  202: "FTP task is busy",
  203: "Failed to resolve server address",
  204: "FTP timeout",
  205: "Failed to read file",
  206: "Failed to write file",
  207: "Not allowed in current state",
  208: "Failed to login",
  209: "Failed to logout",
  210: "Failed to transfer data",
  211: "FTP command rejected by server",
  212: "Memory error",
  213: "Invalid parameter",
  214: "Network error",
  215: "Failed to connect socket",
  216: "Failed to send data",
  217: "Failed to receive data",
  218: "Failed to verify user name or password",
  219: "Socket connect timeout",
  220: "Unknown error for HTTP",
  221: "HTTP task is busy",
  222: "Failed to resolve server address",
  223: "HTTP timeout",
  224: "Failed to transfer data",
  225: "Memory error",
  226: "Invalid parameter",
  227: "Network error",
};

/** A failed command with its number; how it is printed follows AT+CMEE. */
export interface CmeError {
  readonly cme: number;
}

export function cmeError(number: number): CmeError {
  return { cme: number };
}

/** What follows `+CME ERROR: ` at level 2 (verbose). */
export function cmeErrorText(number: number): string {
  return CME_ERROR_TEXTS[number] ?? "unknown";
}
