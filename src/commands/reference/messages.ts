import type { ExampleStep, References } from "./command-reference.ts";

const STORAGE = { ME: "the module", MT: "both", SM: "the SIM", SR: "status reports" };
const OFF_ON = { 0: "off", 1: "on" };
const INDEX = "place in the storage, from 0";
const TYPE = "129 unknown, 145 international";
const NUMBER = "number of the recipient";
const PART = {
  destination: NUMBER,
  a: "type of the number; may be left out without its comma",
  b: "reference, the same in all parts",
  c: "number of the part, from 1",
  d: "how many parts there are",
};
const TEXT = "in the character set of AT+CSCS";
const SENT = {
  "+CMS ERROR: 305": "the text or number is wrong, or too long for one message",
  "+CMS ERROR: 331": "there is no network",
};
const PLACES = { "+CMS ERROR: 321": "there is no such place" };
const WRITTEN = { "+CMS ERROR: 305": "the text or number is wrong", "+CMS ERROR: 322": "the storage is full" };
const SELF = ["AT+CMGF=1", 'AT+CMGS="+15555550142"', { data: "Hello" }] as const;
/** Stores a message at the first place. */
const STORED: readonly ExampleStep[] = ["AT+CMGF=1", 'AT+CMGWO="+15555550142","Hello"'];

