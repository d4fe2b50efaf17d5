import { DIALECTS, type Dialect, type DialectName } from "../../module/dialect.ts";

interface DialectNote {
  readonly commands: readonly string[];
  readonly what: string;
}

const PACKETS = ["+CHTTPACT", "+CFTPGET", "+CFTRANTX"];
const PROMPTS = ["+CHTTPACT", "+CFTPPUT", "+SMTPBODY", "+CFTRANRX", "+CMGS", "+CMGSEX", "+CMGW", "+CMGWEX"];
const ENTERING = ["+CMGS", "+CMGSEX", "+CMGW", "+CMGWEX"];
const SENDING = ["+CMGS", "+CMGSO", "+CMGSEX", "+CMSS", "+CMSSEX"];
const TRANSFERS = [
  "+CFTPGET",
  "+CFTPPUT",
  "+CFTPGETFILE",
  "+CFTPPUTFILE",
  "+CFTPLIST",
  "+CFTPMKD",
  "+CFTPRMD",
  "+CFTPDELE",
];

/** Which commands each difference between the dialects concerns. */
const NOTES: Readonly<Record<keyof Dialect, DialectNote>> = {
  packetSeparator: { commands: PACKETS, what: "between DATA and the length" },
  packetSize: { commands: PACKETS, what: "most bytes of a packet" },
  packetsFilled: { commands: PACKETS, what: "packets are filled whatever pieces the data come in" },
  httpPayloadEscaped: { commands: ["+CHTTPACT"], what: "the response is ETX-escaped" },
  httpHeaderLowerCase: { commands: ["+CHTTPACT"], what: "the header of the response is in lower case" },
  httpErrorFinal: { commands: ["+CHTTPACT"], what: "ERROR follows +CHTTPACT: <code>" },
  putFailure: {
    commands: ["+CFTPPUT"],
    what: "a failure after BEGIN is +CME ERROR (cme), or +CFTPPUT: <code> and ERROR (code)",
  },
  pop3ListHead: { commands: ["+POP3LIST"], what: "head of the list: number and size of the mails, or bare" },
  pop3WrongPassword: { commands: ["+POP3IN"], what: "a refused password" },
  mailHeader: { commands: ["+POP3GET"], what: "header in the .TXT" },
  mailFileStamped: { commands: ["+POP3GET"], what: "the time is in the name of the .TXT" },
  colonSpace: { commands: ["+CFTPPORT", "+FSLS"], what: "after the colon" },
  packetGap: { commands: PACKETS, what: "milliseconds before each packet" },
  promptDelay: { commands: PROMPTS, what: "least milliseconds from the command to its prompt" },
  sendingTime: { commands: SENDING, what: "milliseconds until the network has a message" },
  networkClosingTime: { commands: ["+NETCLOSE"], what: "milliseconds until +NETCLOSE: 0" },
  searchTime: { commands: ["+COPS"], what: "milliseconds that a search for operators takes" },
  textPromptRepeated: { commands: ENTERING, what: "text mode prints the prompt again behind each CR" },
  ftpConnectTimeout: { commands: TRANSFERS, what: "code of a connection that is not answered" },
};

/** How a command differs from the manual in another dialect, a line for each property: `what: the manual's, the other's`. */
export function dialectNotes(command: string, dialect: DialectName): readonly string[] {
  const manual: Dialect = DIALECTS.manual;
  const other: Dialect = DIALECTS[dialect];
  return (Object.keys(NOTES) as (keyof Dialect)[])
    .filter((property) => NOTES[property].commands.includes(command) && manual[property] !== other[property])
    .map((property) => `${NOTES[property].what}: ${show(other[property])} (manual: ${show(manual[property])})`);
}

function show(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" || /^\w/.test(value) ? String(value) : JSON.stringify(value);
}
