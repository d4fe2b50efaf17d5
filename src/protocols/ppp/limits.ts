/** The bounds of PPP. */
export const PPP_LIMITS = {
  /** Bytes of information in a packet, both ways (RFC 1661 6.1): what every implementation takes without asking. */
  mru: 1500,
  /** The least that a host may ask for: a control packet with all options still fits. */
  leastMru: 128,
  /** Bytes of a frame with address, control, protocol and check; more is no frame of ours. */
  frame: 1506,
  /** Milliseconds between two requests that are not answered (RFC 1661 4.6). */
  restart: 3000,
  /** Requests to configure, and challenges, without an answer before the link is given up (RFC 1661 4.6). */
  configure: 10,
  /** Requests to terminate without an answer (RFC 1661 4.6). */
  terminate: 2,
  /** Configure-Naks before what is still refused is rejected (RFC 1661 4.6). */
  failures: 5,
  /** Requests of the peer with our own magic number, one after the other, that show a looped line (RFC 1661 6.4). */
  loops: 5,
} as const;