/** Short messages. */
export const messageReference: References = {
  "+CPMS": {
    parameters: { read: STORAGE, write: STORAGE, receive: { ME: STORAGE.ME, SM: STORAGE.SM } },
    responses: ["+CPMS: <used>,<room>,<used>,<room>,<used>,<room>"],
    example: ["AT+CPMS?", 'AT+CPMS="SM"'],
  },
  "+CSCA": {
    parameters: { number: "with + and country code", type: TYPE },
    responses: ['+CSCA: "<number>",<type>'],
    example: ["AT+CSCA?"],
  },
  "+CSMS": {
    parameters: { value: { 0: "as 27.005 phase 2", 1: "phase 2+: AT+CNMA acknowledges what is printed" } },
    responses: ["+CSMS: <service>,1,1,0"],
    example: ["AT+CSMS=0"],
  },
  "+CNMA": {
    parameters: { answer: "ignored: 0, 1 received, 2 failed" },
    codes: { "+CMS ERROR: 340": "there is nothing to acknowledge" },
  },
  "+CMGF": { parameters: { value: { 0: "PDU mode", 1: "text mode" } }, example: ["AT+CMGF?", "AT+CMGF=1"] },
  "+CSDH": { parameters: { value: OFF_ON } },
  "+CMMS": { parameters: { value: { 0: "no", 1: "until no message follows for a while", 2: "yes" } } },
  "+CSALPHA": { parameters: { value: "kept, and without effect" } },
  "+CNMI": {
    parameters: {
      "+CNMI": "0 to 2: whether reports wait while the line is online",
      "+CNMI:1": { 0: "nothing", 1: "+CMTI with the place", 2: "+CMT with the message", 3: "as 1; class 3 as 2" },
      "+CNMI:2": "2 prints broadcasts",
      "+CNMI:3": { 0: "no status reports", 1: "+CDS with the report", 2: "+CDSI with the place" },
      "+CNMI:4": "what waited: 0 is printed, 1 dropped",
    },
    responses: ["+CNMI: <mode>,<mt>,<bm>,<ds>,<bfr>"],
    urcs: {
      '+CMTI: "<storage>",<index>': "a message was stored",
      "+CMT: ...": "a message has come, with its text or PDU",
      "+CDS: ...": "a message was delivered",
      '+CDSI: "SR",<index>': "the same, and the report was stored",
      "+SMS_FULL": "a message has found no place",
    },
    example: ["AT+CNMI?", "AT+CNMI=2,1"],
  },
  "+CSMP": {
    parameters: {
      "+CSMP": "first octet; 32 more asks for a status report",
      "+CSMP:1": "validity",
      "+CSMP:2": "protocol identifier",
      "+CSMP:3": "data coding scheme; 8 is UCS2, entered in hexadecimal",
    },
    responses: ["+CSMP: <fo>,<vp>,<pid>,<dcs>"],
    example: ["AT+CSMP?", "AT+CSMP=17,167,0,0"],
  },
  "+CMVP": { parameters: { validity: "as the second parameter of AT+CSMP" }, responses: ["+CMVP: <validity>"] },
  "+CSCB": {
    parameters: { mode: { 0: "these", 1: "not these" }, identifiers: "numbers and ranges", schemes: "the same" },
    responses: ['+CSCB: <mode>,"<identifiers>","<schemes>"'],
    urcs: {
      "+CBM: <serial>,<identifier>,<scheme>,<page>,<pages> and a line with the text, or +CBM: 88 and a line with the PDU":
        "a broadcast comes, and AT+CNMI prints them",
    },
    example: ['AT+CSCB=0,"50,100-102","0-3"', "AT+CSCB?"],
  },
  "+CMGL": {
    parameters: { state: 'text mode: "REC UNREAD", "REC READ", "STO UNSENT", "STO SENT", "ALL"; PDU mode: 0 to 4' },
    responses: ['+CMGL: <index>,"<state>","<number>",...', "<text>"],
    codes: {
      "+CMS ERROR: 305": "the state is not one of these (text mode)",
      "+CMS ERROR: 304": "the same in PDU mode",
    },
    example: ["AT+CMGF=1", 'AT+CMGL="ALL"'],
  },
  "+CMGR": {
    parameters: { index: INDEX },
    responses: ['+CMGR: "<state>","<number>",...', "<text>"],
    codes: { ...PLACES, OK: "alone: there is no message there" },
    example: [...STORED, "AT+CMGR=0"],
  },
  "+CMGRO": {
    parameters: { index: INDEX },
    responses: ['+CMGRO: "<state>","<number>",...', "<text>"],
    codes: PLACES,
    example: [...STORED, "AT+CMGRO=0"],
  },
  "+CMGRD": {
    parameters: { index: INDEX },
    responses: ['+CMGRD: "<state>","<number>",...', "<text>"],
    codes: PLACES,
    example: [...STORED, "AT+CMGRD=0"],
  },
  "+CMGREX": {
    parameters: { index: INDEX },
    responses: ['+CMGREX: "<state>","<number>",...,<reference>,<part>,<parts>', "<text>"],
    codes: PLACES,
    example: [...STORED, "AT+CMGREX=0"],
  },
  "+CMGMT": {
    parameters: { index: INDEX },
    codes: { "+CMS ERROR: 321": "there is no message there" },
    example: [...STORED, "AT+CMGMT=0"],
  },
  "+CMGD": {
    parameters: {
      index: INDEX,
      which: { 0: "that one", 1: "all read ones", 2: "read and sent", 3: "read, sent and unsent", 4: "all" },
    },
    codes: PLACES,
    example: ["AT+CMGD=,4"],
  },
  "+CMGS": {
    parameters: {
      destination: "text mode: the number; PDU mode: octets of the PDU without the service centre",
      type: TYPE,
    },
    responses: ["+CMGS: <reference>"],
    codes: { ...SENT, "+CMS ERROR: 304": "the PDU is wrong" },
    entry: "text",
    example: [...SELF],
  },
  "+CMGSO": {
    parameters: { destination: NUMBER, text: TEXT },
    responses: ["+CMGSO: <reference>"],
    codes: SENT,
    example: ['AT+CMGSO="+15555550142","Hello"'],
  },
  "+CMGSEX": {
    parameters: PART,
    responses: ["+CMGSEX: <reference of the message>"],
    codes: SENT,
    entry: "text",
    example: ["AT+CMGF=1", "AT+CMGENREF", 'AT+CMGSEX="+15555550142",190,1,1', { data: "Hello" }],
  },
  "+CMGENREF": { responses: ["+CMGENREF:<reference>"] },
  "+CMSS": {
    parameters: { index: INDEX, destination: "another number than the stored one", type: TYPE },
    responses: ["+CMSS: <reference>"],
    codes: {
      ...SENT,
      "+CMS ERROR: 302": "the message has no recipient",
      "+CMS ERROR: 321": "there is no message there",
    },
    example: [...STORED, "AT+CMSS=0"],
  },
  "+CMSSEX": {
    parameters: Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`index${index}`, INDEX])),
    responses: ["+CMSSEX: <reference>,<reference>,..."],
    codes: { "+CMS ERROR: 321": "there is no message there" },
    example: [...STORED, "AT+CMSSEX=0,0"],
  },
  "+CMGW": {
    parameters: {
      destination: "text mode: the number, or nothing; PDU mode: octets of the PDU without the service centre",
      type: `${TYPE}; PDU mode: the state, 0 to 3`,
      status: 'text mode: "STO UNSENT", "STO SENT", "REC UNREAD", "REC READ"',
    },
    responses: ["+CMGW: <index>"],
    codes: { ...WRITTEN, "+CMS ERROR: 304": "the PDU is wrong" },
    entry: "text",
    example: ["AT+CMGF=1", 'AT+CMGW="+15555550142"', { data: "Hello" }],
  },
  "+CMGWO": {
    parameters: { destination: NUMBER, text: TEXT },
    responses: ["+CMGWO: <index>"],
    codes: WRITTEN,
    example: ['AT+CMGWO="+15555550142","Hello"'],
  },
  "+CMGWEX": {
    parameters: PART,
    responses: ["+CMGWEX: <index>"],
    codes: WRITTEN,
    entry: "text",
    example: ["AT+CMGF=1", 'AT+CMGWEX="+15555550142",190,1,2', { data: "Hello" }],
  },
  "+CUSD": {
    parameters: {
      mode: { 0: "no reports", 1: "reports", 2: "ends the dialogue" },
      text: "code like *100#, or the answer that the network asks for",
      coding: "data coding scheme; 15 is the GSM alphabet, 72 UCS2",
    },
    codes: { "+CME ERROR: 30": "there is no network" },
    urcs: {
      '+CUSD: <state>[,"<text>",<coding>]':
        "the network has answered: 0 done, 1 asks, 2 ended the dialogue, 4 knows no such code, 5 had no answer in time",
    },
    example: ["AT+CUSD=1"],
  },
};
