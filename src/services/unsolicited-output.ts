import type { Packet } from "../platform/packet.ts";

/** Prints packets, none of which anything splits. Resolves when there is room for more. */
export type PrintPackets = (packets: readonly Packet[]) => Promise<void>;

/**
 * The output of a service that no command line waits for. A service knows nothing of the AT interface behind it.
 */
export interface UnsolicitedOutput {
  /** Queues an unsolicited line, or lines joined by CR LF. It is printed when the line is free; nothing is lost. */
  urc(text: string): void;
  /** Prints packets when the line is free. */
  packets(packets: readonly Packet[]): Promise<void>;
}
