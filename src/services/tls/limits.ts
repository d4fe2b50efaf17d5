/** The bounds of TLS sessions. Sizes in bytes, times in milliseconds. */
export const TLS_LIMITS = {
  /** Received bytes that wait for the host; then the server is held back. */
  unread: 64 * 1024,
  /** What AT+CHTTPSSEND collects before it is sent: a request with a small file. */
  collected: 64 * 1024,
  /** Until a server has answered, and until its handshake is done. */
  connect: 120_000,
  /** Until a server takes what is sent. */
  send: 120_000,
  /** A certificate or a key: the largest in use are a few KiB. */
  certificate: 32 * 1024,
  /** Data in one block toward the host. */
  block: 1024,
} as const;
