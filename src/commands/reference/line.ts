import type { References } from "./command-reference.ts";

const OFF_ON = { 0: "off", 1: "on" };
const PROFILE = { 0: "the only profile" };
const ASCII = "code of the character in ASCII";
const RATE = "bit/s; 0 finds out the host's";

/** The line itself: V.250, and the ports of SIMCom's modules. */
export const lineReference: References = {
  E: { parameters: { value: OFF_ON }, example: ["ATE1"] },
  Q: { parameters: { value: { 0: "result codes are printed", 1: "they are not" } }, example: ["ATQ0"] },
  V: { parameters: { value: { 0: "numbers", 1: "words" } }, example: ["ATV1"] },
  X: { parameters: { value: "0 to 4: which result codes dialling prints" }, example: ["ATX1"] },
  L: { parameters: { value: "0 is the lowest" } },
  M: { parameters: { value: { 0: "off", 1: "on until there is a carrier", 2: "on" } } },
  "&C": {
    parameters: {
      value: { 0: "always on", 1: "follows the carrier", 2: "follows the carrier, with a pulse at its end" },
    },
  },
  "&D": { parameters: { value: { 0: "ignored", 1: "off: back to command mode", 2: "off: hangs up" } } },
  "&S": { parameters: { value: { 0: "always on", 1: "follows the carrier" } } },
  "\\V": { parameters: { value: { 0: "CONNECT alone", 1: "CONNECT with the rate" } } },
  Z: { parameters: { profile: PROFILE }, example: ["ATZ"] },
  "&F": { parameters: { profile: PROFILE }, example: ["AT&F"] },
  "&V": { responses: ["<name>: <value>; ..."] },
  "&W": { parameters: { profile: PROFILE }, example: ["AT&W"] },
  O: {
    parameters: { value: { 0: "the call that is suspended" } },
    codes: { CONNECT: "the host is online again", "NO CARRIER": "there is no call" },
  },
  S0: { parameters: { value: "rings; 0 does not answer" } },
  S2: { parameters: { value: ASCII } },
  S3: { parameters: { value: ASCII } },
  S4: { parameters: { value: ASCII } },
  S5: { parameters: { value: ASCII } },
  S6: { parameters: { value: "seconds" } },
  S7: { parameters: { value: "seconds" } },
  S8: { parameters: { value: "seconds" } },
  S10: { parameters: { value: "tenths of a second" } },
  S12: { parameters: { value: "fiftieths of a second" } },
  "+CLAC": { responses: ["AT<name>, a line for each command"] },
  "+IPR": { parameters: { value: RATE }, example: ["AT+IPR?", "AT+IPR=115200"] },
  "+IPREX": { parameters: { value: RATE }, example: ["AT+IPREX?", "AT+IPREX=115200"] },
  "+IPR2": { parameters: { value: "bit/s; nobody is on that UART" }, example: ["AT+IPR2?", "AT+IPR2=115200"] },
  "+CSUART": { parameters: { value: { 0: "three wires", 1: "seven" } } },
  "+CSCLK": { parameters: { value: { 0: "off", 1: "while DTR is off; has no effect" } } },
  "+CSCHN": { parameters: { value: "has no effect" } },
  "+CSRP": { parameters: { value: "has no effect" } },
  "+ICF": {
    parameters: {
      "+ICF": {
        1: "8 bits, 2 stops",
        2: "8 bits, parity, 1 stop",
        3: "8 bits, 1 stop",
        4: "7 bits, 2 stops",
        5: "7 bits, parity, 1 stop",
        6: "7 bits, 1 stop",
      },
      "+ICF:1": { 0: "odd", 1: "even", 2: "mark", 3: "space" },
    },
    responses: ["+ICF: <format>,<parity>"],
    example: ["AT+ICF?", "AT+ICF=3,3"],
  },
  "+IFC": {
    parameters: {
      "+IFC": { 0: "none", 1: "XON and XOFF", 2: "RTS" },
      "+IFC:1": { 0: "none", 1: "XON and XOFF", 2: "CTS" },
    },
    responses: ["+IFC: <from the DTE>,<from the DCE>"],
    codes: { ERROR: "AT+CGFUNC has switched the circuits of flow control off" },
    example: ["AT+IFC?", "AT+IFC=2,2"],
  },
  "+CATR": {
    parameters: {
      port: "0 every port, 1 the UART; others are not ours, and get what is unsolicited",
      save: { 0: "until power-off", 1: "kept" },
    },
    responses: ["+CATR: <port>"],
    example: ["AT+CATR?", "AT+CATR=1"],
  },
};
