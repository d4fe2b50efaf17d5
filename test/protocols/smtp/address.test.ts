import { expect, test } from "vitest";
import { isSmtpAddress } from "../../../src/protocols/smtp/session.ts";

test.each([
  "",
  "a@b.example",
  "postmaster",
  "a+b_c=d{e}|f~!#$%&'*/?^`@[IPv6:::1]",
  '"a b"@c.example',
  '"<a>"@c.example',
  '"a\\"b\\\\"@c.example',
  '""@c.example',
  'a."b c".d@e.example',
])("SMTP carries %j", (address) => {
  expect(isSmtpAddress(address)).toBe(true);
});

test.each([
  "<a@b.example>",
  "a@b.example>",
  "a@b> SIZE=1 <",
  "a b@c.example",
  " a@b.example",
  "a@b.example ",
  "a\t@b.example",
  "a@b\r\nRCPT TO:<c@d>",
  "a\0@b",
  "a\x7f@b",
  "\xe4@b.example",
  "a@\u043f.example",
  '"a@b.example',
  'a"@b.example',
  '"a\\"@b.example',
  '"a\tb"@c.example',
  '"a\nb"@c.example',
  '"\xe4"@c.example',
  '"a"b c@d.example',
])("SMTP does not carry %j", (address) => {
  expect(isSmtpAddress(address)).toBe(false);
});

test("a long address costs linear time", () => {
  expect(isSmtpAddress(`${'"a\\a"'.repeat(200_000)} `)).toBe(false);
});
