import { describe, expect, test } from "vitest";
import { ctlCommands, parseCtlLine } from "../../src/cli/ctl/arguments.ts";
import { parseOptions } from "../../src/cli/parse-options.ts";
import { ROUTES } from "../../src/control/routes/routes.ts";
import { FaultError } from "../../src/faults/fault.ts";
import { FAULT_SCHEMA } from "../../src/faults/kinds.ts";
import type { JsonSchema } from "../../src/platform/schema/schema.ts";
import { openFaults } from "../../src/rig/rig-faults.ts";
import { wrongValues } from "../support/wrong-values.ts";
import { bench } from "./bench.ts";

type Fields = Readonly<Record<string, unknown>>;

const KINDS = FAULT_SCHEMA.anyOf ?? [];

const nameOf = ({ properties }: JsonSchema) => String(properties?.kind?.const);

/** A right value of a field. */
function rightValue({ const: own, enum: names, anyOf, minimum, pattern, type }: JsonSchema): unknown {
  if (own !== undefined) return own;
  if (names !== undefined) return names[0];
  if (anyOf !== undefined) return rightValue(anyOf[0] ?? {});
  if (type !== "string") return Math.max(minimum ?? 1, 0);
  return ["RCPT", "+CSQ", "x"].find((text) => pattern === undefined || new RegExp(pattern, "u").test(text));
}

/** The least fault of a kind. */
function least({ required = [], properties = {} }: JsonSchema): Fields {
  return Object.fromEntries(required.map((name) => [name, rightValue(properties[name] ?? {})]));
}

/** Faults of a kind of which one field is wrong, each with where. */
function wrongFaults(kind: JsonSchema): readonly (readonly [at: string, fault: Fields])[] {
  const right = least(kind);
  const required = (kind.required ?? []).filter((name) => name !== "kind");
  const properties = Object.entries(kind.properties ?? {}).filter(([name]) => name !== "kind");
  return [
    ["/unknown", { ...right, unknown: 1 }],
    ...required.map((name) => [`/${name}`, without(right, name)] as const),
    ...properties.flatMap(([name, schema]) =>
      wrongsOf(name, schema).map((value) => [`/${name}`, { ...right, [name]: value }] as const),
    ),
  ];
}

function wrongsOf(name: string, schema: JsonSchema): readonly unknown[] {
  if (name === "on") return [[], null, "line", { type: "comand" }, { name: "/(/" }];
  if (schema.type === "array") return [{}, null, "x", [1], ["\r"]];
  if (schema.anyOf !== undefined) return [{}, null, "no-such-name", 0, 1.5];
  return wrongValues(schema);
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name));
}

const addition = ROUTES.find(({ method, path }) => method === "POST" && path === "/api/faults");

/** The fault that a command line of `ctl fault add` asks for; an unknown option is refused by name before. */
async function faultOfCtl({ kind, ...fields }: Fields): Promise<unknown> {
  const options = Object.entries(fields).map(
    ([name, value]) => `--${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const { bound, words, own } = parseCtlLine(["fault", "add", String(kind), ...options], ctlCommands(ROUTES));
  const request = await bound?.command.request({ words, options: own, readFile: async () => new Uint8Array() });
  return request?.body;
}

/** Whether a wrong value becomes a right one when it is written as a word: any word is a text, and "1" is 1. */
function isRightAsWord(kind: JsonSchema, at: string, fault: Fields): boolean {
  const name = at.slice(1);
  const value = fault[name];
  return value === "1" || (kind.properties?.[name]?.type === "string" && typeof value === "object");
}

describe.each(KINDS.map((kind) => [nameOf(kind), kind] as const))("%s", (_, kind) => {
  test("is added with the fields that it needs only", async () => {
    const { rig } = await bench();
    expect(rig.faults.add(least(kind))).toMatchObject(least(kind));
  });

  test("each field, wrong in each way, is refused and named: by the rig, the route, ctl and --fault", async () => {
    const { rig } = await bench();
    for (const [at, fault] of wrongFaults(kind)) {
      const refused = (act: () => unknown) => {
        try {
          act();
        } catch (error) {
          return error as Error & { readonly at?: string };
        }
        throw new Error(`${JSON.stringify(fault)} was taken`);
      };
      const byRig = refused(() => rig.faults.add(fault));
      expect([byRig instanceof FaultError, byRig.at?.startsWith(at), fault]).toEqual([true, true, fault]);
      const byRoute = refused(() => addition?.handle({ rig, body: fault, params: {} } as never));
      expect([byRoute, fault]).toMatchObject([{ status: 422, at: byRig.at }, fault]);
      const byOption = refused(() => {
        const { fault: faults } = parseOptions("start", ["--fault", JSON.stringify(fault)]).checked;
        openFaults({ clock: rig.clock, seed: 1, journal: undefined }, faults);
      });
      expect([byOption.message.includes(`: ${byRig.at} `), byOption.message]).toEqual([true, byOption.message]);
      if (isRightAsWord(kind, at, fault)) continue;
      const asked = await faultOfCtl(fault).then(
        (body) => refused(() => rig.faults.add(body)).message,
        (error: Error) => error.message,
      );
      expect([asked.includes(at.slice(1)), asked, fault]).toEqual([true, asked, fault]);
    }
    expect(rig.faults.list()).toEqual([]);
  });
});

test.each([
  ["latency", "/"],
  [[], "/"],
  [null, "/"],
  [{}, "/kind is missing"],
  [{ kind: 1 }, "/kind must be one of"],
  [{ kind: "latencie", latency: 1 }, "/kind must be one of latency, bandwidth"],
])("%j is no fault", async (fault, message) => {
  const { rig } = await bench();
  expect(() => rig.faults.add(fault)).toThrow(message);
});
