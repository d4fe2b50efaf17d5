import { cmeErrorText } from "../../at/cme-error.ts";
import { FTP_CODES } from "../../services/ftp/code.ts";
import { HTTP_CODES } from "../../services/http/code.ts";
import type { CommandReference, References } from "./command-reference.ts";

/** The codes of a service with the texts of the manual, behind each of these words. */
function codes(table: Readonly<Record<string, number>>, ...words: readonly string[]): Readonly<Record<string, string>> {
  const failures = Object.values(table).filter((code) => code !== 0);
  return Object.fromEntries(words.flatMap((word) => failures.map((code) => [`${word}: ${code}`, cmeErrorText(code)])));
}

const PATH = "path on the server, from the directory of the log-in; {non-ascii} with hexadecimal digits";
const DIRECTORY = "directory of the file system: 0 the current one, 1 to 6 those of AT+CTXFILE";
const OFFSET = "byte at which it begins";
const SERVER = ['AT+CFTPSERV="ftp"', 'AT+CFTPUN="user"', 'AT+CFTPPW="password"', "AT+CFTPMODE=1"] as const;
const ERRORS = codes(FTP_CODES, "+CME ERROR");

const setting = (name: string, value: string, meaning: string): CommandReference => ({
  parameters: { text: meaning },
  responses: [`${name}: "<text>"`],
  codes: { "+CME ERROR: 202": cmeErrorText(FTP_CODES.busy) },
  example: [`AT${name}="${value}"`, `AT${name}?`],
});

const transfer = (name: string, ...example: NonNullable<CommandReference["example"]>): CommandReference => ({
  parameters: { path: PATH, directory: DIRECTORY, offset: OFFSET },
  codes: ERRORS,
  urcs: { [`${name}: 0`]: "the file is there", [`${name}: <code>`]: "it is not" },
  example: [...SERVER, ...example],
});

const download = (name: string, line: string): CommandReference => ({
  parameters: { path: PATH, offset: OFFSET },
  responses: [`${name}: DATA, <bytes>, then as many bytes`, `${name}: 0, or the code`],
  codes: ERRORS,
  example: [...SERVER, line, { until: `${name}: 0` }],
});

const change = (...example: readonly string[]): CommandReference => ({
  parameters: { path: PATH },
  codes: ERRORS,
  example: [...SERVER, ...example],
});

/** What `vmodem commands` says of the FTP and HTTP commands. */
export const ftpReference: References = {
  "+CFTPPORT": {
    parameters: { port: "TCP port (21)" },
    responses: ["+CFTPPORT: <port>"],
    example: ["AT+CFTPPORT=21", "AT+CFTPPORT?"],
  },
  "+CFTPMODE": {
    parameters: { mode: { 0: "active: the server connects", 1: "passive: the module connects" } },
    responses: ["+CFTPMODE: <mode>"],
  },
  "+CFTPTYPE": {
    parameters: { type: { I: "binary", A: "ASCII" } },
    responses: ["+CFTPTYPE: <type>"],
    example: ["AT+CFTPTYPE=I", "AT+CFTPTYPE?"],
  },
  "+CFTPSERV": setting("+CFTPSERV", "ftp", "name or address of the server"),
  "+CFTPUN": setting("+CFTPUN", "user", "name of the user"),
  "+CFTPPW": setting("+CFTPPW", "password", "password of the user"),
  "+CFTPGETFILE": transfer("+CFTPGETFILE", 'AT+CFTPGETFILE="/test2.txt",0', { until: "+CFTPGETFILE: 0" }),
  "+CFTPPUTFILE": transfer(
    "+CFTPPUTFILE",
    'AT+CFTRANRX="C:/note.txt",4',
    { data: "note" },
    "AT+FSCD=C:/",
    'AT+CFTPPUTFILE="/note.txt",0',
    { until: "+CFTPPUTFILE: 0" },
  ),
  "+CFTPGET": download("+CFTPGET", 'AT+CFTPGET="/test2.txt"'),
  "+CFTPPUT": {
    parameters: { path: PATH, offset: OFFSET },
    responses: ["+CFTPPUT: BEGIN"],
    codes: ERRORS,
    entry: "etx",
    example: [...SERVER, 'AT+CFTPPUT="/note.txt"', { data: "note" }],
  },
  "+CFTPLIST": { ...download("+CFTPLIST", 'AT+CFTPLIST="/"'), parameters: { path: PATH } },
  "+CFTPMKD": change('AT+CFTPMKD="/new"'),
  "+CFTPRMD": change('AT+CFTPMKD="/new"', 'AT+CFTPRMD="/new"'),
  "+CFTPDELE": change('AT+CFTPDELE="/test2.txt"'),
  "+CHTTPACT": {
    parameters: { address: "name or address of the server", port: "TCP port" },
    responses: ["+CHTTPACT: REQUEST"],
    codes: codes(HTTP_CODES, "+CME ERROR"),
    urcs: {
      "+CHTTPACT: DATA, <bytes>": "as many bytes of the response follow",
      "+CHTTPACT: 0": "the response is over",
      "+CHTTPACT: <code>": "it broke off",
    },
    entry: "etx",
    example: [
      'AT+CHTTPACT="www.mywebsite.com",80',
      { data: "GET /status/204 HTTP/1.1\r\nHost: www.mywebsite.com\r\n\r\n" },
      { until: "+CHTTPACT: 0" },
    ],
  },
};
