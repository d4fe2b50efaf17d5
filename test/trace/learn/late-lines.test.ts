import { expect, test } from "vitest";
import { LATEST, partLate } from "../../../src/trace/learn/late-lines.ts";

const OK = "\r\nOK\r\n";
const CREG = "\r\n+CREG: 1\r\n";

test.each<[string, string | undefined, readonly string[]]>([
  [OK + CREG, OK, ["+CREG: 1"]],
  [`\r\n+CSQ: 1,2\r\n${OK}${CREG}\r\nRING\r\n`, `\r\n+CSQ: 1,2\r\n${OK}`, ["+CREG: 1", "RING"]],
  [`\r\n+CME ERROR: SIM busy\r\n${CREG}`, "\r\n+CME ERROR: SIM busy\r\n", ["+CREG: 1"]],
  [OK, undefined, []],
  [CREG, undefined, []],
  [`${OK}+CREG: 1\r\n`, undefined, []],
  [`${OK}\r\n+CREG: 1`, undefined, []],
  [`${OK}\r\n\x00\r\n`, undefined, []],
  [`${OK}\r\n${"x".repeat(2049)}\r\n`, undefined, []],
  ["\r\n".repeat(4000), undefined, []],
  ["\r\nOK\r\n".repeat(2000).concat("x"), undefined, []],
])("%j is parted behind the result", (said, answer, late) => {
  const parted = partLate(said, []);
  expect(parted?.answer).toBe(answer);
  expect(parted?.late.map(({ text }) => text) ?? []).toEqual(late);
});

test("each line has the time of the piece that it is in, up to a limit", () => {
  const times = [
    { start: 0, after: 3 },
    { start: OK.length, after: 250.4 },
    { start: OK.length + CREG.length, after: 60_000 },
  ];
  expect(partLate(OK + CREG + CREG, times)?.late.map(({ after }) => after)).toEqual([250, LATEST]);
  expect(partLate(OK + CREG, times.slice(0, 1))?.late).toEqual([{ text: "+CREG: 1", after: 3 }]);
});
