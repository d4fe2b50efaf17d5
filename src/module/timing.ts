/** How long the module waits, and makes a host wait. All times in milliseconds. */
export interface Timing {
  /** Every network and data-entry time-out is multiplied by it. */
  readonly timeoutScale: number;
  /** Before the first packet, between packets and before the final code. */
  readonly packetGap: number;
  /** Least time from a command to its data prompt. */
  readonly promptDelay: number;
}
