import type { AtLine } from "../../at/at-line.ts";
import { TextEntry } from "../../at/entry/text-entry.ts";
import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { printPath } from "../../efs/path.ts";
import { type MailDraft, NO_SERVER } from "../../services/smtp/mail-draft.ts";
import type { SmtpService } from "../../services/smtp/service.ts";
import { printable } from "../file-path.ts";
import { type Command, defineCommand } from "../modem-context.ts";

/** The longest body that can be entered at the prompt (manual 3.6). */
const BODY_LIMIT = 5120;

const address = { kind: "string", name: "address", minLength: 1, maxLength: 128 } as const;
const name = { kind: "string", name: "name", maxLength: 64, optional: true } as const;

/** Changes the draft, unless a mail is being sent (decisions 2). Work that returns `false` has refused its value. */
function change({ busy, draft }: SmtpService, work: (draft: MailDraft) => unknown): Result {
  return busy || work(draft) === false ? "ERROR" : "OK";
}

/** Prints the lines of one information response, if there are any. */
function printList(line: AtLine, lines: readonly string[]): Result {
  if (lines.length > 0) line.info(lines.join("\r\n"));
  return "OK";
}

function refuse(line: AtLine, code: string): Result {
  line.info(`+SMTP: ${code}`);
  return "ERROR";
}

const server = defineCommand({
  name: "+SMTPSRV",
  summary: "SMTP server address and port",
  spec: { document: "manual", section: "3.1" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "host", minLength: 1, maxLength: 128, ascii: true },
    { kind: "int", name: "port", min: 1, max: 65535, optional: true },
  ],
  read({ line, smtp }) {
    const { host, port } = smtp.draft.server;
    line.info(`+SMTPSRV: ${quoted(host)}, ${port}`);
    return "OK";
  },
  write: ({ host, port = NO_SERVER.port }, { smtp }) =>
    change(smtp, (draft) => {
      draft.server = { host, port };
    }),
  execute: ({ smtp }) =>
    change(smtp, (draft) => {
      draft.server = NO_SERVER;
    }),
});

const authentication = defineCommand({
  name: "+SMTPAUTH",
  summary: "SMTP server authentication",
  spec: { document: "manual", section: "3.2" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "flag", min: 0, max: 1, values: [0, 1] },
    { kind: "string", name: "user", minLength: 1, maxLength: 128, optional: true },
    { kind: "string", name: "password", maxLength: 128, secret: true, optional: true },
  ],
  read({ line, smtp }) {
    const { credentials } = smtp.draft;
    const { user, password } = credentials ?? { user: "", password: "" };
    line.info(`+SMTPAUTH: ${credentials === undefined ? 0 : 1}, ${quoted(user)}, ${quoted(password)}`);
    return "OK";
  },
  write({ flag, user, password }, { smtp }) {
    // Manual 3.2 NOTE: the credentials come with the flag 1, both of them, and with it only.
    if ((user === undefined) !== (flag === 0) || (password === undefined) !== (flag === 0)) return "ERROR";
    return change(smtp, (draft) => {
      draft.credentials = user === undefined || password === undefined ? undefined : { user, password };
    });
  },
  execute: ({ smtp }) =>
    change(smtp, (draft) => {
      draft.credentials = undefined;
    }),
});

const sender = defineCommand({
  name: "+SMTPFROM",
  summary: "Sender address and name",
  spec: { document: "manual", section: "3.3" },
  kind: "synchronous",
  needsPin: true,
  parameters: [address, name],
  read({ line, smtp }) {
    const { sender: from } = smtp.draft;
    line.info(`+SMTPFROM: ${quoted(from.address)}, ${quoted(from.name)}`);
    return "OK";
  },
  write: (from, { smtp }) => change(smtp, (draft) => draft.setSender({ address: from.address, name: from.name ?? "" })),
  execute: ({ smtp }) => change(smtp, (draft) => draft.clearSender()),
});

const recipient = defineCommand({
  name: "+SMTPRCPT",
  summary: "Recipient address and name (TO/CC/BCC)",
  spec: { document: "manual", section: "3.4" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "kind", min: 0, max: 2 },
    { kind: "int", name: "index", min: 0, max: 4, optional: true },
    { ...address, optional: true },
    name,
  ],
  read({ line, smtp }) {
    const all = smtp.draft.recipients.all;
    return printList(
      line,
      all.map((to) => `+SMTPRCPT: ${to.kind}, ${to.index}, ${quoted(to.address)}, ${quoted(to.name)}`),
    );
  },
  write({ kind, index, ...to }, { smtp }) {
    if (to.address === undefined) {
      if (to.name !== undefined) return "ERROR";
      return change(smtp, ({ recipients }) => recipients.remove(kind, index));
    }
    if (index === undefined) return "ERROR";
    const added = { kind, index, address: to.address, name: to.name ?? "" };
    return change(smtp, ({ recipients }) => recipients.set(added));
  },
  execute: ({ smtp }) => change(smtp, ({ recipients }) => recipients.clear()),
});

