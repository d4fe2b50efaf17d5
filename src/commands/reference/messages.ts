import type { References } from "./command-reference.ts";

const STORAGE = { SM: "the SIM", ME: "the module", MT: "both" };
const OFF_ON = { 0: "off", 1: "on" };
const INDEX = "place in the storage";
const TYPE = "129 unknown, 145 international";
const SELF = ["AT+CMGF=1", 'AT+CMGS="+15555550142"', { data: "Hello" }] as const;

/** Short messages. */
export const messageReference: References = {
  "+CPMS": {
    parameters: { read: STORAGE, write: STORAGE, receive: STORAGE },
    responses: ["+CPMS: <used>,<room>,<used>,<room>,<used>,<room>"],
    example: ["AT+CPMS?", 'AT+CPMS="SM"'],
  },
  "+CSCA": {
    parameters: { number: "with + and country code", type: TYPE },
    responses: ['+CSCA: "<number>",<type>'],
    example: ["AT+CSCA?"],
  },
  "+CSMS": {
    parameters: { service: { 0: "as 27.005 phase 2" } },
    responses: ["+CSMS: <service>,1,1,0"],
    example: ["AT+CSMS=0"],
  },
  "+CMGF": { parameters: { value: { 0: "PDU mode", 1: "text mode" } }, example: ["AT+CMGF?", "AT+CMGF=1"] },
  "+CSDH": { parameters: { value: OFF_ON } },
  "+CMMS": { parameters: { value: { 0: "no", 1: "until no message follows for a while", 2: "yes" } } },
  "+CNMI": {
    parameters: {
      "+CNMI": "0 to 2: whether reports wait while the line is online",
      "+CNMI:1": { 0: "nothing", 1: "+CMTI with the place", 2: "+CMT with the message", 3: "as 2; classes apart" },
      "+CNMI:2": "broadcasts: 0 are not told",
      "+CNMI:3": "status reports: 0 are not told",
      "+CNMI:4": "what waited: 0 is printed, 1 dropped",
    },
    responses: ["+CNMI: <mode>,<mt>,<bm>,<ds>,<bfr>"],
    urcs: {
      '+CMTI: "<storage>",<index>': "a message was stored",
      "+CMT: ...": "a message has come, with its text or PDU",
    },
    example: ["AT+CNMI?", "AT+CNMI=2,1"],
  },
  "+CSMP": {
    parameters: {
      "+CSMP": "first octet",
      "+CSMP:1": "validity",
      "+CSMP:2": "protocol identifier",
      "+CSMP:3": "data coding scheme",
    },
    responses: ["+CSMP: <fo>,<vp>,<pid>,<dcs>"],
    example: ["AT+CSMP?", "AT+CSMP=17,167,0,0"],
  },
  "+CMGL": {
    parameters: { state: 'text mode: "REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"; PDU mode: 0 to 4' },
    responses: ['+CMGL: <index>,"<state>","<number>",...', "<text>"],
    codes: { "+CMS ERROR: 302": "the state is not one of these" },
    example: ["AT+CMGF=1", 'AT+CMGL="ALL"'],
  },
  "+CMGR": {
    parameters: { index: INDEX },
    responses: ['+CMGR: "<state>","<number>",...', "<text>"],
    codes: { "+CMS ERROR: 321": "there is no message there" },
    example: ["AT+CMEE=1", "AT+CMGF=1", "AT+CMGR=0"],
  },
  "+CMGD": {
    parameters: {
      index: INDEX,
      which: { 0: "that one", 1: "all read ones", 2: "read and sent", 3: "read, sent and unsent", 4: "all" },
    },
    example: ["AT+CMGD=0,4"],
  },
  "+CMGS": {
    parameters: {
      destination: "text mode: the number; PDU mode: octets of the PDU without the service centre",
      type: TYPE,
    },
    responses: ["+CMGS: <reference>"],
    codes: {
      "+CMS ERROR: 304": "the PDU is wrong",
      "+CMS ERROR: 305": "the text or number is wrong",
      "+CMS ERROR: 331": "there is no network",
    },
    entry: "text",
    example: [...SELF],
  },
};
