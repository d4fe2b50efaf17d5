import { cmeError } from "../../at/cme-error.ts";
import { quoted } from "../../codec/quoted-string.ts";
import type { Operator, Radio } from "../../module/radio/radio.ts";
import { TECHNOLOGY } from "../../module/radio/radio.ts";
import { type RegistrationCommand, registrationText } from "../../module/radio/registration-text.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { printText } from "../../module/sms/charset.ts";
import { charsetOf } from "../../module/sms/message-text.ts";
import { sleep } from "../../platform/time/clock.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;
const field = { document: "field", section: "7" } as const;

/** AT+CREG and AT+CGREG: the same answer for the two domains. */
function registrationCommand(name: RegistrationCommand, summary: string, section: string): Command {
  return {
    ...settingCommand(name, { summary, spec: ts27007(section) }),
    read(modem) {
      const mode = modem.settings.get(name);
      modem.line.info(`${name}: ${mode},${registrationText(name, mode, modem)}`);
      return "OK";
    },
  };
}

const signalQuality = defineCommand({
  name: "+CSQ",
  summary: "Signal quality",
  spec: ts27007("8.5"),
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  test: () => ["+CSQ: (0-31,99),(0-7,99)"],
  execute({ line, radio }) {
    const { rssi, ber } = radio.signal;
    line.info(`+CSQ: ${rssi},${ber}`);
    return "OK";
  },
});

/** 27.007 7.3: the operator in the format that AT+COPS=3 has chosen. */
function operatorName(operator: Operator, settings: Settings): string {
  const format = settings.get("+COPS");
  if (format === 2) return operator.numeric;
  return printText(format === 0 ? operator.long : operator.short, charsetOf(settings));
}

/** What a search finds: the one operator that is there. */
function foundOperators({ surroundings, registered }: Radio, settings: Settings): string {
  const { registration, technology, operator } = surroundings;
  const found = registration !== "searching" && registration !== "none" && registration !== "unknown";
  if (!found) return "";
  const status = registration === "denied" ? 3 : registered ? 2 : 1;
  const names = [operator.long, operator.short].map((name) => quoted(printText(name, charsetOf(settings))));
  return `(${status},${names.join(",")},${quoted(operator.numeric)},${TECHNOLOGY[technology].cops})`;
}

const operatorSelection = defineCommand({
  name: "+COPS",
  summary: "Operator, and how it is chosen; a search for all that are there",
  spec: ts27007("7.3"),
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "mode", min: 0, max: 4 },
    { kind: "int", name: "format", min: 0, max: 2, optional: true },
    { kind: "string", name: "operator", maxLength: 80, bare: true, optional: true },
    { kind: "int", name: "technology", min: 0, max: 6, optional: true },
  ],
  test({ line, clock, radio, settings, dialect: { searchTime } }) {
    const describe = () => {
      const found = foundOperators(radio, settings);
      return [`+COPS: ${found}${found === "" ? "" : ","},(0,1,2,3,4),(0,1,2)`];
    };
    return searchTime === 0 ? describe() : sleep(clock, searchTime, line.signal).then(describe);
  },
  read({ line, radio, settings }) {
    const { operator, technology, selection } = radio;
    const name = operator && `,${settings.get("+COPS")},${quoted(operatorName(operator, settings))}`;
    const speaks = technology && `,${TECHNOLOGY[technology].cops}`;
    line.info(`+COPS: ${selection}${name ?? ""}${speaks ?? ""}`);
    return "OK";
  },
  write({ mode, format, operator }, { radio, settings }) {
    if (mode === 3 && format === undefined) return "ERROR";
    if (format !== undefined) settings.set("+COPS", format);
    switch (mode) {
      case 0:
      case 2:
        radio.select(mode);
        return "OK";
      case 3:
        return "OK";
      default: {
        if (operator === undefined) return "ERROR";
        const there = operatorName(radio.surroundings.operator, settings) === operator;
        // 27.007 7.3: mode 4 falls back to automatic selection.
        if (there || mode === 4) radio.select(there ? 1 : 0);
        return there || mode === 4 ? "OK" : cmeError(30);
      }
    }
  },
});

/** The operation mode of AT+CPSI by what AT+CFUN has set; the others are low power. */
const OPERATION_MODES: Readonly<Record<number, string>> = {
  1: "Online",
  5: "Factory Test Mode",
  6: "Reset",
  7: "Offline",
};

/** The line of AT+CPSI: system, mode, operator and cell, in the two forms of module.md 10. */
function describeSystem(radio: Radio): string {
  const { technology, functionality, surroundings } = radio;
  const mode = OPERATION_MODES[functionality] ?? "Low Power Mode";
  if (technology === undefined) return `+CPSI: NO SERVICE,${mode}`;
  const { operator, lac, cell } = surroundings;
  const network = `${operator.numeric.slice(0, 3)}-${operator.numeric.slice(3)}`;
  const area = lac.toString(16);
  return TECHNOLOGY[technology].system === "GSM"
    ? `+CPSI: GSM,${mode},${network},0x${area},${cell},27 EGSM 900,-64,2110,42-42`
    : `+CPSI: WCDMA,${mode},${network},0x${area.toUpperCase()},${cell},WCDMA IMT 2000,9,10688,0,6,62,43,45,500`;
}

const systemInformation = defineCommand({
  name: "+CPSI",
  summary: "System and cell in use; with a number every so many seconds",
  spec: field,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "seconds", min: 0, max: 255 }],
  read({ line, radio }) {
    line.info(describeSystem(radio));
    return "OK";
  },
  write({ seconds }, { radio, systemReport }) {
    if (seconds === 0) systemReport.stop();
    else systemReport.start(seconds * 1000, () => [describeSystem(radio)]);
    return "OK";
  },
});

const systemMode: Command = {
  ...settingCommand("+CNSMOD", { summary: "Technology of the cell in use", spec: field, values: [0, 1] }),
  read({ line, settings, radio }) {
    const { technology } = radio;
    line.info(`+CNSMOD: ${settings.get("+CNSMOD")},${technology === undefined ? 0 : TECHNOLOGY[technology].cnsmod}`);
    return "OK";
  },
};

/** The network around the module, and how the module stands in it. */
export const networkCommands: readonly Command[] = [
  registrationCommand("+CREG", "Registration in the circuit domain", "7.2"),
  registrationCommand("+CGREG", "Registration in the packet domain", "10.1.20"),
  signalQuality,
  operatorSelection,
  systemInformation,
  systemMode,
  settingCommand("+CNMP", {
    summary: "Preferred technology: any, GSM or WCDMA; the cell that is there is used in any case",
    spec: field,
    values: [2, 13, 14],
  }),
];
