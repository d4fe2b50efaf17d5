import type { References } from "./command-reference.ts";

const PIN = "4 to 8 digits";
const CODES = {
  "+CME ERROR: 3": "no PIN is awaited, or the lock is off already",
  "+CME ERROR: 10": "there is no SIM",
  "+CME ERROR: 12": "the tries are used up: the PUK is needed",
  "+CME ERROR: 16": "the PIN or PUK is wrong",
};

/** The SIM. */
export const simReference: References = {
  "+CPIN": {
    parameters: { pin: `${PIN}; the PUK when that is asked for`, newPin: PIN },
    responses: ["+CPIN: READY", "+CPIN: SIM PIN", "+CPIN: SIM PUK"],
    codes: CODES,
    urcs: {
      "+CPIN: READY": "the SIM is ready",
      "SMS DONE": "its messages have been read",
      "PB DONE": "its phone book has been read",
    },
    example: ["AT+CPIN?"],
  },
  "+CPIN2": { responses: ["+CPIN2: READY"] },
  "+SPIC": { responses: ["+SPIC: <PIN tries>,<PUK tries>,<PIN2 tries>,<PUK2 tries>"] },
  "+CLCK": {
    parameters: {
      facility: { SC: "the SIM's PIN" },
      mode: { 0: "unlock", 1: "lock", 2: "ask" },
      password: PIN,
      class: "sum of classes; ignored",
    },
    responses: ["+CLCK: <0 unlocked, 1 locked>"],
    codes: CODES,
    example: ['AT+CLCK="SC",2', 'AT+CLCK="SC",1,"1234"'],
  },
  "+CPWD": {
    parameters: { facility: { SC: "the SIM's PIN" }, old: PIN, new: PIN },
    codes: CODES,
    example: ['AT+CLCK="SC",1,"1234"', 'AT+CPWD="SC","1234","4321"'],
  },
  "+CRSM": {
    parameters: {
      command: {
        176: "reads bytes",
        178: "reads a record",
        192: "reads the file's header",
        214: "writes bytes, which is refused",
        220: "writes a record, which is refused",
        242: "asks for the state",
      },
      file: "12258 ICCID, 28423 IMSI, 28464 preferred operators, 28480 own number, 28486 provider, 28589 administrative data",
      p1: "high byte of the offset, or the number of the record",
      p2: "low byte of the offset, or 4 with a record",
      p3: "length; 0 for the whole file",
      data: "hexadecimal; ignored",
      path: "ignored",
    },
    responses: [
      '+CRSM: <144,0: done>[,"<hexadecimal>"]',
      "+CRSM: <status bytes of a refusal, as 106,130: no such file>",
    ],
    codes: { "+CME ERROR: 50": "the file is missing" },
    example: ["AT+CRSM=176,12258,0,0,10"],
  },
  "+CSIM": {
    parameters: { length: "digits of the command", command: "hexadecimal, as it goes to the card" },
    responses: ["+CSIM: <digits>, <data and status bytes in hexadecimal>"],
    codes: { "+CME ERROR: 50": "the command is not hexadecimal, or not that long" },
    example: ['AT+CSIM=14,"00A40000022FE2"', 'AT+CSIM=10,"00B000000A"'],
  },
  "+CSPN": { responses: ['+CSPN: "<name>",<1: the network is not shown>'], example: ["AT+CSPN?"] },
  "+CIMI": { responses: ["<IMSI, 15 digits>"] },
  "+CCID": { responses: ["+ICCID: <19 or 20 digits>", '+CCID: "<19 or 20 digits>"'] },
  "+CICCID": { responses: ["+ICCID: <19 or 20 digits>"] },
};
