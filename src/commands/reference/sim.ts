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
  "+CSPN": { responses: ['+CSPN: "<name>",<1: the network is not shown>'], example: ["AT+CSPN?"] },
  "+CIMI": { responses: ["<IMSI, 15 digits>"] },
  "+CCID": { responses: ["+ICCID: <19 or 20 digits>", '+CCID: "<19 or 20 digits>"'] },
  "+CICCID": { responses: ["+ICCID: <19 or 20 digits>"] },
};
