import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LOG_LEVELS, lineLog } from "../../src/platform/log.ts";

const SRC = join(import.meta.dirname, "..", "..", "src");

test("a line is a JSON object with its level; records below the level are not written", () => {
  const lines: string[] = [];
  const log = lineLog("warn", (line) => lines.push(line));
  for (const level of LOG_LEVELS.slice(1)) log[level as "error"]({ event: "x", level: level.length });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 5, event: "x" },
    { level: 4, event: "x" },
  ]);
});

test("names of log events are words in lower case, joined by hyphens", () => {
  const names = readdirSync(SRC, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(join(SRC, file), "utf8");
      return [...text.matchAll(/(?:log\.\w+\(\{|type: "log",[^}]*?)\s*event: ["`]([^"`]*)["`]/g)].map(
        ([, name]) => name,
      );
    });
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !/^[a-z0-9]+(-([a-z0-9]+|\$\{[^}]+\}))*$/.test(name ?? ""))).toEqual([]);
});
