import fc from "fast-check";
import { expect, test } from "vitest";
import { DotStuffer } from "../../src/codec/dot-stuffing.ts";

function stuff(chunks: readonly string[]): string {
  const stuffer = new DotStuffer();
  const parts = chunks.map((chunk) => stuffer.push(Buffer.from(chunk, "latin1")));
  return Buffer.concat([...parts, stuffer.end()]).toString("latin1");
}

const rows: Array<[string, string]> = [
  ["", ".\r\n"],
  ["a\r\n", "a\r\n.\r\n"],
  ["a", "a\r\n.\r\n"],
  [".", "..\r\n.\r\n"],
  ["..\r\n.\r\na.b\r\n", "...\r\n..\r\na.b\r\n.\r\n"],
  ["\r\n.\r\n.\r\n", "\r\n..\r\n..\r\n.\r\n"],
  ["a\r\n..", "a\r\n...\r\n.\r\n"],
  ["a\r", "a\r\r\n.\r\n"],
  ["\r\r\n.", "\r\r\n..\r\n.\r\n"],
];

test.each(rows)("%j is sent as %j", (message, sent) => {
  expect(stuff([message])).toBe(sent);
});

test.each(rows)("%j split at every offset is sent as %j", (message, sent) => {
  for (let at = 0; at <= message.length; at++) expect(stuff([message.slice(0, at), message.slice(at)])).toBe(sent);
  expect(stuff([...message])).toBe(sent);
});

test("the dot alone on a line comes only at the end, and unstuffing gives the message", () => {
  const soup = fc.array(fc.constantFrom("\r", "\n", ".", "\r\n.", "x"), { maxLength: 40 });
  fc.assert(
    fc.property(soup, (chunks) => {
      const sent = stuff(chunks);
      expect(`\r\n${sent}`.indexOf("\r\n.\r\n")).toBe(sent.length - 3);
      const message = chunks.join("");
      const whole = message === "" || message.endsWith("\r\n") ? message : `${message}\r\n`;
      expect(`\r\n${sent}`.slice(0, -3).replaceAll("\r\n.", "\r\n")).toBe(`\r\n${whole}`);
    }),
  );
});
