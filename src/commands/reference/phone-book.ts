import type { References } from "./command-reference.ts";

const STORAGE = {
  SM: "the SIM",
  DC: "dialled calls",
  FD: "fixed dialling",
  LD: "last numbers dialled",
  MC: "missed calls",
  ME: "the module",
  RC: "received calls",
  EN: "emergency numbers",
  ON: "own numbers",
  SN: "service numbers",
};
const PLACE = "place in the storage, from 1";
const CODES = {
  "+CME ERROR: 21": "there is no such place",
};

/** The phone book. */
export const phoneBookReference: References = {
  "+CPBS": {
    parameters: { storage: STORAGE },
    responses: ['+CPBS: "<storage>",<used>,<room>'],
    example: ["AT+CPBS?", 'AT+CPBS="SM"'],
  },
  "+CPBR": {
    parameters: { first: PLACE, last: `${PLACE}; one entry without it` },
    responses: ['+CPBR: <index>,"<number>",<type>,"<name>"'],
    codes: CODES,
    example: ['AT+CPBW=1,"+15555550142",145,"James"', "AT+CPBR=1,10"],
  },
  "+CPBF": {
    parameters: { text: "part of the name, in either case" },
    responses: ['+CPBF: <index>,"<number>",<type>,"<name>"'],
    example: ['AT+CPBW=1,"+15555550142",145,"James"', 'AT+CPBF="jam"'],
  },
  "+CPBW": {
    parameters: {
      index: `${PLACE}; the first free one without it`,
      number: "removes the entry where it is left out",
      type: "129 unknown, 145 international",
      name: "at most 18 characters",
    },
    codes: {
      ...CODES,
      "+CME ERROR: 3": "the module writes this storage itself",
      "+CME ERROR: 20": "there is no free place",
      "+CME ERROR: 24": "the name is too long",
      "+CME ERROR: 26": "the number is too long",
      "+CME ERROR: 27": "the number is none",
    },
    example: ['AT+CPBW=1,"+15555550142",145,"James"', "AT+CPBW=1"],
  },
  "+CNUM": { responses: ['+CNUM: ["<name>"],"<number>",<type>'] },
};
