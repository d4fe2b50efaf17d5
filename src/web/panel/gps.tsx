import { useEffect } from "preact/hooks";
import { CallForm } from "../form/call-form.tsx";
import { Facts } from "../view/facts.tsx";

/** GPS as the state of a modem shows it. */
export interface GpsState {
  readonly receiver: string;
  readonly fix: boolean;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  readonly speed: number;
  readonly course: number;
  readonly track: { readonly points: number; readonly seconds: number; readonly played: number } | null;
}

interface GpsProps {
  readonly id: string;
  readonly gps: GpsState;
  readonly reload: () => void;
  readonly endTrack: () => void;
}

/** How often the position is read again while a track changes it, in milliseconds. */
const PERIOD = 1000;

/** Where the receiver is, whether it knows that, and the track that leads it. */
export function Gps({ id, gps, reload, endTrack }: GpsProps) {
  const { receiver, fix, latitude, longitude, altitude, speed, course, track } = gps;
  const plays = track !== null && track.played < track.seconds;
  useEffect(() => {
    if (!plays) return;
    const timer = setInterval(reload, PERIOD);
    return () => clearInterval(timer);
  }, [plays, reload]);
  return (
    <section aria-label="GPS">
      <h2>GPS</h2>
      <Facts
        facts={{
          receiver: fix ? receiver : `${receiver}, no satellites`,
          position: `${degrees(latitude, "N", "S")}, ${degrees(longitude, "E", "W")}`,
          altitude: `${altitude.toFixed(1)} m`,
          moves: speed === 0 ? "no" : `${speed.toFixed(1)} km/h, course ${course.toFixed(1)}°`,
          track: track && `${track.points} points, ${Math.floor(track.played)} of ${track.seconds} s`,
        }}
      />
      <CallForm method="PUT" path="/api/modems/{id}/gps/track" params={{ id }} label="Follow the track" onDone={reload}>
        {track === null ? null : (
          <button type="button" onClick={endTrack}>
            End the track
          </button>
        )}
      </CallForm>
    </section>
  );
}

function degrees(angle: number, positive: string, negative: string): string {
  return `${Math.abs(angle).toFixed(6)}° ${angle < 0 ? negative : positive}`;
}
