import { cmeError } from "../at/cme-error.ts";
import { REGISTRATION } from "../module/radio.ts";
import { formatClock, parseClock } from "../module/rtc.ts";
import { type Command, defineCommand } from "./modem-context.ts";
import { settingCommand } from "./setting-command.ts";

/** 27.007 9.2: operation not allowed. */
const NOT_ALLOWED = cmeError(3);

const pin = defineCommand({
  name: "+CPIN",
  summary: "SIM state; enters the PIN",
  spec: { document: "27.007", section: "8.3" },
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "string", name: "pin", maxLength: 8, bare: true },
    { kind: "string", name: "newPin", maxLength: 8, bare: true, optional: true },
  ],
  read({ line }) {
    line.info("+CPIN: READY");
    return "OK";
  },
  // No PIN is pending: hosts send it all the same, and ignore the answer (decisions 10).
  write: () => NOT_ALLOWED,
});

const functionality = defineCommand({
  name: "+CFUN",
  summary: "Functionality of the radio",
  spec: { document: "27.007", section: "8.2" },
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "level", min: 0, max: 7, values: [0, 1, 4, 5, 6, 7] }],
  read({ line, radio }) {
    line.info(`+CFUN: ${radio.functionality}`);
    return "OK";
  },
  write({ level }, { radio }) {
    radio.functionality = level;
    return "OK";
  },
});

function hexadecimal(value: number): string {
  return value.toString(16).toUpperCase();
}

/** AT+CREG and AT+CGREG: the same answer for the two domains. */
function registrationCommand(name: "+CREG" | "+CGREG", summary: string, section: string): Command {
  return {
    ...settingCommand(name, { summary, spec: { document: "27.007", section } }),
    read({ line, settings, radio }) {
      const mode = settings.get(name);
      const place = mode === 2 ? `,${hexadecimal(radio.lac)},${hexadecimal(radio.cell)}` : "";
      line.info(`${name}: ${mode},${REGISTRATION[radio.registration]}${place}`);
      return "OK";
    },
  };
}

const signalQuality = defineCommand({
  name: "+CSQ",
  summary: "Signal quality",
  spec: { document: "27.007", section: "8.5" },
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  test: () => ["+CSQ: (0-31,99),(0-7,99)"],
  execute({ line, radio }) {
    line.info(`+CSQ: ${radio.rssi},${radio.ber}`);
    return "OK";
  },
});

const realTimeClock = defineCommand({
  name: "+CCLK",
  summary: "Real time clock: local time and zone in quarters of an hour",
  spec: { document: "27.007", section: "8.15" },
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "string", name: "time", maxLength: 20 }],
  read({ line, rtc }) {
    line.info(`+CCLK: "${formatClock(rtc.now())}"`);
    return "OK";
  },
  write({ time }, { rtc }) {
    const parsed = parseClock(time, rtc.now().zone);
    if (parsed === undefined) return "ERROR";
    rtc.set(parsed);
    return "OK";
  },
});

/** The state of SIM, radio and clock. */
export const moduleStatusCommands: readonly Command[] = [
  settingCommand("+CMEE", { summary: "Form of +CME ERROR", spec: { document: "27.007", section: "9.1" } }),
  pin,
  functionality,
  registrationCommand("+CREG", "Registration in the circuit domain", "7.2"),
  registrationCommand("+CGREG", "Registration in the packet domain", "10.1.20"),
  signalQuality,
  realTimeClock,
  settingCommand("+CTZU", {
    summary: "Automatic time zone update",
    spec: { document: "27.007", section: "8.40" },
    values: [0, 1],
  }),
  settingCommand("+CTZR", {
    summary: "Time zone reports",
    spec: { document: "27.007", section: "8.41" },
    values: [0, 1],
  }),
];
