import type { AtLine } from "../../at/at-line.ts";
import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { EfsError } from "../../efs/efs-error.ts";
import { decodeName, type EfsPath } from "../../efs/path.ts";
import { mailPath } from "../../services/pop3/mail-root.ts";
import type { MailForm } from "../../services/pop3/save-mail.ts";
import { NO_POP3_ACCOUNT, type Pop3Failure, type Pop3Outcome } from "../../services/pop3/service.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";

/** Only the server knows which mails exist: no number is out of range, and the test commands print no range. */
const mailId = { kind: "int", name: "id", min: 0, max: 4294967295 } as const;
const nothing = () => [];

/** Prints why an operation failed. One that AT+POP3STOP has ended prints nothing (decisions 1.14). */
function refuse(failure: Pop3Failure, line: AtLine): Result {
  if (failure === "STOPPED") return "NONE";
  line.info(`+POP3: ${failure}`);
  // Manual 4.3: another running operation is not an error.
  return failure === "ONGOING" ? "OK" : "ERROR";
}

/** Waits for an operation, and prints its result or why it failed. */
async function answer<T>(
  line: AtLine,
  operation: Promise<Pop3Outcome<T>>,
  print: (value: T) => string,
): Promise<Result> {
  const outcome = await operation;
  if ("failure" in outcome) return refuse(outcome.failure, line);
  line.info(print(outcome.value));
  return "OK";
}

const success = () => "+POP3: SUCCESS";

const account = defineCommand({
  name: "+POP3SRV",
  summary: "POP3 server and account",
  spec: { document: "manual", section: "4.1" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "server", minLength: 1, maxLength: 128, ascii: true },
    { kind: "string", name: "user", minLength: 1, maxLength: 128 },
    { kind: "string", name: "password", minLength: 1, maxLength: 128, secret: true },
    { kind: "int", name: "port", min: 1, max: 65535, optional: true },
  ],
  read({ line, pop3 }) {
    const { server, user, password, port } = pop3.parameters;
    line.info(`+POP3SRV: ${quoted(server)}, ${quoted(user)}, ${quoted(password)}, ${port}`);
    return "OK";
  },
  write({ port = NO_POP3_ACCOUNT.port, ...names }, { pop3 }) {
    if (pop3.busy) return "ERROR";
    pop3.parameters = { ...names, port };
    return "OK";
  },
  execute({ pop3 }) {
    if (pop3.busy) return "ERROR";
    pop3.parameters = NO_POP3_ACCOUNT;
    return "OK";
  },
});

const logIn = defineCommand({
  name: "+POP3IN",
  summary: "Logs in to the POP3 server",
  spec: { document: "manual", section: "4.2" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [],
  read({ line, pop3 }) {
    const server = pop3.sessionServer;
    line.info(`+POP3IN: ${server === undefined ? "NULL" : quoted(server)}`);
    return "OK";
  },
  execute: ({ line, pop3 }) => answer(line, pop3.logIn(), success),
});

const count = defineCommand({
  name: "+POP3NUM",
  summary: "Number of mails and their size in all",
  spec: { document: "manual", section: "4.3" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [],
  execute: ({ line, pop3 }) => answer(line, pop3.count(), (box) => `+POP3: ${box.count}, ${box.size}`),
});

const list = defineCommand({
  name: "+POP3LIST",
  summary: "Numbers and sizes of the mails",
  spec: { document: "manual", section: "4.4" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [mailId],
  test: nothing,
  write: ({ id }, { line, pop3 }) => answer(line, pop3.listing(id), (mail) => `+POP3: ${mail.id}, ${mail.size}`),
  execute({ line, pop3, dialect }) {
    return answer(line, pop3.list(), (mails) => {
      const total = mails.reduce((sum, mail) => sum + mail.size, 0);
      const bare = mails.length === 0 ? "+POP3: EMPTY" : "+POP3:";
      const head = dialect.pop3ListHead === "bare" ? bare : `+POP3: ${mails.length} ${total}`;
      return [head, ...mails.map((mail) => `${mail.id} ${mail.size}`)].join("\r\n");
    });
  },
});

const header = defineCommand({
  name: "+POP3HDR",
  summary: "Sender, date and subject of a mail",
  spec: { document: "manual", section: "4.5" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [mailId],
  test: nothing,
  write({ id }, { line, pop3 }) {
    return answer(line, pop3.header(id), (mail) =>
      [`From: ${mail.From}`, `Date: ${mail.Date}`, `Subject: ${mail.Subject}`].join("\r\n"),
    );
  },
});

const FORMS: Readonly<Record<number, MailForm>> = { 1: "parsed", 2: "raw", 3: "both" };

const retrieve = defineCommand({
  name: "+POP3GET",
  summary: "Fetches a mail into the file system",
  spec: { document: "manual", section: "4.6" },
  kind: "detached",
  needsPin: true,
  parameters: [mailId, { kind: "int", name: "form", min: 1, max: 3, optional: true }],
  test: nothing,
  async write({ id, form = 1 }, { line, pop3 }) {
    const ready = await pop3.verify();
    if ("failure" in ready) return refuse(ready.failure, line);
    line.afterwards(() => pop3.retrieve(id, FORMS[form] ?? "parsed"));
    return "OK";
  },
});

const mark = defineCommand({
  name: "+POP3DEL",
  summary: "Marks a mail; it is deleted at log-out",
  spec: { document: "manual", section: "4.7" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [mailId],
  test: nothing,
  write: ({ id }, { line, pop3 }) => answer(line, pop3.delete(id), success),
});

const logOut = defineCommand({
  name: "+POP3OUT",
  summary: "Logs out; the server deletes the marked mails",
  spec: { document: "manual", section: "4.8" },
  kind: "asynchronous",
  needsPin: true,
  parameters: [],
  execute: ({ line, pop3 }) => answer(line, pop3.logOut(), success),
});

const stop = defineCommand({
  name: "+POP3STOP",
  summary:
    "Drops the session and what runs; nothing is deleted, and a command that it ends has no result code of its own",
  spec: { document: "manual", section: "4.9" },
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  async execute({ pop3 }) {
    return (await pop3.stop()) ? "OK" : "ERROR";
  },
});

/** Prints a file byte for byte, as one information response. */
async function printMail(path: EfsPath | undefined, { line, efs, pop3 }: ModemContext): Promise<Result> {
  if (path === undefined || pop3.busy) return "ERROR";
  try {
    const reader = await efs.openReader(path);
    try {
      await line.response(() => reader.read(line.signal));
    } finally {
      await reader.close();
    }
    return "OK";
  } catch (error) {
    if (error instanceof EfsError) return "ERROR";
    throw error;
  }
}

const read = defineCommand({
  name: "+POP3READ",
  summary: "Prints a mail from the file system; alone, the one fetched last",
  spec: { document: "manual", section: "4.10" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "location", min: 0, max: 1 },
    { kind: "string", name: "file", minLength: 1, maxLength: 254 },
  ],
  test: nothing,
  write({ location, file }, modem) {
    const name = decodeName(Buffer.from(file, "latin1"));
    return printMail(mailPath(location === 1 ? "D" : "C", name), modem);
  },
  execute: (modem) => printMail(modem.pop3.lastMail, modem),
});

/** Manual chapter 4. */
export const pop3Commands: readonly Command[] = [
  account,
  logIn,
  count,
  list,
  header,
  retrieve,
  mark,
  logOut,
  stop,
  read,
];
