import type { ValueRule } from "../state/schema.ts";
import { readGpx } from "./gpx.ts";
import type { Track } from "./track.ts";
import { readPoints, TrackError, trackThrough } from "./track-points.ts";

const NEITHER = "it is neither the text of a GPX file nor a list of points";

/** Reads a track: a document of GPX or of JSON, or the list that such JSON holds. Throws a {@link TrackError}. */
export function readTrack(given: unknown): Track {
  if (typeof given !== "string") return trackThrough(readPoints(listOf(given)));
  const text = given.replace(/^\uFEFF?\s*/, "");
  return trackThrough(text.startsWith("<") ? readGpx(given) : readPoints(listOf(parseJson(text))));
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TrackError(NEITHER);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TrackError(NEITHER);
  }
}

/** What is wrong with a track, or nothing. */
function problemOf(given: unknown): string | undefined {
  try {
    readTrack(given);
    return undefined;
  } catch (error) {
    if (error instanceof TrackError) return error.message;
    throw error;
  }
}

/** What a patch may set: a track, or null, which ends one. */
export const TRACK: ValueRule = {
  schema: {
    anyOf: [
      {
        type: "array",
        description: "Points with their times: seconds, or ISO 8601",
        items: {
          type: "object",
          properties: {
            latitude: { type: "number" },
            longitude: { type: "number" },
            altitude: { type: "number", default: 0 },
            time: { anyOf: [{ type: "number" }, { type: "string" }] },
          },
          required: ["latitude", "longitude", "time"],
          additionalProperties: false,
        },
      },
      { type: "string", description: "The text of a GPX file, or of such a list" },
      { type: "null", description: "Ends the track" },
    ],
  },
  description: "a track, or null",
  accepts: (value) => value === null || problemOf(value) === undefined,
  explain: (value) => `is no track: ${problemOf(value)}`,
};
