import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MailParser } from "../../src/mime/read/mail.ts";

test.each([
  ["1-plain.eml", "Meter reading", "Hello John,", []],
  [
    "2-attachments.eml",
    "Daily report with a chart",
    "Voltage table and chart are attached. Temperature at noon: 31\xb0C, a long line that had to be cut.",
    ["voltage.csv 312", "chart.png 81"],
  ],
  [
    "3-encoded-names.eml",
    "=?utf-8?B?5rWL6K+V5oql5ZGK?=",
    Buffer.from("你好,报告见附件。").toString("latin1"),
    ["测试.txt 16", "报告 第一部分.dat 16", "boot.ini 6"],
  ],
  ["4-html.eml", "Tariffs for September", "One megabyte costs 2 \xe2\x82\xac in September.", ["PART001.htm 47"]],
])("%s", (name, subject, firstLine, files) => {
  const raw = readFileSync(join(import.meta.dirname, "../../fixtures/mail", name));
  const parser = new MailParser(["subject"]);
  const sizes = new Map<string, number>();
  let text = "";
  let open = "";
  for (const event of [...parser.push(raw), ...parser.end()]) {
    if (event.type === "text") text += event.bytes.toString("latin1");
    if (event.type === "file") open = event.name;
    if (event.type === "file" || event.type === "data") {
      sizes.set(open, (sizes.get(open) ?? 0) + (event.type === "data" ? event.bytes.length : 0));
    }
  }
  expect(parser.field("subject")).toBe(subject);
  expect(text.split(/\r?\n/)[0]).toBe(firstLine);
  expect([...sizes].map(([file, size]) => `${file} ${size}`)).toEqual(files);
});
