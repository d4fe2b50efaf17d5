import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTrack } from "../../../src/module/gps/track-file.ts";
import { TrackError } from "../../../src/module/gps/track-points.ts";
import { MODULE_LIMITS } from "../../../src/module/limits.ts";

const gpx = (inner: string) =>
  `<?xml version="1.0"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">\n${inner}\n</gpx>\n`;
const point = (time: string, rest = "", position = 'lat="46.948" lon="7.4474"') =>
  `<trkpt ${position}>${rest}<time>${time}</time></trkpt>`;
const track = (...points: readonly string[]) => gpx(`<trk><trkseg>\n${points.join("\n")}\n</trkseg></trk>`);
const NOON = "2026-01-31T12:00:00Z";
const LATER = "2026-01-31T12:01:00Z";

/** Where the track begins, how many points it has, and how many milliseconds it takes. */
function shape(given: unknown): unknown {
  const read = readTrack(given);
  const { latitude, longitude, altitude } = read.at(0);
  return [latitude, longitude, altitude, read.size, read.duration];
}

describe("a track is read from", () => {
  test.each([
    ["GPX", track(point(NOON, "<ele>540.5</ele>"), point(LATER)), [46.948, 7.4474, 540.5, 2, 60_000]],
    ["GPX without altitudes", track(point(NOON)), [46.948, 7.4474, 0, 1, 0]],
    [
      "several segments and tracks",
      gpx(`<trk><trkseg>${point(NOON)}</trkseg><trkseg>${point(LATER)}</trkseg></trk><trk>${point(LATER)}</trk>`),
      [46.948, 7.4474, 0, 3, 60_000],
    ],
    [
      "a route, where there is no track",
      gpx(`<rte><rtept lat='1' lon="-2"><time>${NOON}</time></rtept></rte>`),
      [1, -2, 0, 1, 0],
    ],
    [
      "the track, where there is a route, too",
      gpx(`<rte><rtept lat="1" lon="2"/></rte><trk>${point(NOON)}</trk>`),
      [46.948, 7.4474, 0, 1, 0],
    ],
    [
      "names with a prefix",
      `<g:gpx><g:trkpt lat="1" lon="2"><g:time>${NOON}</g:time></g:trkpt></g:gpx>`,
      [1, 2, 0, 1, 0],
    ],
    [
      "a point whose extensions have a time and an altitude of their own",
      track(`<trkpt lat="1" lon="2"><extensions><time>no</time><ele>9</ele></extensions><time>${NOON}</time></trkpt>`),
      [1, 2, 0, 1, 0],
    ],
    [
      "a comment with tags, an attribute with one, and CDATA",
      gpx(`<!-- <trkpt> --><metadata a="<b>"/><name><![CDATA[<x>]]></name>${point(NOON)}`),
      [46.948, 7.4474, 0, 1, 0],
    ],
    ["a byte order mark and blanks", `\uFEFF \n${track(point(NOON))}`, [46.948, 7.4474, 0, 1, 0]],
    [
      "times with fractions, with zones and without",
      track(point("2026-01-31T12:00:00.250Z"), point("2026-01-31T12:00:01"), point("2026-01-31T13:00:02.5+01:00")),
      [46.948, 7.4474, 0, 3, 2250],
    ],
    ["points of the same time", track(point(NOON), point(NOON)), [46.948, 7.4474, 0, 2, 0]],
    [
      "a list with seconds",
      [
        { latitude: 1, longitude: 2, time: 10 },
        { latitude: 1, longitude: 2, time: 12.5 },
      ],
      [1, 2, 0, 2, 2500],
    ],
    ["a list with times", [{ latitude: 1, longitude: 2, altitude: 3, time: NOON }], [1, 2, 3, 1, 0]],
    ["the text of a list", ` [{"latitude":1,"longitude":2,"time":0}]`, [1, 2, 0, 1, 0]],
  ])("%s", (_, given, expected) => {
    expect(shape(given)).toEqual(expected);
  });
});

