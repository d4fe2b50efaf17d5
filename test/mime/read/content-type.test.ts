import { expect, test } from "vitest";
import { contentTypeOf } from "../../../src/mime/read/content-type.ts";

test.each([
  ["pic.jpg", "image/jpeg"],
  ["PIC.JPG", "image/jpeg"],
  ["log.2010.txt", "text/plain"],
  ["no extension", "application/octet-stream"],
  ["odd.xyz", "application/octet-stream"],
  ["ends.", "application/octet-stream"],
  ["", "application/octet-stream"],
  ["a.__proto__", "application/octet-stream"],
])("%j is %s", (name, type) => {
  expect(contentTypeOf(name)).toBe(type);
});
