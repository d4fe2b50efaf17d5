import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { RigEvent } from "../../../src/rig/events.ts";
import { PageDocument, RecordPage } from "../../../src/rig/page/page-document.ts";
import { SummaryCollector } from "../../../src/rig/report/summary.ts";

const document = await PageDocument.forRecord();

/** The elements of a name, each with what its tag says and what stands in it. */
function elements(text: string, name: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(new RegExp(`<${name}([^>]*)>(.*?)</${name}>`, "gs"))].map(([, tag = "", content = ""]) => [
    tag,
    content,
  ]);
}

function pageOf(events: readonly RigEvent[], room: (text: string) => boolean = () => true): string {
  let text = "";
  const page = new RecordPage(document, (piece) => {
    if (!room(piece)) return false;
    text += piece;
    return true;
  });
  const collector = new SummaryCollector();
  page.begin();
  for (const event of events) {
    collector.look(event);
    page.line(`${JSON.stringify(event)}\n`);
  }
  page.end(collector.summary({ exitCode: 1 }));
  return text;
}

function recordIn(page: string): readonly RigEvent[] {
  return elements(page, "script")
    .filter(([tag]) => tag.includes('class="events"'))
    .flatMap(([, content]) => content.split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const inside = (name: string) => elements(document.text, name).find(([tag]) => tag === "")?.[1] ?? "";

test.each([
  ["a record", document, hash(inside("script")), hash(inside("style"))],
  ["a rig", await PageDocument.live(), "'self'", "'self'"],
])(
  "the policy of the page for %s allows its own style and script, and nothing from elsewhere",
  (_, { policy, text }, script, style) => {
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${script}`,
      `style-src ${style}`,
      "img-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(text).not.toMatch(/ (srcset|action|on\w+|style)=|url\(|@import/);
  },
);

test("the page for a rig holds no script and no style, the page for a record loads nothing", async () => {
  const { text } = await PageDocument.live();
  expect(elements(text, "script").map(([tag, content]) => [tag, content === ""])).toEqual([
    [' type="application/json" id="glossary"', false],
    [expect.stringMatching(/^ src="\/page\/[0-9a-f]{16}\/script\.js"$/), true],
  ]);
  expect(elements(text, "style")).toEqual([]);
  expect(document.text).not.toMatch(/ src=|rel="stylesheet"/);
});

test("a record inside is the record, whatever it holds", () => {
  const bytes = "</script><script>alert(1)</script><!--\u0003\u2028$&%data%";
  const events: RigEvent[] = [
    { seq: 1, at: 0.5, modem: "m1", type: "host", bytes },
    { seq: 2, at: 1, modem: "m1", type: "module", bytes: "\r\nOK\r\n" },
  ];
  const page = pageOf(events);
  expect(recordIn(page)).toEqual(events);
  expect(elements(page, "script").map(([tag]) => tag)).toEqual([
    ' type="application/json" id="glossary"',
    ' type="application/x-ndjson" class="events"',
    ' type="application/json" id="record"',
    "",
  ]);
});

test("a long record stands in blocks", () => {
  const events = Array.from(
    { length: 3000 },
    (_, index): RigEvent => ({ seq: index + 1, at: index, modem: "m1", type: "host", bytes: "x".repeat(400) }),
  );
  const page = pageOf(events);
  expect(recordIn(page)).toEqual(events);
  expect(page.split('class="events"').length - 1).toBe(6);
});

test("what a slow disk cannot take leaves the rest of the page whole", () => {
  const events = [1, 2, 3].map((seq): RigEvent => ({ seq, at: seq, type: "urc", text: `u${seq}` }));
  const page = pageOf(events, (text) => !text.includes("u1"));
  expect(recordIn(page)).toEqual(events.slice(1));
});

test("the glossary says what commands and error codes mean", () => {
  const [, text = ""] = elements(document.text, "script").find(([tag]) => tag.includes("glossary")) ?? [];
  expect(JSON.parse(text)).toMatchObject({
    commands: { "+CSQ": "Signal quality" },
    cme: { 213: "Invalid parameter" },
    cms: { 330: "SMSC address unknown" },
  });
});