describe("a track is refused, with the reason", () => {
  const NEITHER = "it is neither the text of a GPX file nor a list of points";
  const FIELDS = "its fields are latitude, longitude, altitude, time";
  test.each<readonly [name: string, given: unknown, reason: string]>([
    ["nothing", "", NEITHER],
    ["other text", "46.9, 7.4", NEITHER],
    ["an object", {}, NEITHER],
    ["a number", 7, NEITHER],
    ["an empty list", [], "it has no points"],
    ["GPX without points", gpx("<trk/>"), "it has no points"],
    ["waypoints alone", gpx('<wpt lat="1" lon="2"/>'), "it has no points"],
    ["another document", "<html><body/></html>", "line 1: <html> is not the root of GPX"],
    ["a document type", `<!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>`, "line 1: a document type (DOCTYPE) is not supported"],
    ["GPX that ends early", "<gpx>\n<trk>", "line 2: <trk> is not closed"],
    ["GPX that ends in a tag", "<gpx>\n<trk", "line 2: the file ends within a tag"],
    ["GPX that ends in a comment", "<gpx>\n<!-- ", "line 2: <!-- is not closed"],
    ["tags that cross", gpx("<trk><trkseg></trk></trkseg>"), "line 3: </trk> closes <trkseg>"],
    ["a tag that closes nothing", "<gpx/></gpx>", "line 1: </gpx> closes nothing"],
    ["a tag without end", `<gpx ${'a="1" '.repeat(10_000)}`, "line 1: the tag has more than 8192 characters"],
    ["a name without end", `<${"g".repeat(1_000_000)}`, "line 1: the tag has more than 8192 characters"],
    ["a tag whose attribute has no quotes", gpx("<trk a=1>"), "line 3: the tag is not well-formed"],
    ["elements without end", `<gpx>${"<a>".repeat(100_000)}`, "line 1: more than 64 elements are in each other"],
    ["a point without a time", track('<trkpt lat="1" lon="2"/>'), "point 1 has no time"],
    ["a second point without one", track(point(NOON), '<trkpt lat="1" lon="2"/>'), "point 2 has no time"],
    ["a time that is none", track(point("noon")), "the time of point 1 is not like 2026-01-31T12:00:00Z"],
    [
      "a day that there is not",
      track(point("2026-02-30T12:00:00Z")),
      "the time of point 1 is not like 2026-01-31T12:00:00Z",
    ],
    ["times that go back", track(point(LATER), point(NOON)), "point 2 is earlier than the one before it"],
    ["no longitude", track(point(NOON, "", 'lat="1"')), "the longitude of point 1 is not a number from -180 to 180"],
    [
      "a latitude that is none",
      track(point(NOON, "", 'lat="x" lon="2"')),
      "the latitude of point 1 is not a number from -90 to 90",
    ],
    [
      "an empty latitude",
      track(point(NOON, "", 'lat="" lon="2"')),
      "the latitude of point 1 is not a number from -90 to 90",
    ],
    [
      "a latitude past the pole",
      [{ latitude: 91, longitude: 0, time: 0 }],
      "the latitude of point 1 is not a number from -90 to 90",
    ],
    [
      "an altitude that is none",
      track(point(NOON, "<ele>high</ele>")),
      "the altitude of point 1 is not a number from -1000 to 100000",
    ],
    ["a list of something else", [1], "point 1 is not an object"],
    [
      "a field that there is not",
      [{ latitude: 1, longitude: 2, time: 0, lat: 1 }],
      `point 1 has an unknown field "lat"; ${FIELDS}`,
    ],
    ["a misspelled field", [{ latt: 1, longitude: 2, time: 0 }], `point 1 has an unknown field "latt"; ${FIELDS}`],
    ["a field that is missing", [{ longitude: 2, time: 0 }], "the latitude of point 1 is missing"],
    [
      "times of two forms",
      [
        { latitude: 1, longitude: 2, time: 0 },
        { latitude: 1, longitude: 2, time: NOON },
      ],
      "the time of point 2 has another form than that of point 1",
    ],
    [
      "a time of another type",
      [{ latitude: 1, longitude: 2, time: null }],
      "the time of point 1 is not like 2026-01-31T12:00:00Z",
    ],
    [
      "no number of seconds",
      [{ latitude: 1, longitude: 2, time: Number.NaN }],
      "the time of point 1 is not like 2026-01-31T12:00:00Z",
    ],
  ])("%s", (_, given, reason) => {
    expect(() => readTrack(given)).toThrow(new TrackError(reason));
  });

  test.each([
    [
      "a list",
      Array.from({ length: MODULE_LIMITS.trackPoints + 1 }, (_, time) => ({ latitude: 1, longitude: 2, time })),
    ],
    ["GPX", track('<trkpt lat="1" lon="2"/>'.repeat(MODULE_LIMITS.trackPoints + 1))],
  ])("%s of more points than a track may have", (_, given) => {
    expect(() => readTrack(given)).toThrow(new TrackError("it has more than 100000 points"));
  });
});

test("any text is a track or a TrackError", () => {
  const pieces = fc.constantFrom(
    "<gpx>",
    "</gpx>",
    "<trkpt lat='1' lon='2'>",
    "</trkpt>",
    "<time>",
    "</time>",
    NOON,
    "<",
    ">",
    "<!--",
    "-->",
    "&",
    "\n",
    "/>",
    '"',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) => {
      try {
        expect(readTrack(`<gpx>${parts.join("")}`).size).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(TrackError);
      }
    }),
  );
});
