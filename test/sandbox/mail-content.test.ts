import { describe, expect, test } from "vitest";
import { readMail, readSubject } from "../../src/sandbox/mail-content.ts";

describe("the subject of a message, read without its body", () => {
  test.each([
    ["plain", "From: a@b\r\nSubject: hello\r\n\r\nbody\r\n", "hello"],
    ["in any case, behind blanks", "SUBJECT: \t hello\r\n\r\n", "hello"],
    ["folded", "Subject: one\r\n two\r\nTo: c@d\r\n\r\n", "one two"],
    ["in encoded words", "Subject: =?UTF-8?B?5rWL6K+V?=\r\n\r\n", "\u6d4b\u8bd5"],
    ["the first of two", "Subject: one\r\nSubject: two\r\n\r\n", "one"],
    ["with bare line feeds", "From: a@b\nSubject: hello\n\nbody", "hello"],
    ["in a message that is its header alone", "Subject: hello", "hello"],
    ["missing, while the body has such a line", "From: a@b\r\n\r\nSubject: body\r\n", ""],
    ["of nothing", "", ""],
  ])("%s", (_, text, subject) => {
    const raw = Buffer.from(text, "latin1");
    expect(readSubject(raw)).toBe(subject);
    expect(readMail(raw).subject).toBe(subject);
  });
});
