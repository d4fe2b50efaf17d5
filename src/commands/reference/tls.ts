import type { References } from "./command-reference.ts";

const CHANNEL = "number of the channel, 0 or 1";
const LENGTH = "how many bytes follow";
const HOST = "name or address of the server";
const PORT = "port of the server";
const FILE = "name of the file, .pem or .der";
const NO_SESSION = "there is no session, or it is not of that kind";
const NO_FILE = "there is no such file";

const SESSION = ["AT+CHTTPSSTART", 'AT+CHTTPSOPSE="www.example.com",443'] as const;
const OPENED = ["AT+CCHSTART", 'AT+CCHOPEN=0,"echo.example",7', { until: "+CCHOPEN: 0,0" }] as const;

/** HTTPS, channels of TLS and certificates. */
export const tlsReference: References = {
  "+CHTTPSSTOP": { codes: { ERROR: "nothing was started" }, example: ["AT+CHTTPSSTART", "AT+CHTTPSSTOP"] },
  "+CHTTPSOPSE": {
    parameters: { host: HOST, port: PORT, type: { 1: "without TLS", 2: "with TLS" } },
    codes: { ERROR: "the server cannot be reached, or its certificate is not trusted" },
    urcs: { "+CHTTPSNOTIFY: PEER CLOSED": "the server has ended the session" },
    example: [...SESSION],
  },
  "+CHTTPSSEND": {
    parameters: { length: LENGTH },
    responses: [
      "+CHTTPSSEND: <bytes that were not sent>",
      "+CHTTPSSEND: <code: 0 sent, 3 closed, 4 time-out, 5 failed>",
    ],
    codes: { ERROR: NO_SESSION },
    entry: "counted",
    example: [...SESSION, "AT+CHTTPSSEND=18", { data: "GET / HTTP/1.0\r\n\r\n" }],
  },
  "+CHTTPSRECV": {
    parameters: { length: "how many bytes at most; all without it" },
    responses: ["+CHTTPSRECV: LEN,<waiting>", "+CHTTPSRECV: DATA,<length>", "+CHTTPSRECV: 0"],
    codes: { ERROR: NO_SESSION },
    urcs: { "+CHTTPS: RECV EVENT": "data wait" },
    example: [...SESSION, "AT+CHTTPSRECV?"],
  },
  "+CHTTPSCLSE": { codes: { ERROR: NO_SESSION }, example: [...SESSION, "AT+CHTTPSCLSE"] },
  "+CHTTPSSTATE": { responses: ["+CHTTPSSTATE: <0 idle, 4 started, 6 opening, 7 open>"] },
  "+CCHSTART": {
    codes: { ERROR: "they are started" },
    urcs: { "+CCHSTART: 0": "they are started" },
    example: ["AT+CCHSTART"],
  },
  "+CCHSTOP": { codes: { ERROR: "they are not started" }, example: ["AT+CCHSTART", "AT+CCHSTOP"] },
  "+CCHSET": {
    parameters: {
      report: { 0: "no report", 1: "+CCHSEND after sending" },
      manual: { 0: "data come at once", 1: "data wait" },
    },
    codes: { ERROR: "the channels are started" },
    example: ["AT+CCHSET=1,1"],
  },
  "+CCHMODE": {
    parameters: { transparent: { 0: "AT+CCHSEND and AT+CCHRECV", 1: "channel 0 is led to the line" } },
    codes: { ERROR: "the channels are started" },
    example: ["AT+CCHMODE=1"],
  },
  "+CCHOPEN": {
    parameters: {
      channel: CHANNEL,
      host: HOST,
      port: PORT,
      type: { 0: "UDP", 1: "TCP", 2: "TLS" },
      bind: "our port, of UDP",
    },
    codes: { ERROR: "the channels are not started, or the channel is open" },
    urcs: {
      "+CCHOPEN: <channel>,<code>": "it is open (0), or is not",
      "+CCH_PEER_CLOSED: <channel>": "the server has ended it",
    },
    example: [...OPENED],
  },
  "+CCHSEND": {
    parameters: { channel: CHANNEL, length: LENGTH },
    codes: { ERROR: "the channel is not open" },
    urcs: { "+CCHSEND: <channel>,<code>": "it is sent, with AT+CCHSET=1" },
    entry: "counted",
    example: [...OPENED, "AT+CCHSEND=0,5", { data: "hello" }],
  },
  "+CCHRECV": {
    parameters: { channel: CHANNEL, length: "how many bytes at most; all without it" },
    responses: ["+CCHRECV: LEN,<waiting>,1,<waiting>", "+CCHRECV: DATA,<channel>,<length>", "+CCHRECV:<channel>, 0"],
    codes: { ERROR: "the channel is not open" },
    urcs: { "+CCHEVENT: <channel>,RECV EVENT": "data wait, with AT+CCHSET=<report>,1" },
    example: ["AT+CCHRECV?"],
  },
  "+CCHCLOSE": {
    parameters: { channel: CHANNEL },
    codes: { ERROR: "it is not open" },
    example: [...OPENED, "AT+CCHCLOSE=0"],
  },
  "+CCHADDR": {
    responses: ["+CCHADDR: <channel>,<address>"],
    codes: { ERROR: "no channel is open" },
    example: [...OPENED, "AT+CCHADDR"],
  },
  "+CCERTDOWN": {
    parameters: { file: FILE, length: LENGTH },
    codes: { ERROR: "the name is wrong, or the EFS is full" },
    entry: "counted",
    example: ['AT+CCERTDOWN="ca.pem",5', { data: "hello" }],
  },
  "+CCERTLIST": { responses: ['+CCERTLIST: "<file>"'] },
  "+CCERTDELE": { parameters: { file: FILE }, codes: { ERROR: NO_FILE }, example: ['AT+CCERTDELE="ca.pem"'] },
  "+CSSLCA": {
    parameters: { place: "of the authority, 0 to 3", file: FILE },
    codes: { ERROR: NO_FILE },
    example: ['AT+CSSLCA=0,"ca.pem"'],
  },
  "+CSSLCERT": {
    parameters: { file: FILE, index: "ignored" },
    codes: { ERROR: NO_FILE },
    example: ['AT+CSSLCERT="a.pem"'],
  },
  "+CSSLKEY": {
    parameters: { file: FILE, type: { 0: "RSA", 1: "DSA" } },
    codes: { ERROR: NO_FILE },
    example: ['AT+CSSLKEY="key.pem"'],
  },
  "+CSSLLOADCK": { codes: { ERROR: "certificate or key is missing" }, example: ["AT+CSSLLOADCK"] },
};
