import type { JsonSchema } from "../../platform/schema/schema.ts";

/** How a value is entered. */
export type Control = "choice" | "flag" | "number" | "text" | "lines" | "json";

/** How a value of a schema is entered, when it is no object of known fields. */
export function controlOf(schema: JsonSchema): Control {
  if (schema.enum !== undefined) return "choice";
  if (schema.anyOf !== undefined) return controlOfAny(schema.anyOf);
  switch (schema.type) {
    case "boolean":
      return "flag";
    case "integer":
    case "number":
      return "number";
    case "string":
      return "text";
    case "array":
      return schema.items?.type === "string" ? "lines" : "json";
    default:
      return "json";
  }
}

/** Numbers with some special values are entered as numbers; where a text is possible, as a text. */
function controlOfAny(schemas: readonly JsonSchema[]): Control {
  const isNumber = ({ type, enum: values = [] }: JsonSchema) =>
    type === "integer" ||
    type === "number" ||
    (values.length > 0 && values.every((value) => typeof value === "number"));
  if (schemas.every(isNumber)) return "number";
  return schemas.some(({ type, enum: values = [] }) => type === "string" || values.some((v) => typeof v === "string"))
    ? "text"
    : "json";
}

/** What a schema asks for, where the field itself does not show it: "0 to 31, or 99". */
export function hintOf(schema: JsonSchema): string {
  const { anyOf, enum: values, minimum, maximum, "x-pattern": pattern, default: preset } = schema;
  if (anyOf !== undefined) return anyOf.map(hintOf).filter(Boolean).join(", or ");
  if (values !== undefined && schema.type === undefined) return values.join(", ");
  const range =
    minimum !== undefined && maximum !== undefined
      ? `${minimum} to ${maximum}`
      : minimum !== undefined && minimum !== 0
        ? `at least ${minimum}`
        : "";
  return [pattern ?? range, preset === undefined ? "" : `default ${String(preset)}`].filter(Boolean).join("; ");
}

/** Reads what a person has entered. Nothing is `undefined`; what is no JSON stays a text, which the rig refuses. */
export function readEntered(control: Control, entered: string): unknown {
  if (entered === "") return undefined;
  switch (control) {
    case "number":
      return Number.isNaN(Number(entered)) ? entered : Number(entered);
    case "lines":
      return entered.split("\n");
    case "json":
      try {
        return JSON.parse(entered);
      } catch {
        return entered;
      }
    default:
      return entered;
  }
}

/** A value as it stands in its field. */
export function showValue(control: Control, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (control === "lines" && Array.isArray(value)) return value.join("\n");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** "radio.rssi" for the eye: "rssi"; "ftp-data" stays. */
export function labelOf(name: string): string {
  return name
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
    .replace(ABBREVIATIONS, (word) => word.toUpperCase());
}

const ABBREVIATIONS = /\b(?:ber|gps|id|lac|pin|ri|rssi|sim|ussd)\b/g;

/** The properties that every alternative has. */
export function commonNames(schemas: readonly JsonSchema[]): ReadonlySet<string> {
  const [first, ...rest] = schemas.map(({ properties = {} }) => Object.keys(properties));
  return new Set((first ?? []).filter((name) => rest.every((names) => names.includes(name))));
}

/** The property whose constant tells the alternatives apart. */
export function discriminator(schemas: readonly JsonSchema[]): string | undefined {
  const names = Object.entries(schemas[0]?.properties ?? {});
  return names.find(([, schema]) => schema.const !== undefined)?.[0];
}
