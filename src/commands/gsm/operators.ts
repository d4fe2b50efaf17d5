import { cmeError } from "../../at/cme-error.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { PREFERRED_OPERATORS } from "../../module/radio/network-preferences.ts";
import { OPERATOR_NAMES } from "../../module/radio/operator-names.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { printText, readText } from "../../module/sms/charset.ts";
import { charsetOf } from "../../module/sms/message-text.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { whenStored } from "../stored.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;

/** 27.007 9.2. */
const MEMORY_FULL = cmeError(20);
const NOT_FOUND = cmeError(22);

const technology = { kind: "int", min: 0, max: 1, values: [0, 1], optional: true } as const;

/** The codes of an operator that the host names in that format; `undefined` for one that the module does not know. */
function numericOf(operator: string, format: number, settings: Settings): string | undefined {
  if (format === 2) return /^\d{5,6}$/.test(operator) ? operator : undefined;
  const name = readText(operator, charsetOf(settings))?.toLowerCase();
  return Object.entries(OPERATOR_NAMES).find(([, known]) => known.toLowerCase() === name)?.[0];
}

const preferredOperators = defineCommand({
  name: "+CPOL",
  summary: "Operators that are preferred",
  spec: ts27007("7.19"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "place", min: 1, max: PREFERRED_OPERATORS, optional: true },
    { kind: "int", name: "format", min: 0, max: 2, optional: true },
    { kind: "string", name: "operator", minLength: 1, maxLength: 80, bare: true, optional: true },
    { ...technology, name: "gsm" },
    { ...technology, name: "gsmCompact" },
    { ...technology, name: "utran" },
  ],
  test: () => [`+CPOL: (1-${PREFERRED_OPERATORS}),(0-2)`],
  read({ line, preferences }) {
    const lines = preferences.operators.map(
      ([place, { numeric, technologies }]) => `+CPOL: ${place},2,"${numeric}",${technologies.join(",")}`,
    );
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return "OK";
  },
  write({ place, format = 2, operator, gsm = 0, gsmCompact = 0, utran = 1 }, { preferences, settings }) {
    if (operator === undefined) return place === undefined ? "ERROR" : whenStored(preferences.forget(place));
    const numeric = numericOf(operator, format, settings);
    if (numeric === undefined) return NOT_FOUND;
    const preferred = preferences.prefer(place, { numeric, technologies: [gsm, gsmCompact, utran] });
    return whenStored(preferred, (hasPlace) => (hasPlace ? "OK" : MEMORY_FULL));
  },
});

const names = defineCommand({
  name: "+COPN",
  summary: "Names of operators that the module knows",
  spec: ts27007("7.21"),
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, settings }) {
    const lines = Object.entries(OPERATOR_NAMES).map(
      ([numeric, name]) => `+COPN: "${numeric}",${quoted(printText(name, charsetOf(settings)))}`,
    );
    line.info(lines.toSorted().join("\r\n"));
    return "OK";
  },
});

const provider = defineCommand({
  name: "+CSPN",
  summary: "Name of who has given the card out",
  spec: { document: "module", section: "10" },
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  read({ line, sim, settings }) {
    const name = sim.card?.provider ?? "";
    if (name !== "") line.info(`+CSPN: ${quoted(printText(name, charsetOf(settings)))},1`);
    return "OK";
  },
});

/** Operators: those that are preferred, those that are known, and the card's own. */
export const operatorCommands: readonly Command[] = [preferredOperators, names, provider];
