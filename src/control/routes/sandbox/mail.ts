import { integer, list, object, text } from "../../../platform/schema/schema.ts";
import { sandboxOf } from "../../../rig/actions/sandbox-actions.ts";
import type { Rig } from "../../../rig/rig.ts";
import type { ReceivedMail } from "../../../sandbox/smtp/received-mail.ts";
import { ControlError } from "../../control-error.ts";
import { CONTROL_LIMITS } from "../../limits.ts";
import { readRaw } from "../../request-body.ts";
import { bytes, defineRoute, json, once, type Route } from "../../route.ts";
import { attempt, refusals } from "./access.ts";

const SUMMARY = {
  id: integer({ description: "Counts the messages, from 1" }),
  from: text(),
  recipients: list(text()),
  subject: text(),
  size: integer({ description: "Bytes as received" }),
} as const;

const MAIL = object({
  ...SUMMARY,
  headers: list(object({ name: text(), value: text() })),
  text: text({ description: "The body, decoded" }),
  attachments: list(object({ name: text(), type: text(), size: integer(), sha256: text() })),
});

const mails = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail",
  summary: "The messages that came by SMTP",
  answer: { schema: object({ mail: list(object(SUMMARY)) }) },
  refusals,
  ctl: [{ words: "mail", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) => json({ mail: sandboxOf(rig).smtp.mails.map(summary) }),
});

const clearMails = defineRoute({
  method: "DELETE",
  path: "/api/sandbox/mail",
  summary: "Forgets the messages that came by SMTP",
  answer: { schema: object({ removed: integer() }) },
  refusals,
  ctl: [{ words: "mail clear", synopsis: "", request: () => ({}) }],
  handle({ rig }) {
    const { smtp } = sandboxOf(rig);
    const removed = smtp.mails.length;
    smtp.clear();
    return json({ removed });
  },
});

const MAIL_PARAM = { n: "The id of a message" } as const;

const mail = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail/{n}",
  summary: "A message that came by SMTP, parsed",
  params: MAIL_PARAM,
  answer: { schema: MAIL },
  refusals: { ...refusals, 404: "There is no such message" },
  ctl: [{ words: "mail show", synopsis: "N", request: ({ words }) => ({ params: { n: words[0] ?? "" } }) }],
  handle({ rig, params: { n } }) {
    const found = mailOf(rig, n);
    const { fields, text: body, attachments } = found.content;
    return json({
      ...summary(found),
      headers: fields,
      text: body,
      attachments: attachments.map(({ name, mediaType, size, sha256 }) => ({ name, type: mediaType, size, sha256 })),
    });
  },
});

const rawMail = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail/{n}/raw",
  summary: "A message that came by SMTP, as received",
  params: MAIL_PARAM,
  answer: { media: "message/rfc822" },
  refusals: { ...refusals, 404: "There is no such message" },
  ctl: [{ words: "mail raw", synopsis: "N", request: ({ words }) => ({ params: { n: words[0] ?? "" } }) }],
  handle: ({ rig, params: { n } }) => bytes(once(mailOf(rig, n).raw), "message/rfc822"),
});

const attachment = defineRoute({
  method: "GET",
  path: "/api/sandbox/mail/{n}/attachments/{k}",
  summary: "An attachment of a message that came by SMTP, decoded",
  params: { ...MAIL_PARAM, k: "The place of the attachment, from 1" },
  answer: { media: "application/octet-stream" },
  refusals: { ...refusals, 404: "There is no such message or attachment" },
  ctl: [
    {
      words: "mail attachment",
      synopsis: "N K",
      request: ({ words }) => ({ params: { n: words[0] ?? "", k: words[1] ?? "" } }),
    },
  ],
  handle({ rig, params: { n, k } }) {
    const found = mailOf(rig, n).content.attachments.find((_, index) => String(index + 1) === k);
    if (found === undefined) throw new ControlError(404, `the message ${n} has no attachment ${k}`);
    // The sender chooses the type; a browser must not show it as a page of ours.
    return bytes(once(found.bytes), "application/octet-stream", { "Content-Length": String(found.size) });
  },
});

function summary({ id, from, recipients, content, raw }: ReceivedMail) {
  return { id, from, recipients, subject: content.subject, size: raw.length };
}

function mailOf(rig: Rig, id: string | undefined): ReceivedMail {
  const found = sandboxOf(rig).smtp.mails.find((candidate) => String(candidate.id) === id);
  if (found === undefined) throw new ControlError(404, `there is no message ${id}`);
  return found;
}

const deliver = defineRoute({
  method: "POST",
  path: "/api/sandbox/mailboxes/{user}",
  summary: "Puts a message into a POP3 mailbox",
  params: { user: "The account" },
  body: "raw",
  answer: { status: 201, schema: object({ size: integer() }) },
  refusals: { ...refusals, 507: "The mailboxes are full" },
  ctl: [
    {
      words: "mail put",
      synopsis: "FILE USER",
      request: async ({ words, readFile }) => ({
        params: { user: words[1] ?? "" },
        bytes: await readFile(words[0] ?? "-"),
      }),
    },
  ],
  async handle({ rig, params: { user = "" }, bytes: content }) {
    const { pop3 } = sandboxOf(rig);
    const raw = await readRaw(content, CONTROL_LIMITS.sandboxBody);
    attempt(() => pop3.put(user, raw), 507);
    return json({ size: raw.length }, 201);
  },
});

export const mailRoutes: readonly Route[] = [mails, clearMails, mail, rawMail, attachment, deliver];
