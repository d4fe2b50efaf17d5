/** The bounds of the FTP client. Sizes in bytes, times in milliseconds before they are scaled. */
export const FTP_LIMITS = {
  /** One line of a reply: banners are long, but no longer than a screen. */
  replyLine: 4096,
  /** Lines of one reply: a welcome text or a HELP has dozens. */
  replyLines: 512,
  /** All lines of one reply together. */
  replySize: 64 * 1024,
  /** Until a port of the server answers: as much as the operating system grants. */
  connect: 120_000,
  /** Until the port of a 229 answers, since PASV remains to be tried: firewalls that know only PASV drop the packets. */
  extendedConnect: 30_000,
  /** Until a reply is complete. Hosts wait 60 to 120 s for `+CFTPPUT: BEGIN`. */
  reply: 60_000,
  /** Without a byte on a data connection while the server keeps us waiting. */
  data: 60_000,
  /** For a last reply that can hardly change the outcome: to QUIT, or after a broken data connection. */
  parting: 5_000,
  /** What is written to a data connection at a time, so that a slow server shows a sign of life within `data`. */
  piece: 16 * 1024,
  /** What the kernels at both ends of a data connection may hold. */
  inFlight: 16 * 1024 * 1024,
  /** The slowest server, in bytes a second, that is waited for while it reads what is in flight at the end of an upload. */
  slowestDrain: 16 * 1024,
} as const;
