import type { Specification } from "../at/command-definition.ts";
import { isExtended } from "../at/command-definition.ts";
import { type SettingName, Settings } from "../module/settings.ts";
import { type Command, defineCommand } from "./modem-context.ts";

interface SettingDescription {
  readonly summary: string;
  readonly spec: Specification;
  /** The values of an enumeration that its range does not describe. */
  readonly values?: readonly number[];
}

/**
 * Defines the command that does nothing but set and read one numeric setting. A basic command without a number sets 0
 * (V.250 5.3.1), an S-register without one its factory value (manual 2.2); an S-register is read with three digits.
 */
export function settingCommand(name: SettingName, { summary, spec, values }: SettingDescription): Command {
  const { min, max, factory } = Settings.range(name);
  const extended = isExtended({ name });
  const register = /^S\d/.test(name);
  const parameter = { kind: "int", name: "value", min, max, ...(values === undefined ? {} : { values }) } as const;
  const written = defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin: false,
    parameters: extended ? [parameter] : [{ ...parameter, optional: true }],
    write({ value = register ? factory : 0 }, { settings }) {
      settings.set(name, value);
      return "OK";
    },
  });
  if (!extended && !register) return written;
  return {
    ...written,
    read({ line, settings }) {
      const value = settings.get(name);
      line.info(register ? String(value).padStart(3, "0") : `${name}: ${value}`);
      return "OK";
    },
  };
}
