/**
 * What AT+CFTPSSTATE shows first. The manual gives only how many numbers there are, here and below; these are our own.
 */
export const FTPS_STATES = { idle: 0, started: 1, loggingIn: 2, loggedIn: 3, loggingOut: 4 } as const;

/** What it shows as the operation that runs. */
export const FTPS_OPERATIONS = {
  none: 0,
  LIST: 1,
  MKD: 2,
  RMD: 3,
  CWD: 4,
  PWD: 5,
  DELE: 6,
  getFile: 7,
  putFile: 8,
  get: 9,
  put: 10,
  SIZE: 11,
} as const;

/** What runs: an operation, or the change of the session itself. */
export type FtpsOperation = Exclude<keyof typeof FTPS_OPERATIONS, "none"> | "login" | "logout";
