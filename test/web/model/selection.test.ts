import { expect, test } from "vitest";
import type { RigEvent } from "../../../src/rig/events.ts";
import { Conversation } from "../../../src/web/model/conversation.ts";
import { type Criteria, Selection } from "../../../src/web/model/selection.ts";

const ALL: Criteria = { hidden: new Set(), modem: undefined, search: "", problems: false };

const EVENTS: readonly RigEvent[] = [
  { seq: 1, at: 1, modem: "m1", type: "host", bytes: "AT+CSQ\r" },
  { seq: 2, at: 2, modem: "m1", type: "line", text: "AT+CSQ" },
  { seq: 3, at: 3, modem: "m2", type: "host", bytes: "AT+CREG?\r" },
  { seq: 4, at: 4, type: "fault", id: "slow", kind: "latency" },
  { seq: 5, at: 5, type: "request", method: "GET", target: "/x", status: 200 },
];

function conversation(limit?: number): Conversation {
  const made = new Conversation(limit);
  for (const event of EVENTS) made.add(event);
  return made;
}

test.each<[string, Partial<Criteria>, readonly number[]]>([
  ["everything", {}, [0, 1, 2, 3]],
  ["one modem, and what is of none", { modem: "m2" }, [1, 2, 3]],
  ["what holds a text, in any case", { search: "at+c" }, [0, 1]],
  ["a sentence", { search: "GET /x" }, [3]],
  ["some groups", { hidden: new Set(["line", "fault"]) }, [3]],
  ["problems", { problems: true }, [2]],
  ["problems of a hidden group", { problems: true, hidden: new Set(["fault"]) }, [2]],
])("%s", (_, criteria, expected) => {
  expect(new Selection(conversation(), { ...ALL, ...criteria }).ids).toEqual(expected);
});

test("a row that becomes a problem is shown where it belongs", () => {
  const grown = conversation();
  const selection = new Selection(grown, { ...ALL, problems: true });
  grown.takeChanges();
  grown.add({ seq: 6, at: 6, modem: "m1", type: "unknown", text: "+CSQ", nearest: [] });
  expect(selection.update(grown.takeChanges())).toBe(0);
  expect(selection.ids).toEqual([0, 2]);
});

test("what is appended leaves the places before it as they are", () => {
  const grown = conversation();
  const selection = new Selection(grown, ALL);
  grown.takeChanges();
  grown.add({ seq: 6, at: 6, type: "upload", path: "/a", size: 1 });
  expect(selection.update(grown.takeChanges())).toBe(4);
  expect(selection.ids).toEqual([0, 1, 2, 3, 4]);
});

test("evicted rows leave the selection", () => {
  const grown = conversation(10);
  const selection = new Selection(grown, ALL);
  for (let seq = 6; seq < 40; seq++) grown.add({ seq, at: seq, type: "upload", path: "/a", size: 1 });
  selection.update(grown.takeChanges());
  expect(selection.ids[0]).toBe(grown.firstId);
  expect(selection.ids.length).toBe(grown.rows.length);
});
