import fc from "fast-check";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { fileName } from "../../src/mime/read/file-name.ts";
import { cutAt } from "../support/cut.ts";
import { oddMail } from "../support/odd-mail.ts";
import { readWholeMail } from "../support/read-whole-mail.ts";

test("messages in odd forms are read as postal-mime reads them", async () => {
  let names = 0;
  await fc.assert(
    fc.asyncProperty(oddMail, fc.array(fc.nat(), { maxLength: 3 }), async ({ raw }, places) => {
      const theirs = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
      const ours = readWholeMail(cutAt(raw, places));
      expect(ours.text).toBe(theirs.text?.trimEnd());
      const html = ours.files.filter(({ type }) => type === "text/html").map(({ data }) => data);
      expect(html).toEqual(theirs.html === undefined ? [] : [theirs.html.trimEnd()]);
      const files = theirs.attachments.map(({ filename, mimeType, content }) => ({
        name: fileName(filename ?? ""),
        type: mimeType,
        data: Buffer.from(content as ArrayBuffer).toString("latin1"),
      }));
      expect(ours.files.filter(({ type }) => type !== "text/html")).toEqual(files);
      names += files.filter(({ name }) => name !== "").length;
    }),
    { numRuns: 500 },
  );
  expect(names).toBeGreaterThan(500);
});
