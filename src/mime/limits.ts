/** Bounds of reading a message, each with its reason. Sizes are in bytes. */
export const MAIL_LIMITS = {
  /** Multiparts inside multiparts. Mail programs nest three or four. */
  depth: 64,
  /** Parts of one message. Each becomes a file, and a directory with more files is of no use. */
  parts: 1000,
  /** Kept of one header field; the rest is dropped. Names of 300 characters in RFC 2047 or RFC 2231 form fit several times. */
  field: 8 * 1024,
  /** A header field's name, and a boundary line (RFC 2046 §5.1.1 allows 70 characters). Longer ones are text. */
  token: 256,
  /** An attachment's file name in UTF-8. Together with the message's directory it fits into a path of 254. */
  fileName: 200,
  /** Held in memory before the first boundary line of a multipart; mail programs write one sentence there. */
  preamble: 64 * 1024,
} as const;
