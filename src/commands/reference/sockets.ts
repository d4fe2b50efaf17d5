import type { References } from "./command-reference.ts";

const LINK = "number of the link, 0 to 9";
const SERVER = "number of the server, 0 to 3";
const CLIENT = "number of the client";
const LENGTH = "how many bytes follow";
const SWITCH = { 0: "off", 1: "on" };
const OLDER = "the network is not open with the older command set, or there is no such connection";
const FAILED = "what the line before it says";
const IP_ERROR = "+IP ERROR: <text, or number with AT+CIPCCFG's errorText 0>";

const OPEN = ["AT+NETOPEN"] as const;
const LINKED = [...OPEN, 'AT+CIPOPEN=0,"TCP","echo.example",7', { until: "+CIPOPEN: 0,0" }] as const;
const CONNECTED = ['AT+NETOPEN="TCP"', 'AT+TCPCONNECT="echo.example",7'] as const;

/** Sockets of both generations. */
export const socketReference: References = {
  "+NETOPEN": {
    parameters: {
      protocol: "what the one connection is",
      port: "local port of a server or of UDP",
      mode: { 0: "one connection", 1: "ten links" },
    },
    responses: ["Network opened", "+NETOPEN: <state>,<mode>", IP_ERROR],
    urcs: {
      "+NETOPEN: <err>": "the network is open (0), or is not",
      "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY": "it is lost",
    },
    example: [...OPEN],
  },
  "+NETCLOSE": {
    responses: ["Network closed", "+NETCLOSE: <err>", IP_ERROR],
    urcs: { "+NETCLOSE: 0": "the network is closed", "+NETCLOSE: 1": "it is lost, with the older command set" },
    example: ['AT+NETOPEN="TCP",80', "AT+NETCLOSE"],
  },
  "+IPADDR": { responses: ["+IPADDR: <address>", IP_ERROR], example: [...OPEN, "AT+IPADDR"] },
  "+CIPMODE": { parameters: { mode: { 0: "commands", 1: "transparent" } } },
  "+CIPCCFG": {
    parameters: {
      retries: "ignored",
      delay: "ignored",
      acknowledge: "ignored",
      errorText: { 0: "+IP ERROR has a number", 1: "+IP ERROR has a text" },
      header: { 0: "+IPD<length>", 1: "+RECEIVE,<link>,<length>" },
      asynchronous: "ignored",
      timeout: "ignored",
    },
  },
  "+CIPTIMEOUT": {
    parameters: { network: "to open the network, in ms", open: "to open a link, in ms", send: "to send, in ms" },
  },
  "+CIPSENDMODE": { parameters: { mode: { 0: "does not wait", 1: "waits until the peer has taken the data" } } },
  "+CIPHEAD": { parameters: { header: SWITCH } },
  "+CIPSRIP": { parameters: { sender: SWITCH } },
  "+CIPENPSH": { parameters: { push: SWITCH } },
  "+CIPDNSSET": { parameters: { retries: "ignored", timeout: "of a look-up, in ms", networks: "ignored" } },
  "+CTCPKA": { parameters: { keepalive: SWITCH, silence: "before a probe, in minutes", probes: "ignored" } },
  "+CTCPFIN": { parameters: { mode: "ignored", time: "ignored" } },
  "+NETDORM": { parameters: { dormant: "ignored" } },
  "+CIPOPEN": {
    parameters: {
      link: LINK,
      protocol: "TCP or UDP",
      host: "name or address of the peer; UDP needs none",
      port: "port of the peer",
      localPort: "our port, for UDP; no two links have the same",
    },
    responses: ["Connect ok", "Connect fail", "CONNECT FAIL", "+CIPOPEN: <link>,<err>", IP_ERROR],
    codes: { CONNECT: "the link is transparent" },
    urcs: { "+CIPOPEN: <link>,<err>": "the link is open (0), or is not", "+IPCLOSE: <link>,<cause>": "it has ended" },
    example: [...LINKED],
  },
  "+TCPCONNECT": {
    parameters: { host: "name or address of the peer", port: "port of the peer" },
    responses: ["Connect ok", "Connect fail", "Connection is already created", IP_ERROR],
    example: [...CONNECTED],
  },
  "+CIPSEND": {
    parameters: {
      link: LINK,
      length: `${LENGTH}; up to Ctrl-Z without it`,
      peer: "address of a UDP peer, or the push flag",
      port: "its port",
    },
    responses: ["+CIPSEND: <link>,<length>,<taken>", "Send ok", "+CIPERROR: <err>", IP_ERROR],
    entry: "counted",
    example: [...LINKED, "AT+CIPSEND=0,5", { data: "hello" }],
  },
  "+TCPWRITE": {
    parameters: { length: LENGTH },
    responses: ["+TCPWRITE: <length>, <taken>", "Send ok", IP_ERROR],
    entry: "counted",
    example: [...CONNECTED, "AT+TCPWRITE=5", { data: "hello" }],
  },
  "+UDPSEND": {
    parameters: { length: LENGTH, host: "name or address of the peer", port: "its port" },
    responses: ["+UDPSEND: <length>, <taken>", IP_ERROR],
    entry: "counted",
    example: ['AT+NETOPEN="UDP",0', 'AT+UDPSEND=5,"192.0.2.1",9', { data: "hello" }],
  },
  "+CIPRXGET": {
    parameters: {
      mode: {
        0: "automatic",
        1: "manual",
        2: "gives bytes",
        3: "gives hexadecimal digits",
        4: "says how many bytes wait",
      },
      link: LINK,
      length: "how many bytes at most",
    },
    responses: ["+CIPRXGET: <mode>,<link>,<length>,<left>", "+CIPRXGET: 4,<link>,<waiting>", IP_ERROR],
    urcs: { "+CIPRXGET: 1,<link>": "data have come where none waited" },
    example: ["AT+CIPRXGET=1", "AT+CIPRXGET=4,0"],
  },
  "+CIPCLOSE": {
    parameters: { link: LINK },
    responses: ["+CIPCLOSE: <link>,<err: 0, or 4 where it is not open>", IP_ERROR],
    example: [...LINKED, "AT+CIPCLOSE=0"],
  },
  "+TCPCLOSE": { parameters: { link: LINK }, responses: [IP_ERROR], example: [...CONNECTED, "AT+TCPCLOSE"] },
  "+CIPSTAT": {
    parameters: { link: LINK },
    responses: ["+CIPSTAT: <sent>, <received>", "+CIPERROR: <err>"],
    example: [...LINKED, "AT+CIPSTAT=0"],
  },
  "+SERVERSTART": {
    parameters: { port: "to listen on", server: SERVER, backlog: "1 to 3, ignored" },
    responses: ["+SERVERSTART: <server>, <port>", "+SERVERSTART: LISTENING", "+CIPERROR: <err>", IP_ERROR],
    codes: { ERROR: FAILED },
    urcs: { "+CLIENT: <link>,<server>,<address>:<port>": "a client has connected" },
    example: ["AT+SERVERSTART?"],
  },
  "+SERVERSTOP": {
    parameters: { server: SERVER },
    responses: ["+SERVERSTOP: <server>,<err>"],
    codes: { ERROR: FAILED },
    example: [...OPEN, "AT+SERVERSTOP=0"],
  },
  "+LISTCLIENT": {
    responses: ["+LISTCLIENT: <client>, <address> , <port>", IP_ERROR],
    codes: { ERROR: OLDER },
    example: ["AT+LISTCLIENT"],
  },
  "+ACTCLIENT": { parameters: { client: CLIENT }, codes: { ERROR: OLDER }, example: ["AT+ACTCLIENT=0"] },
  "+CLOSECLIENT": { parameters: { client: CLIENT }, codes: { ERROR: OLDER }, example: ["AT+CLOSECLIENT=0"] },
  "+CDNSGIP": {
    parameters: { asked: "a name" },
    responses: ['+CDNSGIP: 1,"<name>","<address>"', "+CDNSGIP: 0,10"],
    example: ['AT+CDNSGIP="www.example.com"'],
  },
  "+CDNSGHNAME": {
    parameters: { asked: "an address" },
    responses: ['+CDNSGHNAME: 1,"<name>","<address>"', "+CDNSGHNAME: 0,10"],
    example: ['AT+CDNSGIP="www.example.com"', 'AT+CDNSGHNAME="198.18.0.1"'],
  },
  "+CPING": {
    parameters: {
      host: "name or address",
      type: "1, IPv4",
      count: "how many probes",
      size: "bytes of a probe",
      interval: "between two probes, in ms",
      wait: "for an answer, in ms",
      ttl: "time to live",
    },
    codes: { ERROR: "probes are on their way" },
    urcs: {
      "+CPING: 1,<address>,<size>,<ms>,<ttl>": "an answer",
      "+CPING: 2": "no answer in time",
      "+CPING: 3,<sent>,<received>,<lost>,<min>,<max>,<average>": "the end",
    },
    example: ['AT+CPING="www.example.com",1,1', { until: "+CPING: 3" }],
  },
  "+CPINGSTOP": {
    codes: { ERROR: "no probes are on their way" },
    example: ['AT+CPING="www.example.com",1', "AT+CPINGSTOP", { until: "+CPING: 3" }],
  },
};
