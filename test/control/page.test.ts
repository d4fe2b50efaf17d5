import { expect, test } from "vitest";
import { controlBench } from "../support/control-bench.ts";

const FILES = [
  ["script.js", / src="(\/page\/[0-9a-f]+\/script\.js)"/, "text/javascript; charset=utf-8"],
  ["style.css", / href="(\/page\/[0-9a-f]+\/style\.css)"/, "text/css; charset=utf-8"],
] as const;

test.each(FILES)("the page names its %s by version, and it may be kept", async (_, link, type) => {
  const { ask } = await controlBench({ token: "sesame" });
  const page = await ask("GET", "/");
  expect(page.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": expect.stringMatching(/ script-src 'self'; style-src 'self'; /),
  });
  const path = link.exec(page.text)?.[1] ?? "";
  const file = await ask("GET", path);
  expect(file.status).toBe(200);
  expect(file.headers).toMatchObject({
    "content-type": type,
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
  expect(file.text.length).toBeGreaterThan(1000);
});

test.each([
  "/page/0000000000000000/script.js",
  "/page/./style.css",
  "/page/%2e%2e/style.css",
  "/page/%2e%2e%2f%2e%2e%2fsrc%2fweb/style.css",
  "/page/%00/script.js",
])("%s is no file of the page", async (path) => {
  const { ask, failures } = await controlBench();
  const { status, json } = await ask("GET", path);
  expect([status, json.error.code]).toEqual([404, "not-found"]);
  expect(failures).toEqual([]);
});
