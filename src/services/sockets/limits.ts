/** The bounds of sockets. Sizes in bytes, times in milliseconds. */
export const SOCKET_LIMITS = {
  /** Links at a time, and servers (module.md 1.8). */
  links: 10,
  servers: 4,
  /** Received data that wait for the host in manual mode, for each link; then the window shuts. */
  unread: 64 * 1024,
  /** Data in one block toward the host, and in one AT+CIPSEND. */
  block: 1500,
  /** Data in one command of the older set. */
  olderBlock: 1024,
  /** How long a connection that we have closed may deliver what was sent, and wait for its peer's end. */
  linger: 5_000,
  /** How long the older set tries to connect; the later one has AT+CIPTIMEOUT. */
  connect: 120_000,
} as const;
