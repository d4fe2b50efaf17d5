import { SMS_STORAGES } from "../../module/sms/sms.ts";
import { choice, flag, integer, list, object, text } from "../../platform/schema/schema.ts";
import { MESSAGE, receiveMessage } from "../../rig/actions/far-end-actions.ts";
import { defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

const messages = defineRoute({
  method: "GET",
  path: "/api/modems/{id}/sms",
  summary: "The short messages that are stored and those that were sent",
  params: MODEM_PARAM,
  answer: {
    schema: object({
      stored: list(
        object({
          storage: choice(["SM", "ME"]),
          index: integer(),
          from: text(),
          text: text(),
          time: text(),
          unread: flag(),
        }),
      ),
      sent: list(object({ reference: integer(), to: text(), text: text() })),
    }),
  },
  refusals: { 404: "There is no such modem" },
  ctl: [
    { words: "messages", synopsis: "", options: MODEM_OPTION, request: (given) => ({ params: chosenModem(given) }) },
  ],
  handle({ rig, params: { id } }) {
    const { sms } = modemOf(rig, id).module;
    return json({
      stored: SMS_STORAGES.flatMap((storage) =>
        sms.list(storage).map(({ index, from, text: content, stamp, unread }) => ({
          storage,
          index,
          from,
          text: content,
          time: stamp,
          unread,
        })),
      ),
      sent: sms.sent.map(({ reference, to, text: content }) => ({ reference, to, text: content })),
    });
  },
});

const receive = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/sms",
  summary: "A short message arrives",
  params: MODEM_PARAM,
  body: MESSAGE,
  answer: { status: 201, schema: object({ received: flag() }) },
  refusals: {
    404: "There is no such modem",
    409: "The message does not reach the module: no registration, or the storage is full",
  },
  ctl: [
    {
      words: "sms",
      synopsis: "FROM TEXT...",
      options: MODEM_OPTION,
      request: (given) => ({
        params: chosenModem(given),
        body: { from: given.words[0] ?? "", text: given.words.slice(1).join(" ") },
      }),
    },
  ],
  handle({ rig, params: { id }, body }) {
    receiveMessage(modemOf(rig, id), body);
    return json({ received: true }, 201);
  },
});

export const smsRoutes: readonly Route[] = [messages, receive];
