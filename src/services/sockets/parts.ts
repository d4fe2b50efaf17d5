import type { Dialect } from "../../module/dialect.ts";
import type { PacketService } from "../../module/radio/packet-service.ts";
import type { Settings } from "../../module/settings/settings.ts";
import type { Timing } from "../../module/timing.ts";
import type { Random } from "../../platform/crypto.ts";
import type { Log } from "../../platform/log.ts";
import type { Network } from "../../platform/network/network.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { WorkSet } from "../../platform/work-set.ts";
import type { UnsolicitedOutput } from "../unsolicited-output.ts";

/** The far end of online data mode, as the AT interface takes it. */
export interface TransparentLink {
  write(bytes: Buffer): Promise<void> | undefined;
  read(): Promise<Uint8Array | undefined>;
  close(): void;
  /** What comes while the host is in command mode may be lost. */
  readonly isLossy?: boolean;
}

/** Where sockets print unasked. */
export interface SocketOutlet extends UnsolicitedOutput {
  /** Prints bytes as they are when the line is free; resolves when there is room for more. */
  bytes(bytes: Uint8Array): Promise<void>;
  /** Prints `text` and `CONNECT` when the line is free, and leads the line to the link from then on. */
  answer(text: string, link: TransparentLink, farewell: () => string): void;
}

/** What sockets are made of. */
export interface SocketParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly outlet: SocketOutlet;
  readonly settings: Settings;
  readonly packetService: PacketService;
  readonly dialect: Dialect;
  readonly timing: Timing;
  readonly random: Random;
  readonly log: Log;
  /** Where servers listen, an IP literal. */
  readonly serverAddress: string;
  /** Ends with the power of the module: everything is dropped, nothing more is printed. */
  readonly signal: AbortSignal;
  readonly work: WorkSet;
}
