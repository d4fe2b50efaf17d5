import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UsageError } from "../../../src/platform/usage-error.ts";
import { loadScenario } from "../../../src/rig/scenario/load.ts";
import type { Scenario } from "../../../src/rig/scenario/scenario.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vmodem-scenario-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test("a scenario is read with the files beside it", async () => {
  await put("b.bin", "\u0000\u0001");
  const path = await put(
    "whole.json",
    '{"$schema":"x","modems":[{"efs":{"C:/a":"a","C:/b":{"file":"b.bin"}}}],"timeline":[{"at":1,"do":{"efs":{"C:/c":{"file":"b.bin"}}}}]}',
  );
  const { scenario, files } = await loadScenario(path);
  expect(scenario.modems?.[0]?.efs?.["C:/a"]).toBe("a");
  expect([...files].map(([name, bytes]) => [name, [...bytes]])).toEqual([["b.bin", [0, 1]]]);
});

/** What is wrong, on the line where it is marked. */
const WRONG: readonly (readonly [text: string, line: number, message: string])[] = [
  ['{\n"sed": 1}', 2, "/sed is unknown here; known are $schema, description, modems"],
  ['{"modems": [{}, {\n"identity": "nokia"}]}', 2, "/modems/1/identity must be one of wcdma"],
  ['{"modems": [{\n"boot-time": "soon"}]}', 2, "/modems/0/boot-time"],
  ['{"modems": [{"sim": "pin", "pin": "1"}]}', 1, "/modems/0/pin is wrong: pin 1: not 4 to 8 digits"],
  ['{"modems": [{"state": {"radio":\n{"rssi": 32}}}]}', 2, "/modems/0/state/radio/rssi must be"],
  ['{"modems": [{"state": {"clock": {\n"time": "2010-13-01T00:00:00Z"}}}]}', 2, "/modems/0/state/clock/time must be"],
  ['{"modems": [{"efs": {\n"C:/a?": ""}}]}', 2, "/modems/0/efs/C:~1a? is no path like C:/a.txt"],
  ['{"modems": [{"efs": {"C:/a":\n{"base64": "?"}}}]}', 2, "/modems/0/efs/C:~1a/base64 must be base64"],
  ['{"modems": [{"efs": {"C:/a": {\n"file": "gone.bin"}}}]}', 2, '"gone.bin": there is no such file'],
  ['{"sandbox": {"mail":\n{"user": "x"}}}', 2, "/sandbox/mail/user must be an array"],
  ['{"sandbox": {"pages": {"/a": {\n"status": 99}}}}', 2, "/sandbox/pages/~1a/status must be"],
  ['{"faults": [\n{"kind": "latencie"}]}', 2, "/faults/0/kind must be one of latency"],
  ['{"faults": [{"kind": "mute", "id": "a"},\n{"kind": "deaf", "id": "a"}]}', 2, "/faults/1/id is the id of another"],
  ['{"faults": [{"kind": "mute", "on":\n{"type": "lines"}}]}', 2, "/faults/0/on/type is wrong: no event has the type"],
  ['{"timeline": [\n{"do": {"urc": "X"}}]}', 2, "/timeline/0 must have either at or when"],
  ['{"timeline": [{"at": 1, "when": {},\n"do": {"urc": "X"}}]}', 1, "/timeline/0 must have either at or when"],
  ['{"timeline": [{"at": 1,\n"times": 2, "do": {"urc": "X"}}]}', 2, "/timeline/0/times goes with when"],
  ['{"timeline": [{"at": 1}]}', 1, "/timeline/0/do is missing"],
  ['{"timeline": [{"at": 1, "do": {}}]}', 1, "/timeline/0/do must have exactly 1 of patch, reset, urc"],
  ['{"timeline": [{"at": 1, "do": {"urc": "X", "reset": true}}]}', 1, "/timeline/0/do must have exactly 1 of"],
  ['{"timeline": [{"at": 1, "do":\n{"rest": true}}]}', 2, "/timeline/0/do/rest is unknown here"],
  ['{"timeline": [{"at": 1, "do": {"urc":\n"a\\r"}}]}', 1, "/timeline/0/do/urc must be one line of text"],
  ['{"timeline": [{"at": 1, "do": {"reset": false}}]}', 1, "/timeline/0/do/reset must be true"],
  ['{"timeline": [{"at": 1, "do": {"patch": {"power":\n"up"}}}]}', 1, "/timeline/0/do/patch/power must be one of on"],
  ['{"timeline": [{"when": {"type": "urc", "text": "/(/"}, "do": {"reset": true}}]}', 1, "/timeline/0/when/text"],
  [
    '{"timeline": [{"at": 1, "do": {"fault": {"kind": "mute", "on": {"type": "x"}}}}]}',
    1,
    "/do/fault/on/type is wrong",
  ],
  ['{"expect": {"some": [\n{"type": "mial"}]}}', 2, "/expect/some/0/type is wrong: no event has the type"],
  ['{"expect": {\n"often": []}}', 2, "/expect/often is unknown here"],
  ['{"seed": 1,\n}', 2, 'expected a name in double quotes, not "}"'],
];

test.each(WRONG)("%j is refused with file, line %i and field", async (text, line, message) => {
  const path = await put("wrong.json", text);
  const refused: unknown = await loadScenario(path).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UsageError);
  expect(String(refused)).toContain(`scenario ${path}: line ${line}`);
  expect(String(refused)).toContain(message);
  expect((refused as UsageError).option).toBe("scenario");
});

test.each([
  ["gone.json", "there is no such file"],
  [".", "it is a directory"],
])("%s is refused: %s", async (name, reason) => {
  await expect(loadScenario(join(folder, name))).rejects.toThrow(reason);
});

test("an object is refused with its field", async () => {
  await expect(loadScenario({ seed: "x" } as unknown as Scenario)).rejects.toThrow(
    "scenario: /seed must be an integer",
  );
});
