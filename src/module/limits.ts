/** The bounds of the module's state, each with its reason. */
export const MODULE_LIMITS = {
  /** Bytes of the largest NVRAM file that is read; a full one is about 200 KB. */
  nvramFile: 1024 * 1024,
  /** Sent short messages that are remembered for inspection: more than a test sends. */
  sentMessages: 1000,
  /** Calls at a time: 27.007 7.13 counts them with one digit, GSM has two calls and a conference of five. */
  calls: 7,
  /** Tones of one call that are remembered for inspection: more than a test sends. */
  sentTones: 1000,
  /** Points of a track: a day and a night, one a second. */
  trackPoints: 100_000,
  /** Bytes of a file that holds a track: about as many points, and read in half a second, for which all modems stand still. */
  trackFile: 8 * 1024 * 1024,
} as const;
