import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HistoryFile, historyPath } from "../../../src/cli/console/history.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "vmodem-history-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test("lines are kept, newest first, each once, for the user alone", () => {
  const path = join(folder(), "a", "history");
  const history = new HistoryFile(path);
  for (const line of ["AT", "AT+CSQ", "", "AT"]) expect(history.add(line)).toBeUndefined();
  expect(new HistoryFile(path).load()).toEqual(["AT", "AT+CSQ"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(["AT+CPIN=1234", 'AT+CSQ;+SMTPAUTH=1,"me","secret"', ":set sim.pin=0000"])("%s is not written", (line) => {
  const path = join(folder(), "history");
  const history = new HistoryFile(path);
  history.add("AT");
  history.add(line);
  expect(readFileSync(path, "utf8")).toBe("AT\n");
});

test("a file that has grown is cut to the newest lines", () => {
  const path = join(folder(), "history");
  writeFileSync(path, Array.from({ length: 2500 }, (_, index) => `AT${index}\n`).join(""));
  expect(new HistoryFile(path).load()).toHaveLength(1000);
  expect(readFileSync(path, "utf8").split("\n").slice(-2)).toEqual(["AT2499", ""]);
  expect(new HistoryFile(path).load()).toHaveLength(1000);
});

test("a place that takes nothing is told once", () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  chmodSync(file, 0o600);
  const history = new HistoryFile(join(file, "history"));
  expect(history.load()).toEqual([]);
  expect(history.add("AT")).toMatch(
    /^the history is not kept: .*file\/history: (a part of the path is not a directory|file already exists)$/,
  );
  expect(history.add("AT")).toBeUndefined();
});

test("the file lies where XDG says", () => {
  expect(historyPath()).toMatch(/\/vmodem\/history$/);
});
