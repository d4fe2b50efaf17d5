/** The bounds of XMODEM. Times in milliseconds before they are scaled. */
export const XMODEM_LIMITS = {
  /** A sender's wait for the receiver's start: hosts start a terminal's transfer by hand. */
  start: 60_000,
  /** Between two starts of a receiver, as the description of XMODEM has it for `C`. */
  startInterval: 3_000,
  /** For an answer to a block, and for the next block: three times what the slowest host takes (decisions 10). */
  reply: 10_000,
  /** Silence inside a block, and after a damaged one: hosts read the next bytes from a card meanwhile. */
  silence: 1_000,
  /** How often a block is sent or asked for again, as the description of XMODEM has it. */
  retries: 10,
  /** Before each block that is sent, not scaled: receivers (lrzsz) throw their input away right after they have answered. */
  pause: 10,
} as const;
