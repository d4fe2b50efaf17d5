/**
 * The way out of a service to the host for what no command line waits for. The composition root gives it; a service knows
 * nothing of the AT interface behind it.
 */
export interface Outlet {
  /** Queues an unsolicited line, or lines joined by CR LF. It is printed when the line is free; nothing is lost. */
  urc(text: string): void;
  /**
   * Prints `head` as a line and right after it the payload, in one piece that nothing splits. Resolves when there is room
   * for more; the payload must not change afterwards.
   */
  packet(head: string, payload: Uint8Array): Promise<void>;
}
