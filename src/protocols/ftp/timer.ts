import type { Clock } from "../../platform/time/clock.ts";
import { ServerTimer } from "../../platform/time/server-timer.ts";
import { FTP_LIMITS } from "./limits.ts";

/** How long the server may keep us waiting for each thing, in milliseconds before they are scaled. */
type FtpPeriods = Readonly<Record<"connect" | "extendedConnect" | "reply" | "data" | "parting", number>>;

/** The time-outs of one session. */
export class FtpTimer extends ServerTimer {
  readonly periods: FtpPeriods;

  /** `patience`, in milliseconds, replaces the periods of {@link FTP_LIMITS} for connections, replies and data. */
  constructor(clock: Clock, scale: number, parent: AbortSignal, patience?: number) {
    super(clock, scale, parent);
    this.periods =
      patience === undefined
        ? FTP_LIMITS
        : {
            connect: patience,
            extendedConnect: Math.min(patience, FTP_LIMITS.extendedConnect),
            reply: patience,
            data: patience,
            parting: FTP_LIMITS.parting,
          };
  }
}
