import type { References } from "./command-reference.ts";

const PATH = "of the server";
const DIRECTORY = "number of the directory of the EFS, 0 the current one";
const OFFSET = "the first byte to transfer";
const CODE = "<code: 0 done, 1 TLS, 3 busy, 4 closed, 5 time-out, 6 transfer, 8 parameter, 9 refused, 10 network>";
const CACHE = { 0: "printed as it comes", 1: "kept until AT+CFTPSCACHERD asks for it" };
const BUSY = "nobody is logged in, or another operation runs";
const EVENT = { "+CFTPS: RECV EVENT": "with cache: data have come where none waited" };
const NO_SESSION = "nobody is logged in";
const REFUSED = "the server refuses it, or nobody is logged in";

const start = ["AT+CFTPSSTART", { until: "+CFTPSSTART: 0" }] as const;
const loggedIn = [...start, 'AT+CFTPSLOGIN="ftp.example",21,"me","secret"', { until: "+CFTPSLOGIN: 0" }] as const;

const ended = (name: string) => ({ [`${name}: ${CODE}`]: "it has ended" });

/** The FTPS client. */
export const ftpsReference: References = {
  "+CFTPSSTART": { urcs: ended("+CFTPSSTART"), example: [...start] },
  "+CFTPSSTOP": { urcs: ended("+CFTPSSTOP"), example: [...start, "AT+CFTPSSTOP"] },
  "+CFTPSLOGIN": {
    parameters: {
      host: "name or address of the server",
      port: "its port",
      user: "name",
      password: "never sent where the server refuses to be secure",
      type: { 0: "plain FTP", 1: "AUTH SSL", 2: "AUTH TLS", 3: "implicit TLS" },
    },
    codes: { ERROR: "the client is not started, or logged in" },
    urcs: { ...ended("+CFTPSLOGIN"), "+CFTPSNOTIFY: PEER CLOSED": "the server has ended the session" },
    example: [...loggedIn],
  },
  "+CFTPSLOGOUT": { urcs: ended("+CFTPSLOGOUT"), example: [...loggedIn, "AT+CFTPSLOGOUT"] },
  "+CFTPSTYPE": { parameters: { type: { A: "ASCII", I: "binary" } } },
  "+CFTPSMKD": { parameters: { path: PATH }, codes: { ERROR: REFUSED }, example: [...loggedIn, 'AT+CFTPSMKD="/new"'] },
  "+CFTPSRMD": { parameters: { path: PATH }, codes: { ERROR: REFUSED }, example: [...loggedIn, 'AT+CFTPSRMD="/none"'] },
  "+CFTPSDELE": {
    parameters: { path: PATH },
    codes: { ERROR: REFUSED },
    example: [...loggedIn, 'AT+CFTPSDELE="/test2.txt"'],
  },
  "+CFTPSCWD": { parameters: { path: PATH }, codes: { ERROR: REFUSED }, example: [...loggedIn, 'AT+CFTPSCWD="/pub"'] },
  "+CFTPSPWD": {
    responses: ['+CFTPSPWD: "<directory>"'],
    codes: { ERROR: NO_SESSION },
    example: [...loggedIn, "AT+CFTPSPWD"],
  },
  "+CFTPSSIZE": {
    parameters: { path: PATH },
    responses: ["+CFTPSSIZE: 0, <bytes>", "+CFTPSSIZE: <code>"],
    codes: { ERROR: REFUSED },
    example: [...loggedIn, 'AT+CFTPSSIZE="/test2.txt"'],
  },
  "+CFTPSSINGLEIP": {
    parameters: { single: { 0: "the address in the server's reply to PASV", 1: "the server's own address" } },
    responses: ["+CFTPSSINGLEIP:<single>"],
  },
  "+CFTPSTO": { parameters: { seconds: "for a connection, a reply or data" }, responses: ["+CFTPSTO: <seconds>"] },
  "+CFTPSSTATE": {
    responses: ["+CFTPSSTATE: <0 idle, 1 started, 2 logging in, 3 logged in, 4 logging out>,<operation, 0 none>"],
  },
  "+CFTPSABORT": {
    urcs: { "+CFTPSABORT: 0": "the session is dropped; what ran is not reported any more" },
    example: ["AT+CFTPSABORT"],
  },
  "+CFTPSGETFILE": {
    parameters: { path: PATH, directory: DIRECTORY, offset: OFFSET },
    codes: { ERROR: NO_SESSION },
    urcs: ended("+CFTPSGETFILE"),
    example: [...loggedIn, 'AT+CFTPSGETFILE="/test2.txt"', { until: "+CFTPSGETFILE: 0" }],
  },
  "+CFTPSPUTFILE": {
    parameters: { path: PATH, directory: DIRECTORY, offset: OFFSET },
    codes: { ERROR: NO_SESSION },
    urcs: ended("+CFTPSPUTFILE"),
    example: ['AT+CFTPSPUTFILE="/a.txt"'],
  },
  "+CFTPSGET": {
    parameters: { path: PATH, offset: OFFSET, cache: CACHE },
    responses: ["+CFTPSGET: DATA,<length>", `+CFTPSGET: ${CODE}`],
    codes: { ERROR: BUSY },
    urcs: EVENT,
    example: [...loggedIn, 'AT+CFTPSGET="/test2.txt"', { until: "+CFTPSGET: 0" }],
  },
  "+CFTPSLIST": {
    parameters: { path: `${PATH}; the current directory without it`, cache: CACHE },
    responses: ["+CFTPSLIST: DATA,<length>", `+CFTPSLIST: ${CODE}`],
    codes: { ERROR: BUSY },
    urcs: EVENT,
    example: [...loggedIn, 'AT+CFTPSLIST="/"', { until: "+CFTPSLIST: 0" }],
  },
  "+CFTPSCACHERD": {
    responses: ["+CFTPSCACHERD: <bytes>", "+CFTPSGET: DATA,<length>", "+CFTPSLIST: DATA,<length>"],
    urcs: { [`+CFTPSGET: ${CODE}`]: "all has been read", [`+CFTPSLIST: ${CODE}`]: "all has been read" },
    example: [
      ...[...loggedIn, 'AT+CFTPSGET="/test2.txt",0,1', { until: "+CFTPS: RECV EVENT" }],
      ...["AT+CFTPSCACHERD", { until: "+CFTPSGET: 0" }],
    ],
  },
  "+CFTPSPUT": {
    parameters: { path: `${PATH}; or the length of a further part`, length: "how many bytes follow", offset: OFFSET },
    responses: ["+CFTPSPUT: BEGIN", `+CFTPSPUT: ${CODE}`],
    codes: { ERROR: NO_SESSION },
    entry: "counted",
    example: [...loggedIn, 'AT+CFTPSPUT="/b.txt",5', { data: "hello" }, "AT+CFTPSPUT", { until: "+CFTPSPUT: 0" }],
  },
};
