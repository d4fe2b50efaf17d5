import { expect, test } from "vitest";
import { ReverseSearch } from "../../../src/cli/console/reverse-search.ts";

const LINES = ["AT+CSQ", "AT+CMGF=1", "AT+CSQ=?", "AT+CMGF=0", "AT+CSQ"];

test("nothing is typed, nothing is found", () => {
  expect(new ReverseSearch(LINES).match).toBeUndefined();
});

test("the newest line that holds what is typed is found, in either case", () => {
  const search = new ReverseSearch(LINES);
  search.type("c");
  expect(search.match).toBe("AT+CSQ");
  search.type("mg");
  expect(search.match).toBe("AT+CMGF=1");
});

test("older ones come one by one, and the last one stays", () => {
  const search = new ReverseSearch(LINES);
  search.type("csq");
  search.older();
  expect(search.match).toBe("AT+CSQ=?");
  search.older();
  expect(search.match).toBe("AT+CSQ");
  search.older();
  expect(search.match).toBe("AT+CSQ");
});

test("what no line holds fails, and taking it back begins anew", () => {
  const search = new ReverseSearch(LINES);
  search.type("=1x");
  expect(search.match).toBeUndefined();
  search.erase();
  expect(search.match).toBe("AT+CMGF=1");
  expect(search.query).toBe("=1");
});

test("a search goes on with more text at the match, not before it", () => {
  const search = new ReverseSearch(LINES);
  search.type("cmgf");
  search.older();
  expect(search.match).toBe("AT+CMGF=0");
  search.type("=");
  expect(search.match).toBe("AT+CMGF=0");
});
