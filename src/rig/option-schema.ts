import {
  choice,
  either,
  flag,
  list,
  map,
  number,
  object,
  optional,
  type Schema,
  text,
} from "../platform/schema/schema.ts";
import type { OptionKind } from "./option-kinds.ts";
import { OPTIONS, type OptionDefinition } from "./option-table.ts";
import { optionText } from "./options.ts";

/** The options of a modem that can be given to a running rig, with the names under which the API takes them. */
export function modemOptions(): ReadonlyMap<string, OptionDefinition> {
  return new Map(
    Object.entries<OptionDefinition>(OPTIONS)
      .filter(([, { scope, verbs }]) => scope === "modem" && verbs.includes("run"))
      .flatMap(([name, definition]) => [...new Set([name, optionText(name)])].map((each) => [each, definition])),
  );
}

/** The options of a modem as the body of a request. What their texts must look like is checked by the table of options. */
export function modemOptionsSchema(): Schema<object> {
  const properties = [...modemOptions()].map(([name, { kind, help }]) => [
    name,
    optional({ ...schemaOf(kind), description: help }),
  ]);
  return object(Object.fromEntries(properties), {
    description: 'The options of start, without the dashes: {"identity":"sim5320","link":"/tmp/m2"}',
  });
}

const VALUE = text({ maxLength: 4096 });

function schemaOf({ flag: isFlag, values, repeatable, kind, min, max }: OptionKind<unknown>): Schema<unknown> {
  if (isFlag) return flag();
  if (values !== undefined) return choice(values);
  if (repeatable) return either([VALUE, list(VALUE, { maxItems: 256 })]);
  if (kind === "sizes") return either([VALUE, map(number({ minimum: 0 }))]);
  return either([VALUE, number({ ...(min === undefined ? {} : { minimum: min, maximum: max ?? min }) })]);
}
