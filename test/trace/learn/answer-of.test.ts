import { expect, test } from "vitest";
import { answerOf } from "../../../src/trace/learn/answer-of.ts";

test.each<[string, number, unknown]>([
  ["\r\nOK\r\n", 2, { lines: [], result: "OK" }],
  ["\r\n+CSQ: 1,2\r\n\r\nOK\r\n", 2, { lines: ["+CSQ: 1,2"], result: "OK" }],
  ["\r\na\r\nb\r\n\r\nOK\r\n", 2, { lines: ["a", "b"], result: "OK" }],
  ["\r\na\r\n\r\nb\r\n\r\nERROR\r\n", 2, { lines: ["a", "", "b"], result: "ERROR" }],
  ["\r\n+CME ERROR: SIM busy\r\n", 2, { lines: [], result: "+CME ERROR: 14" }],
  ["\r\n+CME ERROR: 14\r\n", 1, { lines: [], result: "+CME ERROR: 14" }],
  ["\r\n+CMS ERROR: 500\r\n", 1, { lines: [], result: "+CMS ERROR: 500" }],
  // What our module would print otherwise is printed as a line.
  ["\r\n+CME ERROR: 14\r\n", 2, { lines: ["+CME ERROR: 14"], result: "NONE" }],
  ["\r\n+CME ERROR: SIM lost in post\r\n", 2, { lines: ["+CME ERROR: SIM lost in post"], result: "NONE" }],
  ["\r\na\r\n\r\n+CME ERROR: 14\r\n", 0, { lines: ["a", "", "+CME ERROR: 14"], result: "NONE" }],
  ["\r\na\r\n", 2, { lines: ["a"], result: "NONE" }],
  ["", 2, { lines: [], result: "NONE" }],
  ["\r\na\tb\nc\n\r\n\r\nOK\r\n", 2, { lines: ["a\tb\nc\n"], result: "OK" }],
  ["\r\n> ", 2, undefined],
  ["OK\r\n", 2, undefined],
  ["\r\nOK\r\n\r\n+CREG: 1\r\n", 2, { lines: ["OK", "", "+CREG: 1"], result: "NONE" }],
  ["\r\n\x00\r\n\r\nOK\r\n", 2, undefined],
])("%j at AT+CMEE=%i", (said, level, answer) => {
  expect(answerOf(said, level)).toEqual(answer);
});
