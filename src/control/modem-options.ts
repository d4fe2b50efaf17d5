import { modemOptions } from "../rig/option-schema.ts";
import { optionText } from "../rig/options.ts";

/** The options of a modem as `vmodem ctl` takes them: what stands for the value of each, or `true` for a flag. */
export function modemArguments(): Readonly<Record<string, string | true>> {
  const options = [...modemOptions()].filter(([name]) => name === optionText(name));
  return Object.fromEntries(options.map(([name, { argument }]) => [name, argument ?? (true as const)]));
}
