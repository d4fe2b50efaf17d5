import { type SettingName, Settings } from "../module/settings.ts";
import { type Command, defineCommand } from "./modem-context.ts";
import { settingCommand } from "./setting-command.ts";

/** Rates of a SIM5320 (field.md 7); 0 is automatic detection. Nothing but a real UART has a rate, so none is refused. */
const RATES = [
  0, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 3200000, 3686400, 4000000,
];

/** Defines a command that sets and reads two settings: its own name's, and the one with `:1` behind it. */
function pairCommand(name: "+IFC" | "+ICF", summary: string, section: string): Command {
  const second: SettingName = `${name}:1`;
  return defineCommand({
    name,
    summary,
    spec: { document: "V.250", section },
    kind: "synchronous",
    needsPin: false,
    parameters: [
      { kind: "int", name: "first", ...bounds(name) },
      { kind: "int", name: "second", ...bounds(second), optional: true },
    ],
    testSeparator: ",",
    read({ line, settings }) {
      line.info(`${name}: ${settings.get(name)},${settings.get(second)}`);
      return "OK";
    },
    write(values, { settings }) {
      settings.set(name, values.first);
      if (values.second !== undefined) settings.set(second, values.second);
      return "OK";
    },
  });
}

function bounds(name: SettingName): { readonly min: number; readonly max: number } {
  const { min, max } = Settings.range(name);
  return { min, max };
}

/** The serial line: its rate, framing and flow control, and where unsolicited codes go. */
export const serialPortCommands: readonly Command[] = [
  settingCommand("+IPR", {
    summary: "Serial rate in bit/s",
    spec: { document: "V.250", section: "6.2.10" },
    values: RATES,
  }),
  pairCommand("+ICF", "Character framing", "6.2.11"),
  pairCommand("+IFC", "Flow control from the DTE and from the DCE", "6.2.12"),
  settingCommand("+CATR", { summary: "Port that unsolicited codes go to", spec: { document: "field", section: "7" } }),
];