const subject = defineCommand({
  name: "+SMTPSUB",
  summary: "E-mail subject",
  spec: { document: "manual", section: "3.5" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "text", maxLength: 512, nonAscii: true }],
  read({ line, smtp }) {
    line.info(`+SMTPSUB: ${quoted(smtp.draft.subject)}`);
    return "OK";
  },
  write: ({ text }, { smtp }) =>
    change(smtp, (draft) => {
      draft.subject = text;
    }),
  execute: ({ smtp }) =>
    change(smtp, (draft) => {
      draft.subject = "";
    }),
});

const body = defineCommand({
  name: "+SMTPBODY",
  summary: "E-mail body; without a parameter it is entered at the prompt >>",
  spec: { document: "manual", section: "3.6" },
  kind: "holding",
  needsPin: true,
  parameters: [{ kind: "string", name: "text", maxLength: 512 }],
  read({ line, smtp }) {
    // As it was entered: line ends and quotes are printed literally.
    line.info(`+SMTPBODY: "${smtp.draft.body}"`);
    return "OK";
  },
  write: ({ text }, { smtp }) =>
    change(smtp, (draft) => {
      draft.body = text;
    }),
  async execute({ line, smtp }) {
    if (smtp.busy) return "ERROR";
    smtp.draft.body = "";
    const entry = new TextEntry(BODY_LIMIT);
    const outcome = await line.prompt(">> ", entry, "inline");
    // Manual 3.6: ESC leaves the body empty, which is no error.
    if (outcome === "escaped") return "OK";
    if (outcome !== "ended") return "ERROR";
    smtp.draft.body = entry.text;
    return "OK";
  },
});

const charset = defineCommand({
  name: "+SMTPBCH",
  summary: "Character set of the e-mail body",
  spec: { document: "field", section: "2" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "charset", minLength: 1, maxLength: 30 }],
  read({ line, smtp }) {
    line.info(`+SMTPBCH: ${quoted(smtp.draft.charset)}`);
    return "OK";
  },
  write: (written, { smtp }) => change(smtp, (draft) => draft.declareCharset(written.charset)),
  execute: ({ smtp }) => change(smtp, (draft) => draft.resetCharset()),
});

const file = defineCommand({
  name: "+SMTPFILE",
  summary: "Selects attachments",
  spec: { document: "manual", section: "3.7" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "index", min: 1, max: 10 },
    { kind: "string", name: "file", minLength: 1, maxLength: 254, nonAscii: true, optional: true },
  ],
  read({ line, smtp }) {
    const files = smtp.draft.files.all.map(({ index, path, size }) => {
      return `+SMTPFILE: ${index}, ${quoted(printable(printPath(path)))}, ${size}`;
    });
    return printList(line, files);
  },
  async write({ index, file: selected }, { line, smtp }) {
    if (selected === undefined) return change(smtp, ({ files }) => files.remove(index));
    if (smtp.busy) return "ERROR";
    const outcome = await smtp.draft.files.select(index, selected);
    if (outcome === "OVERSIZE") return refuse(line, outcome);
    return outcome === "OK" ? "OK" : "ERROR";
  },
  execute: ({ smtp }) => change(smtp, ({ files }) => files.clear()),
});

const send = defineCommand({
  name: "+SMTPSEND",
  summary: "Connects to the SMTP server and sends the e-mail",
  spec: { document: "manual", section: "3.8" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [],
  read({ line, smtp }) {
    line.info(`+SMTPSEND: ${smtp.busy ? 1 : 0}`);
    return "OK";
  },
  execute({ line, smtp }) {
    if (smtp.busy) return refuse(line, "ONGOING");
    return smtp.draft.complete ? start(line, smtp) : refuse(line, "PARAM ERROR");
  },
});

async function start(line: AtLine, smtp: SmtpService): Promise<Result> {
  const delivery = await smtp.send();
  if (delivery === "STOPPED") return "NONE";
  if (typeof delivery === "string") return refuse(line, delivery);
  line.info("+SMTP: OK");
  line.afterwards(
    () => delivery.start(),
    () => delivery.abort(),
  );
  return "OK";
}

const stop = defineCommand({
  name: "+SMTPSTOP",
  summary: "Stops sending and closes the connection; a command that it ends has no result code of its own",
  spec: { document: "manual", section: "3.9" },
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute: ({ smtp }) => (smtp.stop() ? "OK" : "ERROR"),
});

/** Manual chapter 3. */
export const smtpCommands: readonly Command[] = [
  server,
  authentication,
  sender,
  recipient,
  subject,
  body,
  charset,
  file,
  send,
  stop,
];
