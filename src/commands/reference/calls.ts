import type { References } from "./command-reference.ts";

const OFF_ON = { 0: "off", 1: "on" };
const SAVE = { 0: "until power-off", 1: "kept" };
const VOLUME = "0 is silent, 8 the loudest";

const dialled = {
  OK: "a voice call is under way (the number ends in a semicolon)",
  CONNECT: "a data call is online",
  "NO CARRIER": "the call has ended, or was not answered",
  BUSY: "the far end is busy",
  "NO ANSWER": "nobody answers within S7",
};
const CALL_URCS = {
  "VOICE CALL: BEGIN": "the far end has answered, or the host has",
  "VOICE CALL: END: <time>": "it is over, after hhmmss",
};

/** Calls, and how they are set up. */
export const callReference: References = {
  D: {
    syntax: "ATD<digits>[<voice>]",
    parameters: {
      digits: "number; T, P, W and commas are allowed in it; *99# is a data call",
      voice: { ";": "a voice call" },
    },
    codes: dialled,
    urcs: CALL_URCS,
    example: ["ATD+15555550142;", { until: "VOICE CALL: BEGIN" }, "AT+CHUP"],
  },
  A: { codes: { OK: "the call is taken", "NO CARRIER": "nobody calls" }, urcs: CALL_URCS, example: ["ATA"] },
  H: { parameters: { value: "ignored" }, urcs: CALL_URCS, example: ["ATH"] },
  T: { example: ["ATT"] },
  P: { example: ["ATP"] },
  "+CHUP": { urcs: CALL_URCS },
  "+CLCC": {
    parameters: { value: { 0: "no reports", 1: "reports of changes" } },
    responses: ['+CLCC: <id>,<0 ours, 1 theirs>,<state>,<0 voice>,<0 no conference>,"<number>",<type>'],
    example: ["ATD+15555550142;", "AT+CLCC", "AT+CHUP"],
  },
  "+CPAS": { responses: ["+CPAS: <0 ready, 3 ringing, 4 in a call>"] },
  "+VTS": {
    parameters: { keys: "0-9, *, #, A-D, with commas between them", duration: "tenths of a second; 0 as AT+VTD says" },
    codes: { ERROR: "there is no call" },
    example: ["ATD+15555550142;", { until: "VOICE CALL: BEGIN" }, "AT+VTS=5", "AT+CHUP"],
  },
  "+VTD": { parameters: { value: "tenths of a second; 0 is the network's" } },
  "+CHLD": {
    parameters: {
      operation:
        "0 ends the held ones, 1 ends the active ones, 2 holds and takes, 3 joins, 4 connects them; 1N and 2N mean call N",
    },
    codes: { "+CME ERROR: 3": "there is no such call" },
    example: ["ATD+15555550142;", { until: "VOICE CALL: BEGIN" }, "AT+CHLD=2", "AT+CLCC", "AT+CHUP"],
  },
  "+CEER": { responses: ["+CEER: <why the last call ended>"] },
  "+DDET": { parameters: { value: OFF_ON }, urcs: { "+RXDTMF: <key>": "the far end has pressed a key" } },
  "+MORING": { parameters: { value: OFF_ON }, urcs: { "VOICE CALL: ALERTING": "the far end rings" } },
  "+CSTA": { parameters: { value: { 129: "unknown", 145: "international" } }, example: ["AT+CSTA?"] },
  "+FCLASS": { parameters: { value: { 0: "data" } } },
  "+CBST": {
    parameters: {
      "+CBST": "rate, by its number",
      "+CBST:1": { 0: "asynchronous" },
      "+CBST:2": { 0: "transparent", 1: "not transparent", 2: "rather transparent", 3: "rather not" },
    },
    example: ["AT+CBST?", "AT+CBST=0,0,1"],
  },
  "+CRLP": {
    parameters: {
      "+CRLP": "window towards the network",
      "+CRLP:1": "window from it",
      "+CRLP:2": "time before a repetition, in hundredths of a second",
      "+CRLP:3": "repetitions",
    },
    example: ["AT+CRLP?", "AT+CRLP=61,61,48,6"],
  },
  "+WS46": { parameters: { value: { 12: "GSM", 22: "UTRAN", 25: "both" } } },
  "+CRC": { parameters: { value: OFF_ON }, urcs: { "+CRING: VOICE": "a call rings, instead of RING" } },
  "+CVHU": { parameters: { value: { 0: "ATH ends them", 1: "ATH leaves them alone" } } },
  "+CLVL": { parameters: { value: VOLUME } },
  "+CRSL": { parameters: { value: VOLUME } },
  "+CALM": { parameters: { value: { 0: "rings", 1: "is silent" } } },
  "+CMUT": { parameters: { value: OFF_ON }, codes: { ERROR: "there is no call" }, example: ["AT+CMUT?"] },
  "+VMUTE": { parameters: { value: OFF_ON }, codes: { ERROR: "there is no call" }, example: ["AT+VMUTE?"] },
  "+CSDVC": {
    parameters: { device: { 1: "handset", 3: "loudspeaker", 4: "PCM" }, save: SAVE },
    responses: ["+CSDVC: <device>"],
    example: ["AT+CSDVC?", "AT+CSDVC=3"],
  },
  "+CPTONE": { parameters: { tone: "number of the tone; 0 stops it" }, example: ["AT+CPTONE=1"] },
  "+CLIP": {
    parameters: { value: OFF_ON },
    responses: ["+CLIP: <reports>,<1 the network has it>"],
    urcs: { '+CLIP: "<number>",<type>,,,"<name>",<validity>': "a call rings" },
  },
  "+CCWA": {
    parameters: {
      value: { 0: "no reports", 1: "reports" },
      mode: { 0: "a second call finds the module busy", 1: "it waits", 2: "asks" },
      class: "sum of classes; ignored",
    },
    responses: ["+CCWA: <reports>", "+CCWA: <1 active>,<class>"],
    codes: { "+CME ERROR: 30": "there is no network" },
    urcs: { '+CCWA: "<number>",<type>,<class>,"<name>",<validity>': "a call comes during another" },
    example: ["AT+CCWA=1,2"],
  },
  "+CLIR": {
    parameters: { value: { 0: "as subscribed", 1: "hidden", 2: "shown" } },
    responses: ["+CLIR: <value>,<subscription: 4 shown unless hidden>"],
    example: ["AT+CLIR?", "AT+CLIR=1"],
  },
  "+CCFC": {
    parameters: {
      reason: { 0: "always", 1: "busy", 2: "no reply", 3: "not reachable", 4: "all", 5: "all but always" },
      mode: { 0: "off", 1: "on", 2: "asks", 3: "registers a number", 4: "erases it" },
      number: "where calls go",
      type: "145 international, 129 other",
      class: "sum of classes; ignored",
      subaddress: "ignored",
      subaddressType: "ignored",
      time: "seconds that a call rings before it goes elsewhere",
    },
    responses: ["+CCFC: 0,255", '+CCFC: <1 on>,1,"<number>",<type>[,,,<time>]'],
    codes: { "+CME ERROR: 3": "no number is registered", "+CME ERROR: 30": "there is no network" },
    example: ['AT+CCFC=0,3,"+15555550199"', "AT+CCFC=0,2"],
  },
};
