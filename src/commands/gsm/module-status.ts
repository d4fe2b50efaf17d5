import { formatClock, parseClock } from "../../module/rtc.ts";
import { CHARSETS } from "../../module/sms/charset.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;
const small = { document: "module", section: "10" } as const;
const field = { document: "field", section: "7" } as const;

const functionality = defineCommand({
  name: "+CFUN",
  summary: "Functionality of the radio; 6 restarts the module",
  spec: ts27007("8.2"),
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "level", min: 0, max: 7, values: [0, 1, 4, 5, 6, 7] },
    { kind: "int", name: "reset", min: 0, max: 1, values: [0, 1], optional: true },
  ],
  testSeparator: ",",
  read({ line, radio }) {
    line.info(`+CFUN: ${radio.functionality}`);
    return "OK";
  },
  write({ level, reset }, { line, radio, power }) {
    if (level === 6 || reset === 1) line.afterwards(() => power.restart());
    else radio.setFunctionality(level);
    return "OK";
  },
});

/** Defines a command that does something to the power once its `OK` is printed. */
function powerCommand(name: string, summary: string, act: "off" | "restart"): Command {
  return defineCommand({
    name,
    summary,
    spec: field,
    kind: "synchronous",
    needsPin: false,
    parameters: [],
    execute({ line, power }) {
      line.afterwards(() => power[act]());
      return "OK";
    },
  });
}

const battery = defineCommand({
  name: "+CBC",
  summary: "State of the battery: powered by it, charge and voltage",
  spec: ts27007("8.4"),
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  test: ({ identity }) => [`+CBC: (${identity.batteryStates}),(0-100)`],
  execute({ line, hardware }) {
    const { charge, voltage } = hardware.board;
    line.info(`+CBC: 0,${charge},${(voltage / 1000).toFixed(3)}V`);
    return "OK";
  },
});

const startCheck = defineCommand({
  name: "+CPWRONCHK",
  summary: "Whether the module has started; it has when it can be asked",
  spec: small,
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  read: () => "OK",
});

const realTimeClock = defineCommand({
  name: "+CCLK",
  summary: "Real time clock: local time and zone in quarters of an hour",
  spec: ts27007("8.15"),
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "string", name: "time", maxLength: 20 }],
  read({ line, rtc }) {
    line.info(`+CCLK: "${formatClock(rtc.now())}"`);
    return "OK";
  },
  write({ time }, { rtc }) {
    const parsed = parseClock(time, rtc.now().zone);
    return parsed === undefined ? "ERROR" : whenStored(rtc.set(parsed));
  },
});

const characterSet = defineCommand({
  name: "+CSCS",
  summary: "Character set of texts and names",
  spec: ts27007("5.5"),
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "word", name: "charset", values: CHARSETS }],
  test: () => [`+CSCS: (${CHARSETS.map((charset) => `"${charset}"`).join(",")})`],
  read({ line, settings }) {
    line.info(`+CSCS: "${CHARSETS[settings.get("+CSCS")]}"`);
    return "OK";
  },
  write({ charset }, { settings }) {
    settings.set("+CSCS", CHARSETS.indexOf(charset));
    return "OK";
  },
});

/** The state of the module itself: functionality, power and clock. */
export const moduleStatusCommands: readonly Command[] = [
  settingCommand("+CMEE", { summary: "Form of +CME ERROR", spec: ts27007("9.1") }),
  functionality,
  powerCommand("+CPOF", "Switches the module off", "off"),
  powerCommand("+CRESET", "Restarts the module", "restart"),
  powerCommand("+REBOOT", "Restarts the module", "restart"),
  battery,
  realTimeClock,
  startCheck,
  settingCommand("+STK", { summary: "Whether the toolkit of the card is on", spec: small, values: [0, 1] }),
  settingCommand("+CRUS", { summary: "Reports of the user's services", spec: small, values: [0, 1] }),
  settingCommand("+CTZU", { summary: "Automatic time zone update", spec: ts27007("8.40"), values: [0, 1] }),
  settingCommand("+CTZR", { summary: "Time zone reports", spec: ts27007("8.41"), values: [0, 1] }),
  characterSet,
];
