import { between, courseOf, distanceOf, type Movement, type Position } from "./position.ts";

/** A point of a track, and when it is reached: milliseconds from its first point on. */
export interface TrackPoint extends Omit<Movement, "speed" | "course"> {
  readonly at: number;
}

/** A way through points, with the speed and the course that follow from them. Their times never decrease. */
export class Track {
  readonly #points: readonly [TrackPoint, ...TrackPoint[]];

  constructor(points: readonly [TrackPoint, ...TrackPoint[]]) {
    this.#points = points;
  }

  /** How many points it has. */
  get size(): number {
    return this.#points.length;
  }

  /** Milliseconds from the first point to the last. */
  get duration(): number {
    return (this.#points.at(-1) ?? this.#points[0]).at;
  }

  /** Where it leads after so many milliseconds; past its end it stands at the last point. */
  at(elapsed: number): Movement {
    const index = this.#lastReached(elapsed);
    const from = this.#points[index] ?? this.#points[0];
    const to = this.#points[index + 1];
    const { latitude, longitude, altitude } = from;
    if (to === undefined) return { latitude, longitude, altitude, speed: 0, course: this.#lastCourse };
    const time = to.at - from.at;
    const part = (elapsed - from.at) / time;
    const here = between(from, to, part);
    return {
      latitude: rounded(here.latitude, 10),
      longitude: rounded(here.longitude, 10),
      altitude: rounded(altitude + part * (to.altitude - altitude), 3),
      // Metres per millisecond are 3600 km/h.
      speed: rounded((distanceOf(from, to) / time) * 3600, 6),
      course: roundedCourse(here, to),
    };
  }

  get #lastCourse(): number {
    const [from = this.#points[0], to = from] = this.#points.slice(-2);
    return roundedCourse(from, to);
  }

  /** The index of the last point that is reached by then. */
  #lastReached(elapsed: number): number {
    let low = 0;
    let high = this.#points.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#points[middle]?.at ?? 0) <= elapsed) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Without the error of the arithmetic: north is 0, not 359.99999999999. */
function roundedCourse(from: Position, to: Position): number {
  return rounded(courseOf(from, to), 3) % 360;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
