import { describe, expect, test } from "vitest";
import { between, courseOf, distanceOf } from "../../../src/module/gps/position.ts";
import { Track } from "../../../src/module/gps/track.ts";

const place = (latitude: number, longitude: number) => ({ latitude, longitude });

/** A sixtieth of a degree on a sphere of 6371.0088 km is 1853.2513 m. */
describe("positions", () => {
  test.each([
    [place(0, 0), place(0, 1 / 60), 1853.25133, 90],
    [place(0, 0), place(1 / 60, 0), 1853.25133, 0],
    [place(10, 20), place(9, 20), 111_195.08, 180],
    [place(0, 179.5), place(0, -179.5), 111_195.08, 90],
    [place(60, 10), place(60, 9), 55597.011, 270.433],
    [place(50.0664, -5.7147), place(58.6439, -3.07), 968854.6, 9.1198],
    [place(46.948, 7.4474), place(46.948, 7.4474), 0, 0],
  ])("from %o to %o are %d m, in the direction %d", (from, to, metres, course) => {
    expect(distanceOf(from, to) / Math.max(1, metres)).toBeCloseTo(metres / Math.max(1, metres), 5);
    expect(courseOf(from, to)).toBeCloseTo(course, 3);
  });

  test.each([
    [place(0, 0), place(0, 10), 0.5, place(0, 5)],
    [place(0, 179), place(0, -179), 0.75, place(0, -179.5)],
    [place(40, 7), place(40, 7), 0.5, place(40, 7)],
    [place(90, 0), place(80, 50), 1, place(80, 50)],
    [place(0, 0), place(0, 180), 0.5, place(0, 0)],
  ])("between %o and %o, %d of the way, lies %o", (from, to, part, middle) => {
    const { latitude, longitude } = between(from, to, part);
    expect(latitude).toBeCloseTo(middle.latitude, 9);
    expect(longitude).toBeCloseTo(middle.longitude, 9);
  });
});

describe("a track", () => {
  /** A minute of longitude at the equator to the east in 100 s, 100 s of rest, then back and up in half the time. */
  const TRACK = new Track([
    { ...place(0, 0), altitude: 100, at: 0 },
    { ...place(0, 1 / 60), altitude: 100, at: 100_000 },
    { ...place(0, 1 / 60), altitude: 100, at: 200_000 },
    { ...place(0, 1 / 60), altitude: 100, at: 200_000 },
    { ...place(0, 0), altitude: 150, at: 250_000 },
  ]);
  const SPEED = 1.85325133 * 36;

  test.each([
    [0, 0, 100, SPEED, 90],
    [25_000, 1 / 240, 100, SPEED, 90],
    [99_999, 0.99999 / 60, 100, SPEED, 90],
    [100_000, 1 / 60, 100, 0, 0],
    [200_000, 1 / 60, 100, 2 * SPEED, 270],
    [225_000, 1 / 120, 125, 2 * SPEED, 270],
    [250_000, 0, 150, 0, 270],
    [9_000_000, 0, 150, 0, 270],
  ])(
    "leads after %d ms to longitude %d, altitude %d, at %d km/h to %d",
    (elapsed, longitude, altitude, speed, course) => {
      const here = TRACK.at(elapsed);
      expect(here.latitude).toBeCloseTo(0, 9);
      expect(here.longitude).toBeCloseTo(longitude, 9);
      expect(here.altitude).toBeCloseTo(altitude, 6);
      expect(here.speed).toBeCloseTo(speed, 4);
      expect(here.course).toBeCloseTo(course, 6);
    },
  );

  test("to the north has the course 0 all the way", () => {
    const north = new Track([
      { ...place(46.948, 7.4474), altitude: 540, at: 0 },
      { ...place(46.958, 7.4474), altitude: 550, at: 60_000 },
    ]);
    for (let elapsed = 0; elapsed <= 61_000; elapsed += 500) expect(north.at(elapsed).course).toBe(0);
  });

  test("of one point stands there", () => {
    const here = new Track([{ ...place(1, 2), altitude: 3, at: 0 }]);
    expect(here.at(1000)).toEqual({ ...place(1, 2), altitude: 3, speed: 0, course: 0 });
    expect([here.size, here.duration]).toEqual([1, 0]);
  });
});
