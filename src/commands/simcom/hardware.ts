import { PIN_FUNCTIONS, PINS } from "../../module/hardware.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand, settingsCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

const SPEC = { document: "module", section: "10" } as const;

const gpio = { kind: "int", name: "gpio", ...PINS } as const;
const flag = { kind: "int", min: 0, max: 1, values: [0, 1] } as const;

const pinFunction = defineCommand({
  name: "+CGFUNC",
  summary: "Switches the function of pins on or off, or tells whether it is on",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "function", min: 1, max: 19, values: PIN_FUNCTIONS },
    { ...flag, name: "value", optional: true },
  ],
  testSeparator: ",",
  write({ function: number, value }, { line, hardware }) {
    if (value !== undefined) return whenStored(hardware.switchFunction(number, value));
    line.info(`+CGFUNC: ${hardware.isOn(number) ? 1 : 0}`);
    return "OK";
  },
});

const pinDirection = defineCommand({
  name: "+CGDRT",
  summary: "Makes a pin an input or an output",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [gpio, { ...flag, name: "direction" }, { ...flag, name: "save", optional: true }],
  testSeparator: ",",
  write({ gpio, direction, save }, { hardware }) {
    return whenStored(hardware.direct(gpio, direction === 1 ? "out" : "in", save === 1));
  },
});

const setPin = defineCommand({
  name: "+CGSETV",
  summary: "Gives a pin its level, which shows while it is an output",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [gpio, { ...flag, name: "level" }],
  testSeparator: ",",
  write({ gpio, level }, { hardware }) {
    hardware.drive(gpio, level === 1 ? 1 : 0);
    return "OK";
  },
});

const readPin = defineCommand({
  name: "+CGGETV",
  summary: "Level of a pin",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [gpio],
  write({ gpio }, { line, hardware }) {
    line.info(`+CGGETV: ${hardware.levelOf(gpio)}`);
    return "OK";
  },
});

const supplyVoltage: Command = {
  ...settingCommand("+CVAUXV", { summary: "Voltage of the auxiliary supply, in units of 50 mV", spec: SPEC }),
  test: () => ["+CVAUXV:(30-61)"],
};

const converter = defineCommand({
  name: "+CADC",
  summary: "Reads the converter: 0 as it is, 1 temperature, 2 in millivolts",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "what", min: 0, max: 2, optional: true }],
  test: () => ["+CADC:(0-2)"],
  // A host reads the value behind the comma (module.md 10).
  read({ line, hardware }) {
    line.info(`+CADC: 1,${hardware.board.adc}`);
    return "OK";
  },
  write({ what = 0 }, { line, hardware }) {
    line.info(`+CADC: ${what === 1 ? hardware.board.temperature : hardware.board.adc}`);
    return "OK";
  },
});

const temperature: Command = {
  ...settingCommand("+CMTE", { summary: "Temperature of the module", spec: SPEC }),
  read({ line, hardware }) {
    line.info(`+CMTE: ${hardware.board.temperature}`);
    return "OK";
  },
};

/** The pins and supplies of the module. */
export const hardwareCommands: readonly Command[] = [
  pinFunction,
  pinDirection,
  setPin,
  readPin,
  supplyVoltage,
  settingCommand("+CVAUXS", { summary: "Whether the auxiliary supply is on", spec: SPEC, values: [0, 1] }),
  converter,
  temperature,
  settingsCommand("+CVALARM", ["+CVALARM:1"], { summary: "Alarm of a low voltage, in millivolts", spec: SPEC }),
];
