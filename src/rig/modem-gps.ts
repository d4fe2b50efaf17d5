import type { Track } from "../module/gps/track.ts";
import { readTrack } from "../module/gps/track-file.ts";
import { TrackError } from "../module/gps/track-points.ts";
import { MODULE_LIMITS } from "../module/limits.ts";
import { readBytes } from "../platform/disk/files.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { PtyOutlet } from "../transport/pty-outlet.ts";
import type { ModemSetup } from "./options.ts";

/** What options give to the GPS receiver of a modem. */
export interface ModemGps {
  /** Leads the receiver from the start on. */
  readonly track: Track | undefined;
  /** The port for its sentences. */
  readonly outlet: PtyOutlet | undefined;
}

/** Reads the track and opens the port that a modem is to have. Throws a {@link UsageError} that names the option. */
export async function openGps({ gpsTrack, nmeaLink, medium }: ModemSetup): Promise<ModemGps> {
  const track = gpsTrack === undefined ? undefined : await readTrackFile(gpsTrack);
  if (nmeaLink === undefined) return { track, outlet: undefined };
  // Loaded only when it is asked for: it needs native code.
  const { openPtyOutlet } = await import("../transport/pty-outlet.ts");
  return { track, outlet: await openPtyOutlet(nmeaLink, medium.kind === "pty" ? medium : {}) };
}

async function readTrackFile(path: string): Promise<Track> {
  const refuse = (reason: string, cause?: unknown) =>
    new UsageError(`gpsTrack ${path}: ${reason}`, { option: "gpsTrack", cause });
  const bytes = await readBytes(path, MODULE_LIMITS.trackFile);
  if (typeof bytes === "string") throw refuse(bytes);
  try {
    return readTrack(bytes.toString());
  } catch (error) {
    if (!(error instanceof TrackError)) throw error;
    throw refuse(error.message, error);
  }
}
