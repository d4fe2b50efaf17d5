import type { References } from "./command-reference.ts";

const OFF_ON = { 0: "off", 1: "on" };

/** Identification, power, battery and clock. */
export const statusReference: References = {
  I: {
    parameters: { value: "ignored" },
    responses: ["Manufacturer: <name>", "Model: <name>", "Revision: <text>", "IMEI: <15 digits>", "+GCAP: <list>"],
    example: ["ATI"],
  },
  "+GMI": { responses: ["<manufacturer>"] },
  "+GMM": { responses: ["<model>"] },
  "+GMR": { responses: ["+GMR: <revision>"] },
  "+GSN": { responses: ["<IMEI, 15 digits>"] },
  "+GCAP": { responses: ["+GCAP: <list>"] },
  "+SIMEI": { responses: ["+SIMEI: <15 digits>"] },
  "+CGMI": { responses: ["<manufacturer>"] },
  "+CGMM": { responses: ["<model>"] },
  "+CGMR": { responses: ["+CGMR: <revision>"] },
  "+CGSN": { responses: ["<IMEI, 15 digits>"] },
  "+CMEE": {
    parameters: { value: { 0: "ERROR alone", 1: "+CME ERROR: <number>", 2: "+CME ERROR: <text>" } },
    example: ["AT+CMEE?", "AT+CMEE=1"],
  },
  "+CFUN": {
    parameters: {
      level: { 0: "least", 1: "full", 4: "radio off", 5: "factory test", 6: "restarts the module", 7: "offline" },
      reset: { 0: "no restart", 1: "restarts the module" },
    },
    responses: ["+CFUN: <level>"],
    example: ["AT+CFUN?", "AT+CFUN=1"],
  },
  "+CPOF": { example: ["AT+CPOF"] },
  "+CRESET": { example: ["AT+CRESET"] },
  "+REBOOT": { example: ["AT+REBOOT"] },
  "+CBC": { responses: ["+CBC: <0 powered by the battery>,<percent>,<voltage>V"] },
  "+CPWRONCHK": { example: ["AT+CPWRONCHK?"] },
  "+STK": { parameters: { value: OFF_ON } },
  "+CRUS": { parameters: { value: OFF_ON } },
  "+CCLK": {
    parameters: { time: '"yy/MM/dd,hh:mm:ss+zz", the zone in quarters of an hour' },
    responses: ['+CCLK: "<time>"'],
    example: ['AT+CCLK="26/01/31,12:30:00+04"', "AT+CCLK?"],
  },
  "+CSCS": {
    parameters: { charset: { IRA: "ASCII", GSM: "the GSM alphabet", UCS2: "four hexadecimal digits a character" } },
    responses: ['+CSCS: "<charset>"'],
    example: ["AT+CSCS?", 'AT+CSCS="IRA"'],
  },
  "+CTZU": { parameters: { value: OFF_ON } },
  "+CTZR": { parameters: { value: OFF_ON }, urcs: { "+CTZV: <zone>": "the network has told another time zone" } },
};
