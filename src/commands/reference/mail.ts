import type { CommandReference, References } from "./command-reference.ts";

const NETWORK = {
  "NETWORK ERROR": "the server's name or the server cannot be reached, or the connection broke",
  "SERVER ERROR": "the server refused, closed early or was silent",
};
const SMTP_CODES = {
  ...NETWORK,
  "PARAM ERROR": "server, sender or recipient is missing, or an attachment is gone",
  OVERSIZE: "the attachments are too large",
  "AUTH REQUIRED": "the server asks for a log-in",
  "AUTH ERROR": "it does not accept this one",
};
const POP3_CODES = { ...NETWORK, "INVALID UN": "the user is refused", "INVALID UNPWD": "the password is refused" };
const withPrefix = (prefix: string, codes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(codes).map(([code, when]) => [`${prefix}: ${code}`, when]));
const smtpCodes = withPrefix("+SMTP", SMTP_CODES);
const pop3Codes = withPrefix("+POP3", POP3_CODES);

const ADDRESS = { address: "user@host", name: "how it is called" };
const MAIL = [
  'AT+SMTPSRV="mail"',
  'AT+SMTPFROM="me@example.com"',
  'AT+SMTPRCPT=0,0,"user@example.com"',
  'AT+SMTPSUB="Hi"',
  'AT+SMTPBODY="Hello"',
] as const;
const LOGIN = ['AT+POP3SRV="mail","user","password"', "AT+POP3IN"] as const;
const MAIL_ID = "number of the mail, from 1";

const inSession = (...lines: readonly string[]): Pick<CommandReference, "codes" | "example"> => ({
  codes: pop3Codes,
  example: [...LOGIN, ...lines],
});

/** SMTP and POP3. */
export const mailReference: References = {
  "+SMTPSRV": {
    parameters: { host: "name or address", port: "TCP port (25)" },
    responses: ['+SMTPSRV: "<host>", <port>'],
    example: ['AT+SMTPSRV="mail",25', "AT+SMTPSRV?"],
  },
  "+SMTPAUTH": {
    parameters: { flag: { 0: "no log-in", 1: "log-in" }, user: "of the server", password: "of the user" },
    responses: ['+SMTPAUTH: <flag>, "<user>", "<password>"'],
    example: ['AT+SMTPAUTH=1,"user","password"', "AT+SMTPAUTH?"],
  },
  "+SMTPFROM": {
    parameters: ADDRESS,
    responses: ['+SMTPFROM: "<address>", "<name>"'],
    example: ['AT+SMTPFROM="me@example.com","Me"', "AT+SMTPFROM?"],
  },
  "+SMTPRCPT": {
    parameters: { kind: { 0: "TO", 1: "CC", 2: "BCC" }, index: "place in the list", ...ADDRESS },
    responses: ['+SMTPRCPT: <kind>, <index>, "<address>", "<name>"'],
    example: ['AT+SMTPRCPT=0,0,"user@example.com"', "AT+SMTPRCPT?"],
  },
  "+SMTPSUB": {
    parameters: { text: "in one line" },
    responses: ['+SMTPSUB: "<text>"'],
    example: ['AT+SMTPSUB="Hi"', "AT+SMTPSUB?"],
  },
  "+SMTPBODY": {
    parameters: { text: "without it the body is entered" },
    responses: ['+SMTPBODY: "<text>"'],
    entry: "text",
    example: ["AT+SMTPBODY", { data: "Hello" }, "AT+SMTPBODY?"],
  },
  "+SMTPBCH": {
    parameters: { charset: "like utf-8" },
    responses: ['+SMTPBCH: "<charset>"'],
    example: ['AT+SMTPBCH="utf-8"', "AT+SMTPBCH?"],
  },
  "+SMTPFILE": {
    parameters: { index: "place in the list", file: "path in the file system; without it the place becomes free" },
    responses: ['+SMTPFILE: <index>, "<file>", <size>'],
    codes: smtpCodes,
    example: ['AT+CFTRANRX="C:/note.txt",4', { data: "note" }, 'AT+SMTPFILE=1,"C:/note.txt"', "AT+SMTPFILE?"],
  },
  "+SMTPSEND": {
    responses: ["+SMTP: OK, once the server has let the module in", "+SMTPSEND: <1 while it sends>"],
    codes: smtpCodes,
    urcs: { "+SMTP: SUCCESS": "the mail was taken", "+SMTP: <code>": "it was not" },
    example: [...MAIL, "AT+SMTPSEND", { until: "+SMTP: SUCCESS" }],
  },
  "+SMTPSTOP": { codes: { ERROR: "nothing is being sent" } },
  "+POP3SRV": {
    parameters: { server: "name or address", user: "of the mailbox", password: "of the user", port: "TCP port (110)" },
    responses: ['+POP3SRV: "<server>", "<user>", "<password>", <port>'],
    example: [LOGIN[0], "AT+POP3SRV?"],
  },
  "+POP3IN": { responses: ["+POP3: SUCCESS", '+POP3IN: "<server>", or NULL without a session'], ...inSession() },
  "+POP3NUM": { responses: ["+POP3: <mails>, <bytes>"], ...inSession("AT+POP3NUM") },
  "+POP3LIST": {
    parameters: { id: MAIL_ID },
    responses: ["+POP3: <mails> <bytes>", "<id> <bytes>"],
    ...inSession("AT+POP3LIST"),
  },
  "+POP3HDR": {
    parameters: { id: MAIL_ID },
    responses: ["From: <text>", "Date: <text>", "Subject: <text>"],
    ...inSession("AT+POP3HDR=1"),
  },
  "+POP3GET": {
    parameters: { id: MAIL_ID, form: { 1: "parsed", 2: "the message as it is, .eml", 3: "both" } },
    codes: pop3Codes,
    urcs: {
      "+POP3: SUCCESS, then <directory>, <file>": "it is in the file system",
      "+POP3: FILE SYSTEM ERROR": "it does not fit",
      "+POP3: FAILURE": "it could not be fetched",
    },
    example: [...LOGIN, "AT+POP3GET=1", { until: ".TXT\r\n" }],
  },
  "+POP3DEL": { parameters: { id: MAIL_ID }, ...inSession("AT+POP3DEL=1") },
  "+POP3OUT": inSession("AT+POP3OUT"),
  "+POP3STOP": { codes: { ERROR: "there is no session" }, example: [...LOGIN, "AT+POP3STOP"] },
  "+POP3READ": {
    parameters: { location: { 0: "C:", 1: "D:" }, file: "<directory>/<file> below Email" },
    responses: ["the bytes of the file"],
    codes: { ERROR: "there is no such file" },
    example: [...LOGIN, "AT+POP3GET=1", { until: ".TXT\r\n" }, "AT+POP3READ"],
  },
};
