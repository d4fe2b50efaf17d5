export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An event by its name, and details that explain it. Never contains a password. */
export interface LogRecord {
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** The port to the user's log. Library code never prints; it logs. */
export interface Log {
  error(record: LogRecord): void;
  warn(record: LogRecord): void;
  info(record: LogRecord): void;
  debug(record: LogRecord): void;
}

/** A log that writes one JSON object a line to `write`, with the level first. Records below `level` cost nothing. */
export function lineLog(level: LogLevel, write: (line: string) => void): Log {
  const threshold = LOG_LEVELS.indexOf(level);
  const at = (name: LogLevel) =>
    LOG_LEVELS.indexOf(name) > threshold
      ? () => undefined
      : (record: LogRecord) => write(`${JSON.stringify({ level: name, ...record })}\n`);
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** Logs nothing. */
export const silentLog: Log = lineLog("silent", () => undefined);
