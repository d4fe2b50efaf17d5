import type { References } from "./command-reference.ts";

const REGISTRATION = { 0: "no reports", 1: "reports of the state", 2: "reports with area and cell" };
const STATES = "0 not registered, 1 home, 2 searching, 3 denied, 5 roaming";
const STRENGTH = "0 to 31 is -113 to -51 dBm, 99 unknown";
const CONTEXT = "number of the context";

const context = (name: string, dataCompression: Readonly<Record<number, string>>) => ({
  parameters: {
    cid: CONTEXT,
    type: { IP: "IPv4", PPP: "PPP", IPV6: "IPv6" },
    apn: "name of the access point",
    address: "what is asked for; the network gives one without it",
    dataCompression,
    headerCompression: "0 off, 1 on",
  },
  responses: [`${name}: <cid>,"<type>","<apn>","<address>",<dataCompression>,<headerCompression>`],
  example: [`AT${name}=1,"IP","internet"`, `AT${name}?`],
});

const logIn = (name: string) => ({
  parameters: {
    cid: CONTEXT,
    type: { 0: "none", 1: "PAP", 2: "CHAP", 3: "PAP or CHAP" },
    password: "of the access point",
    user: "of the access point",
  },
  responses: [`${name}: <cid>,<type>,"<user>"`],
  example: [`AT${name}=1,1,"password","user"`, `AT${name}?`],
});

/** Radio network and packet domain. */
export const networkReference: References = {
  "+CSQ": { responses: [`+CSQ: <rssi: ${STRENGTH}>,<ber: 0 to 7, 99 unknown>`] },
  "+CREG": {
    parameters: { value: REGISTRATION },
    responses: [`+CREG: <mode>,<state: ${STATES}>[,<lac>,<cell>]`],
    urcs: { "+CREG: <state>[,<lac>,<cell>]": "the registration has changed" },
  },
  "+CGREG": {
    parameters: { value: REGISTRATION },
    responses: [`+CGREG: <mode>,<state: ${STATES}>[,<lac>,<cell>]`],
    urcs: { "+CGREG: <state>[,<lac>,<cell>]": "the registration of the packet domain has changed" },
  },
  "+COPS": {
    parameters: {
      mode: {
        0: "automatic",
        1: "manual",
        2: "leaves the network",
        3: "sets the format only",
        4: "manual, then automatic",
      },
      format: { 0: "long name", 1: "short name", 2: "number" },
      operator: "in that format",
      technology: { 0: "GSM", 2: "UTRAN" },
    },
    responses: ['+COPS: <mode>[,<format>,"<operator>",<technology>]'],
    codes: { "+CME ERROR: 30": "there is no such network" },
    example: ["AT+COPS?", "AT+COPS=3,2", "AT+COPS?"],
  },
  "+CPSI": {
    parameters: { seconds: "between two reports; 0 stops them" },
    responses: ["+CPSI: <system>,<mode>,<operator>,..."],
    urcs: { "+CPSI: ...": "the time of a report has come" },
    example: ["AT+CPSI?"],
  },
  "+CNSMOD": {
    parameters: { value: { 0: "no reports", 1: "reports" } },
    responses: ["+CNSMOD: <reports>,<0 none, 1 GSM, 2 GPRS, 3 EGPRS, 4 WCDMA, 5 HSDPA, 6 HSUPA, 7 HSPA>"],
    urcs: { "+CNSMOD: <technology>": "the technology of the cell has changed" },
  },
  "+CPOL": {
    parameters: {
      place: "in the list; the first free one without it",
      format: { 0: "long name", 1: "short name", 2: "number" },
      operator: "in that format; without it the place becomes free",
      gsm: "0 no, 1 yes",
      gsmCompact: "0 no, 1 yes",
      utran: "0 no, 1 yes",
    },
    responses: ['+CPOL: <place>,2,"<number>",<gsm>,<gsmCompact>,<utran>'],
    codes: { "+CME ERROR: 20": "no place is free", "+CME ERROR: 22": "the name is not known" },
    example: ['AT+CPOL=2,2,"46001",0,0,1', "AT+CPOL?"],
  },
  "+COPN": { responses: ['+COPN: "<number>","<name>", a line for each'] },
  "*CNTI": {
    parameters: { what: { 0: "in use", 1: "of the network", 2: "of the module" } },
    responses: ["*CNTI: <what>,<GSM, GPRS, EDGE, UMTS, HSDPA, HSUPA or NONE>"],
    example: ["AT*CNTI?", "AT*CNTI=2"],
  },
  "+CCINFO": { responses: ["+CCINFO:[SCELL],...", "+CCINFO:[NCell1],..."], example: ["AT+CCINFO"] },
  "+CNBP": {
    parameters: { bands: "64 bits in hexadecimal, 0x and up to 16 digits; kept" },
    responses: ["+CNBP: <bands>"],
    example: ["AT+CNBP=0x0002000004400380", "AT+CNBP?"],
  },
  "+CNAOP": { parameters: { value: { 0: "automatic", 1: "GSM, WCDMA", 2: "WCDMA, GSM" } } },
  "+CNSDP": { parameters: { value: { 0: "circuits only", 1: "packets only", 2: "both" } } },
  "+CNMP": { parameters: { value: { 2: "any", 13: "GSM only", 14: "WCDMA only" } } },
  "+CGATT": {
    parameters: { state: { 0: "detached", 1: "attached" } },
    responses: ["+CGATT: <state>"],
    codes: { "+CME ERROR: 30": "there is no network" },
    example: ["AT+CGATT?", "AT+CGATT=1"],
  },
  "+CGDCONT": context("+CGDCONT", { 0: "off", 1: "on", 2: "V.42bis" }),
  "+CGSOCKCONT": context("+CGSOCKCONT", { 0: "off", 1: "on" }),
  "+CSOCKAUTH": logIn("+CSOCKAUTH"),
  "+CGAUTH": logIn("+CGAUTH"),
  "+CSOCKSETPN": {
    parameters: { cid: CONTEXT },
    responses: ["+CSOCKSETPN: <cid>"],
    example: ["AT+CSOCKSETPN=1", "AT+CSOCKSETPN?"],
  },
  "+CGACT": {
    parameters: { state: { 0: "deactivate", 1: "activate" }, cid: `${CONTEXT}; all without it` },
    responses: ["+CGACT: <cid>,<state>"],
    codes: { "+CME ERROR: 30": "there is no network" },
    example: ['AT+CGDCONT=1,"IP","internet"', "AT+CGACT=1,1", "AT+CGACT?"],
  },
  "+CGDATA": {
    parameters: { protocol: { PPP: "the only one" }, cid: `${CONTEXT}; 1 without it` },
    codes: {
      CONNECT: "the line carries PPP",
      "NO CARRIER": "there is no network, or no such context; or the call has ended",
    },
    example: ["AT+CGDATA=?"],
  },
  "+CGPADDR": {
    parameters: { cid: `${CONTEXT}; all without it` },
    responses: ['+CGPADDR: <cid>,"<address>"'],
    example: ['AT+CGDCONT=1,"IP","internet"', "AT+CGACT=1,1", "AT+CGPADDR=1"],
  },
};
