/** The bounds of the control interface. Sizes in bytes, times in milliseconds. */
export const CONTROL_LIMITS = {
  /** A body of JSON: a scenario or a fault has a few KiB. */
  json: 1024 * 1024,
  /** A message, a page or a file of the sandbox: as large as what the sandbox's own servers take. */
  sandboxBody: 16 * 1024 * 1024,
  /** Request line and headers together: what Node takes without being asked for more. */
  header: 16 * 1024,
  /** Connections at one time; a test farm has a few, a flood of idle ones is refused past this. */
  connections: 512,
  /** Until the header of a request is complete, and until the whole request is. */
  headerTime: 10_000,
  requestTime: 300_000,
  /** How long the rest of a refused request is read and thrown away, so that the client gets its answer. */
  lingerTime: 1_000,
  /** How long an idle connection is kept for the next request. */
  keepAlive: 5_000,
  /** The longest `wait` of a request for events, and `timeout` of an expectation. */
  wait: 600_000,
  /** Events in one answer. */
  events: 10_000,
  /** Events of a stream that are made into text at a time. */
  streamEvents: 256,
  /** Between two comments on a silent event stream, so that proxies and clients keep it open. */
  streamPing: 15_000,
} as const;
