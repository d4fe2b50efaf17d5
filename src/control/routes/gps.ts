import { readTrack } from "../../module/gps/track-file.ts";
import { TrackError } from "../../module/gps/track-points.ts";
import { MODULE_LIMITS } from "../../module/limits.ts";
import { integer, number, object } from "../../platform/schema/schema.ts";
import { ControlError } from "../control-error.ts";
import { readRaw } from "../request-body.ts";
import { defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const track = defineRoute({
  method: "PUT",
  path: "/api/modems/{id}/gps/track",
  summary: "Leads the GPS receiver over a track from now on: GPX, or a JSON list of points with their times",
  params: MODEM_PARAM,
  body: "raw",
  answer: {
    schema: object({ points: integer(), seconds: number({ description: "From the first point to the last" }) }),
  },
  refusals: { 404: "There is no such modem" },
  ctl: [
    {
      words: "track",
      synopsis: "FILE",
      options: MODEM_OPTION,
      request: async (given) => ({
        params: chosenModem(given),
        bytes: await given.readFile(given.words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { id }, bytes }) {
    const { gps } = modemOf(rig, id).module;
    const found = attempt((await readRaw(bytes, MODULE_LIMITS.trackFile)).toString());
    gps.follow(found);
    return json({ points: found.size, seconds: found.duration / 1000 });
  },
});

function attempt(text: string): ReturnType<typeof readTrack> {
  try {
    return readTrack(text);
  } catch (error) {
    if (!(error instanceof TrackError)) throw error;
    throw ControlError.invalid({ at: "", message: `is no track: ${error.message}` });
  }
}

export const gpsRoutes: readonly Route[] = [track];
