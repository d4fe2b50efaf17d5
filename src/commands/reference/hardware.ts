import type { References } from "./command-reference.ts";

const OFF_ON = { 0: "off", 1: "on" };
const PIN = "number of the pin";
const UNKEPT = "the disk refuses to keep it";

/** The pins and supplies of the module. */
export const hardwareReference: References = {
  "+CGFUNC": {
    parameters: {
      function: "1 is the LED, 11 the circuits of flow control, which AT+IFC needs",
      value: { 0: "off", 1: "on; kept" },
    },
    responses: ["+CGFUNC: <value>"],
    codes: { ERROR: UNKEPT },
    example: ["AT+CGFUNC=11,1", "AT+CGFUNC=11"],
  },
  "+CGDRT": {
    parameters: { gpio: PIN, direction: { 0: "input", 1: "output" }, save: { 0: "until power-off", 1: "kept" } },
    codes: { ERROR: UNKEPT },
    example: ["AT+CGDRT=2,1"],
  },
  "+CGSETV": {
    parameters: { gpio: PIN, level: { 0: "low", 1: "high" } },
    example: ["AT+CGDRT=2,1", "AT+CGSETV=2,1", "AT+CGGETV=2"],
  },
  "+CGGETV": {
    parameters: { gpio: PIN },
    responses: ["+CGGETV: <level: that of the board on an input>"],
    example: ["AT+CGGETV=2"],
  },
  "+CVAUXV": { parameters: { value: "units of 50 mV" }, example: ["AT+CVAUXV?", "AT+CVAUXV=40"] },
  "+CVAUXS": { parameters: { value: OFF_ON } },
  "+CADC": {
    parameters: { what: { 0: "as the converter has it", 1: "degrees Celsius", 2: "millivolts" } },
    responses: ["+CADC: <value>", "+CADC: 1,<value>"],
    example: ["AT+CADC=2", "AT+CADC?"],
  },
  "+CMTE": {
    parameters: { value: "ignored" },
    responses: ["+CMTE: <degrees Celsius>"],
    example: ["AT+CMTE=1", "AT+CMTE?"],
  },
  "+CVALARM": {
    parameters: { "+CVALARM": OFF_ON, "+CVALARM:1": "millivolts; no alarm comes" },
    responses: ["+CVALARM: <alarm>,<voltage>"],
    example: ["AT+CVALARM?", "AT+CVALARM=1,3300"],
  },
};
