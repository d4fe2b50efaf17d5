import { integer, object, text } from "../../platform/schema/schema.ts";
import { SERIAL_LIMITS } from "../../platform/serial-line.ts";
import { ControlError } from "../control-error.ts";
import { defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const BYTES = text({
  minLength: 1,
  maxLength: SERIAL_LIMITS.hostBuffer,
  pattern: "^[\\u0000-\\u00ff]*$",
  "x-pattern": "bytes, one code point from 0 to 255 each",
});

const type = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/type",
  summary: "Types in the host's place while the line is idle; the host sees the answer, and is held back meanwhile",
  params: MODEM_PARAM,
  body: object({ bytes: BYTES }),
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
  handle({ rig, params: { id }, body }) {
    const modem = modemOf(rig, id);
    if (!modem.powered) throw new ControlError(409, "the module is off");
    const bytes = Buffer.from(body.bytes, "latin1");
    const { phase } = modem.snapshot().host;
    if (!modem.type(bytes)) throw new ControlError(409, `the host has the line (${phase}); wait until it is idle`);
    return json({ typed: bytes.length });
  },
});

export const typingRoutes: readonly Route[] = [type];
