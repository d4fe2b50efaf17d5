import { expect, test } from "vitest";
import type { RigEvent } from "../../src/rig/events.ts";
import { Pattern, PatternError } from "../../src/rig/pattern.ts";

const COMMAND: RigEvent = {
  seq: 7,
  at: 12.5,
  modem: "m1",
  type: "command",
  name: "+SMTPSRV",
  form: "write",
  arguments: ["mail.example.com", 25],
};
const STATE: RigEvent = { seq: 8, at: 13, type: "state", what: "signal", value: { rssi: 22, ber: 0 } };
const UPLOAD: RigEvent = { seq: 9, at: 14, type: "upload", path: "/pub/a.txt", size: 0 };

test.each<[string, object, RigEvent, readonly string[]]>([
  ["nothing selects everything", {}, COMMAND, []],
  ["equal fields", { type: "command", name: "+SMTPSRV", modem: "m1" }, COMMAND, []],
  ["another value", { type: "command", name: "+SMTPSEND" }, COMMAND, ["/name"]],
  ["every field that differs is told", { type: "result", name: "x", seq: 7 }, COMMAND, ["/type", "/name"]],
  ["a field that is not there", { path: "C:/" }, COMMAND, ["/path"]],
  ["a detail of a log event, which has details of its own", { type: "log", errno: 5 }, COMMAND, ["/type", "/errno"]],
  ["a number is not its text", { seq: "7" }, COMMAND, ["/seq"]],
  ["an expression", { name: "/^\\+SMTP/" }, COMMAND, []],
  ["an expression that does not match", { name: "/^SMTP/" }, COMMAND, ["/name"]],
  ["an expression with flags", { name: "/smtp/i" }, COMMAND, []],
  ["an expression for a type", { type: "/^(command|result)$/" }, COMMAND, []],
  ["an expression never matches a number", { seq: "/7/" }, COMMAND, ["/seq"]],
  ["a path is no expression", { path: "/pub/a.txt" }, UPLOAD, []],
  ["the text itself", { path: { is: "/pub/a.txt" } }, UPLOAD, []],
  ["the text itself, which would be an expression", { path: { is: "/pub/" } }, UPLOAD, ["/path"]],
  ["a number from", { at: { min: 12.5 } }, COMMAND, []],
  ["a number to", { at: { max: 12 } }, COMMAND, ["/at"]],
  ["a number within", { at: { min: 12, max: 13 } }, COMMAND, []],
  ["a number, where there is none", { name: { min: 0 } }, COMMAND, ["/name"]],
  ["zero", { size: 0 }, UPLOAD, []],
  ["a list", { arguments: ["mail.example.com", 25] }, COMMAND, []],
  ["a list with patterns in it", { arguments: ["/example/", { min: 20, max: 30 }] }, COMMAND, []],
  ["a list that is too short", { arguments: ["mail.example.com"] }, COMMAND, ["/arguments"]],
  ["a list that differs in one place", { arguments: ["mail.example.com", 26] }, COMMAND, ["/arguments/1"]],
  ["an object, some of its fields", { value: { rssi: { min: 20 } } }, STATE, []],
  ["an object, whole", { value: { is: { ber: 0, rssi: 22 } } }, STATE, []],
  ["an object, not whole", { value: { is: { rssi: 22 } } }, STATE, ["/value"]],
  ["an object, where there is none", { name: { rssi: 1 } }, COMMAND, ["/name"]],
  ["what every object inherits", { type: "log", toString: "x" }, COMMAND, ["/type", "/toString"]],
  ["a name that a pointer escapes", { type: "log", "a/b~c": 1 }, COMMAND, ["/type", "/a~1b~0c"]],
])("%s", (_, pattern, event, differing) => {
  const compiled = new Pattern(pattern);
  expect(compiled.matches(event)).toBe(differing.length === 0);
  expect(compiled.explain(event).map(({ at }) => at)).toEqual(differing);
});

test("a difference tells what was expected and what is there", () => {
  const [difference] = new Pattern({ name: "/^\\+POP3/" }).explain(COMMAND);
  expect(difference).toEqual({ at: "/name", expected: "/^\\+POP3/", actual: "+SMTPSRV" });
});

const deep = (depth: number): object => (depth === 0 ? {} : { x: deep(depth - 1) });

test.each<[unknown, string, string]>([
  [undefined, "", "not an object"],
  [null, "", "not an object"],
  ["command", "", "not an object"],
  [[], "", "not an object"],
  [{ type: "comand" }, "/type", 'no event has the type "comand"; did you mean command?'],
  [{ type: "zzzzzzzz" }, "/type", "there are rig, host, module"],
  [{ type: "result", nam: "+CSQ" }, "/nam", 'no result event has the field "nam"; did you mean name?'],
  [{ tpe: "unknown" }, "/tpe", 'no event but those of the type "log" has the field "tpe"; did you mean type?'],
  [{ type: "/lo/", toString: 1 }, "/toString", 'has the field "toString"'],
  [{ type: "urc", "zzzz/": "x" }, "/zzzz~1", "there are type, seq, at, modem, text"],
  [{ name: "/(/" }, "/name", "a ( without its )"],
  [{ name: "/a/g" }, "/name", "the flags g are not of i, m and s"],
  [{ name: "/(a)\\1/" }, "/name", 'back references are not supported, at character 5 of /(a)\\1/; {"is"'],
  [{ arguments: ["a", "/[/"] }, "/arguments/1", "a [ without its ]"],
  [{ at: { min: "1" } }, "/at/min", "not a number"],
  [{ at: { min: 2, max: 1 } }, "/at", "min is above max"],
  [{ at: { min: 1, most: 2 } }, "/at/most", "not known beside min and max"],
  [{ name: { is: 1, "a/b": 2 } }, "/name/a~1b", "not known beside is"],
  [{ name: undefined }, "/name", "not a value of JSON"],
  [{ at: Number.NaN }, "/at", "not a value of JSON"],
  [deep(20), "/x/x/x/x/x/x/x/x/x", "nested more than 8 deep"],
  [{ arguments: Array.from({ length: 300 }, () => 1) }, "/arguments/199", "more than 200 parts"],
])("%j is refused at its place", (pattern, at, message) => {
  let error: unknown;
  try {
    new Pattern(pattern);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(PatternError);
  expect((error as PatternError).at).toBe(at);
  expect((error as PatternError).message).toContain(message);
});
