import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { check } from "../../src/platform/schema/check.ts";
import type { JsonSchema } from "../../src/platform/schema/schema.ts";
import { runProgram } from "../support/program.ts";

function put(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-scenario-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Whether this Node takes the types out of a module by itself. */
const STRIPS = Boolean((process.features as { readonly typescript?: unknown }).typescript);

describe("vmodem scenario", () => {
  test("prints a schema that describes what it accepts", async () => {
    const { code, output } = await runProgram(["scenario", "--schema"]);
    expect(code).toBe(0);
    const schema = JSON.parse(output);
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(Object.keys(schema.properties)).toContain("timeline");
    expect(schema.properties.modems.items.properties).toMatchObject({
      identity: {},
      "boot-time": {},
      state: {},
      efs: {},
    });
  });

  test("prints a schema that takes the scenarios of the package, and finds what is wrong in them", async () => {
    const schema: JsonSchema = JSON.parse((await runProgram(["scenario", "--schema"])).output);
    const folder = join(import.meta.dirname, "..", "..", "fixtures", "scenarios");
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const scenario = JSON.parse(readFileSync(join(folder, name), "utf8"));
      expect([name, check(schema, { $schema: "scenario.schema.json", ...scenario })]).toEqual([name, undefined]);
    }
    // Validators in other languages know neither \u{...} nor \p{...}.
    expect(JSON.stringify(schema).match(/.{20}\\\\[up]\{/g)).toBeNull();
    const wrong = {
      faults: [{ kind: "latency", latency: "much" }],
      timeline: [{ at: 1, do: { patch: { radio: { rssi: 55 } } } }],
      modems: [{ identity: "nokia" }],
    };
    for (const [field, value] of Object.entries(wrong))
      expect(check(schema, { [field]: value })?.at).toMatch(new RegExp(`^/${field}/0`));
  });

  test.each([
    ["a.json", '{"modems":[{},{}],"faults":[{"kind":"mute"}],"timeline":[]}', "right, 2 modems, 1 fault\n"],
    ["a.mjs", "export default { timeline: [{ at: 1, do: { reset: true } }] };", "right, 1 modem, 1 step\n"],
  ])("checks %s", async (name, text, said) => {
    const path = put(name, text);
    expect(await runProgram(["scenario", path])).toMatchObject({ code: 0, output: `${path}: ${said}`, errors: "" });
  });

  test.each([
    ["a.json", '{\n"seed": "x"}', "line 2: /seed must be an integer from 0 to 4294967295"],
    ["a.mjs", "export const seed = 3;", "it has no default export"],
    ["a.mjs", "export default { seed: -3 };", "/seed must be an integer from 0 to 4294967295"],
    ["a.mjs", "export default {", "SyntaxError: Unexpected end of input"],
    ["a.mjs", "throw new Error('no luck')", "Error: no luck"],
    ["a.mjs", "import './gone.mjs'; export default {};", "a module is missing: Cannot find module"],
  ])("refuses %s, %j", async (name, text, reason) => {
    const path = put(name, text);
    const { code, output, errors } = await runProgram(["scenario", path]);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(`vmodem: scenario ${path}: ${reason}`);
  });

  test(`${STRIPS ? "loads" : "says what loads"} a file in TypeScript`, async () => {
    const path = put("a.ts", "const seed: number = 3;\nexport default { seed };");
    const { code, output, errors } = await runProgram(["scenario", path]);
    if (STRIPS) expect({ code, output }).toEqual({ code: 0, output: `${path}: right, 1 modem\n` });
    else expect(errors).toMatch(/does not load TypeScript; Node 22.18 does, and any loads .mjs/);
  });

  test.each([
    [[], "scenario needs a file"],
    [["a", "b"], "scenario takes one file; b is one too many"],
    [["--shema"], "unknown option --shema; did you mean --schema?"],
  ])("refuses %j", async (argv, reason) => {
    const { code, errors } = await runProgram(["scenario", ...argv]);
    expect(code).toBe(2);
    expect(errors).toContain(reason);
  });
});

describe("--scenario", () => {
  const talk = ["--", "sh", "-c", 'exec 3<>"$VMODEM_PORT"; printf "ATE0\\r" >&3; head -c 11 <&3'];

  test("is refused like any other option, before anything is opened", async () => {
    const path = put("a.json", '{"seed": "x"}');
    const { code, errors } = await runProgram(["run", "--scenario", path, ...talk]);
    expect(code).toBe(2);
    expect(errors).toBe(`vmodem: --scenario ${path}: line 1: /seed must be an integer from 0 to 4294967295\n`);
  });

  test("expects what the file says, beside --expect", async () => {
    const path = put("a.json", '{"expect":{"some":[{"type":"line","text":"ATE0"},{"type":"mail"}]}}');
    const more = put("b.json", '{"never":[{"type":"line"}]}');
    const { code, errors } = await runProgram(["run", "--scenario", path, "--expect", more, ...talk]);
    expect(code).toBe(1);
    expect(errors).toContain('vmodem: expected some {"type":"mail"}: no event matched');
    expect(errors).toContain('vmodem: expected never {"type":"line"}: one event matched');
    expect(errors).not.toContain('expected some {"type":"line"');
  });

  test("with a boot time on a manual clock needs the control interface", async () => {
    const path = put("a.json", '{"modems":[{"bootTime":500}]}');
    const { code, errors } = await runProgram(["start", "--time", "manual", "--scenario", path]);
    expect(code).toBe(2);
    expect(errors).toContain("--time manual with --boot-time needs --control");
  });
});
