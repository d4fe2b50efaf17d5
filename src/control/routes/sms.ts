import { SMS_BANKS, type StoredMessage } from "../../module/sms/message-store.ts";
import { choice, flag, integer, list, object, optional, text } from "../../platform/schema/schema.ts";
import { BROADCAST, broadcastMessage, MESSAGE, receiveMessage } from "../../rig/actions/far-end-actions.ts";
import { defineRoute, json, type Route } from "../route.ts";
import { chosenModem, MODEM_OPTION, MODEM_PARAM, modemOf } from "./modem-of.ts";

/** By the status of a message. */
const STATES = ["unread", "read", "unsent", "sent"] as const;

function show(storage: string, { index, status, message }: StoredMessage) {
  const place = { storage, index, state: STATES[status] };
  switch (message.kind) {
    case "deliver":
      return { ...place, from: message.from, text: message.text, time: message.stamp };
    case "submit":
      return { ...place, to: message.to, text: message.text };
    case "report":
      return { ...place, to: message.to, reference: message.reference, time: message.delivered.stamp };
  }
}

const messages = defineRoute({
  method: "GET",
  path: "/api/modems/{id}/sms",
  summary: "The short messages that are stored and those that were sent",
  params: MODEM_PARAM,
  answer: {
    schema: object({
      stored: list(
        object({
          storage: choice(["SM", "ME", "SR"]),
          index: integer(),
          state: choice(STATES),
          from: optional(text()),
          to: optional(text()),
          text: optional(text()),
          reference: optional(integer({ description: "Of the message that a status report (storage SR) is about" })),
          time: optional(text()),
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
      stored: SMS_BANKS.flatMap((bank) => sms.store.list(bank).map((message) => show(bank, message))),
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
  async handle({ rig, params: { id }, body }) {
    await receiveMessage(modemOf(rig, id), body);
    return json({ received: true }, 201);
  },
});

const broadcast = defineRoute({
  method: "POST",
  path: "/api/modems/{id}/broadcasts",
  summary: "The network broadcasts a message to the cell",
  params: MODEM_PARAM,
  body: BROADCAST,
  answer: { status: 201, schema: object({ received: flag() }) },
  refusals: {
    404: "There is no such modem",
    409: "The host does not get the message: no registration, or AT+CSCB and AT+CNMI do not want it",
  },
  ctl: [
    {
      words: "broadcast",
      synopsis: "ID TEXT...",
      options: MODEM_OPTION,
      request: (given) => ({
        params: chosenModem(given),
        body: { id: Number(given.words[0]), text: given.words.slice(1).join(" ") },
      }),
    },
  ],
  handle({ rig, params: { id }, body }) {
    broadcastMessage(modemOf(rig, id), body);
    return json({ received: true }, 201);
  },
});

export const smsRoutes: readonly Route[] = [messages, receive, broadcast];
