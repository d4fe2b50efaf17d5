import type { Specification } from "../at/command-definition.ts";
import { isExtended } from "../at/command-definition.ts";
import type { Parameter } from "../at/parameter.ts";
import { type KeptSettingName, type SettingName, Settings } from "../module/settings/settings.ts";
import { type Command, defineCommand } from "./modem-context.ts";
import { whenStored } from "./stored.ts";

interface SettingDescription {
  readonly summary: string;
  readonly spec: Specification;
  /** The values of an enumeration that its range does not describe. */
  readonly values?: readonly number[];
  /** Refused without a ready SIM. */
  readonly needsPin?: boolean;
  /** Replaces the derived test response; empty for one that is `OK` alone. */
  readonly test?: string;
}

/**
 * Defines a command that only sets and reads one numeric setting. A basic command without a number sets 0
 * (V.250 5.3.1), an S-register without one its factory value (manual 2.2); an S-register is read with three digits.
 */
export function settingCommand(name: SettingName, description: SettingDescription): Command {
  const { summary, spec, values, needsPin = false } = description;
  const { min, max, factory } = Settings.range(name);
  const extended = isExtended({ name });
  const register = /^S\d/.test(name);
  const parameter = { kind: "int", name: "value", min, max, ...(values === undefined ? {} : { values }) } as const;
  const written = defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin,
    parameters: extended ? [parameter] : [{ ...parameter, optional: true }],
    write({ value = register ? factory : 0 }, { settings }) {
      if (Settings.isKept(name)) return whenStored(settings.keep(name, value));
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

type PlainSettingName = Exclude<SettingName, KeptSettingName>;

/** Defines the extended command that sets and reads several settings; all but the first may be left out. */
export function settingsCommand(
  name: PlainSettingName,
  others: readonly PlainSettingName[],
  { summary, spec, needsPin = false, test }: Omit<SettingDescription, "values">,
): Command {
  const names = [name, ...others];
  return defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin,
    parameters: names.map((setting): Parameter => {
      const { min, max } = Settings.range(setting);
      const parameter = { kind: "int", name: setting, min, max } as const;
      return setting === name ? parameter : { ...parameter, optional: true };
    }),
    testSeparator: ",",
    ...(test === undefined ? {} : { test: () => (test === "" ? [] : [`${name}: ${test}`]) }),
    read({ line, settings }) {
      line.info(`${name}: ${names.map((setting) => settings.get(setting)).join(",")}`);
      return "OK";
    },
    write(values: Readonly<Record<string, string | number | undefined>>, { settings }) {
      for (const setting of names) {
        const value = values[setting];
        if (typeof value === "number") settings.set(setting, value);
      }
      return "OK";
    },
  });
}
