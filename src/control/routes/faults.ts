import { FaultError } from "../../faults/fault.ts";
import { FAULT_SCHEMA, schemaOfKind } from "../../faults/kinds.ts";
import { anything, flag, list, object } from "../../platform/schema/schema.ts";
import { ControlError } from "../control-error.ts";
import { type CtlArguments, defineRoute, fieldsOf, json, type Route } from "../route.ts";

const FAULT = anything({ description: "A fault, with its `id`, its `state`, and how often it has `fired`" });

/** The fields of all kinds, as options of `ctl fault add`. */
const FIELD_OPTIONS: Readonly<Record<string, string>> = Object.fromEntries(
  (FAULT_SCHEMA.anyOf ?? [])
    .flatMap(({ properties = {} }) => Object.keys(properties))
    .filter((name) => name !== "kind")
    .map((name) => [name, name.toUpperCase()]),
);

const all = defineRoute({
  method: "GET",
  path: "/api/faults",
  summary: "The faults, each with how often it has fired",
  answer: { schema: object({ faults: list(FAULT) }) },
  ctl: [{ words: "faults", synopsis: "", request: () => ({}) }],
  handle: ({ rig }) => json({ faults: rig.faults.list() }),
});

const add = defineRoute({
  method: "POST",
  path: "/api/faults",
  summary: "Makes something go wrong, from now on or from an event on",
  body: anything(FAULT_SCHEMA),
  answer: { status: 201, schema: FAULT },
  ctl: [
    {
      words: "fault add",
      synopsis: "KIND",
      options: FIELD_OPTIONS,
      request: (given) => ({ body: faultOf(given) }),
    },
  ],
  handle({ rig, body }) {
    try {
      return json(rig.faults.add(body), 201);
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      throw new ControlError(422, error.message, { at: error.at });
    }
  },
});

const remove = defineRoute({
  method: "DELETE",
  path: "/api/faults/{id}",
  summary: "Ends a fault and forgets it",
  params: { id: "The fault" },
  answer: { schema: object({ removed: flag() }) },
  refusals: { 404: "There is no such fault" },
  ctl: [{ words: "fault rm", synopsis: "ID", request: ({ words }) => ({ params: { id: words[0] ?? "" } }) }],
  handle({ rig, params: { id = "" } }) {
    if (!rig.faults.remove(id)) throw new ControlError(404, `there is no fault ${id}`);
    return json({ removed: true });
  },
});

const clear = defineRoute({
  method: "DELETE",
  path: "/api/faults",
  summary: "Ends all faults and forgets them",
  answer: { schema: object({ removed: flag() }) },
  ctl: [{ words: "fault clear", synopsis: "", request: () => ({}) }],
  handle({ rig }) {
    rig.faults.clear();
    return json({ removed: true });
  },
});

/** A fault from the words of a command line; what is wrong with it, its kind included, the rig says. */
function faultOf({ words: [kind = ""], options }: CtlArguments): unknown {
  const given = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return { kind, ...fieldsOf(given, schemaOfKind(kind) ?? {}) };
}

export const faultRoutes: readonly Route[] = [all, add, clear, remove];
