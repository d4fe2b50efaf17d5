import { integer, object } from "../../platform/schema/schema.ts";
import { TYPED_BYTES, typeAsHost } from "../../rig/actions/modem-actions.ts";
import { defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const type = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/type",
  summary: "Types in the host's place while the line is idle; the host sees the answer, and is held back meanwhile",
  params: MODEM_PARAM,
  body: object({ bytes: TYPED_BYTES }),
  answer: { schema: object({ typed: integer({ description: "How many bytes" }) }) },
  refusals: {
    404: "There is no such modem",
    409: "The host has begun a line, or its command or data entry runs; the module is off",
  },
  ctl: [
    {
      words: "type",
      synopsis: "TEXT...",
      options: { ...MODEM_OPTION, raw: true },
      request: (given) => ({
        params: chosenModem(given),
        body: {
          bytes: `${Buffer.from(given.words.join(" ")).toString("latin1")}${given.options.raw === true ? "" : "\r"}`,
        },
      }),
    },
  ],
  handle: ({ rig, params: { id }, body }) => json({ typed: typeAsHost(modemOf(rig, id), body.bytes) }),
});

export const typingRoutes: readonly Route[] = [type];
