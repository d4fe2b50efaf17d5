import type { RigEvent } from "../../rig/events.ts";
import { TRANSCRIPT_LINE } from "./to-events.ts";

/** The options of a modem that a transcript has, by their names in the API, in the order in which they are written. */
const OPTIONS: Readonly<Record<string, string>> = {
  dialect: "dialect",
  identity: "identity",
  sim: "sim",
  packetGap: "packet-gap",
  "packet-gap": "packet-gap",
  bootTime: "boot-time",
  "boot-time": "boot-time",
  timeoutScale: "timeout-scale",
  "timeout-scale": "timeout-scale",
};

type Fields = Readonly<Record<string, unknown>>;

/** What stands at the head of a transcript: where it comes from, unless its notes say so, and the options of the module. */
export function headLines(rig: Extract<RigEvent, { readonly type: "rig" }> | undefined): readonly string[] {
  const options = fieldsOf(rig?.options);
  const origin =
    rig === undefined || rig.version === TRANSCRIPT_LINE
      ? []
      : [
          `# spec: a session recorded by vmodem ${rig.version}, ${rig.now}`,
          `# origin: ${options.from === undefined ? "constructed" : "field"}`,
        ];
  const modem = fieldsOf(Array.isArray(options.modems) ? options.modems[0] : undefined);
  const given = Object.entries(modem).flatMap(([name, value]) => {
    const written = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    return written === undefined ? [] : [`@ ${written} ${valueText(value)}`];
  });
  const { operator } = fieldsOf(fieldsOf(modem.state).radio);
  return [...origin, ...given, ...(operator === undefined ? [] : [`@ operator ${valueText(operator)}`])];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function valueText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value).replace(/\s+/g, " ");
}
