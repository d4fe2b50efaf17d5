import { cmsError } from "../../../at/cms-error.ts";
import { quoted } from "../../../codec/quoted-string.ts";
import { Settings } from "../../../module/settings/settings.ts";
import { SMS_STORAGES, type SmsStorage, smsCapacity } from "../../../module/sms/message-store.ts";
import { typeOfNumber } from "../../../module/sms/message-text.ts";
import type { Sms } from "../../../module/sms/sms.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { settingCommand, settingsCommand } from "../../setting-command.ts";
import { whenStored } from "../../stored.ts";

const ts27005 = (section: string) => ({ document: "27.005", section }) as const;

/** Where received messages may go. */
const RECEIVING = ["ME", "SM"] as const;

/** The counts of the chosen storages: used and total of each, with their names in front or without. */
function describeStorages(sms: Sms, named: boolean): string {
  return sms.storages
    .map((storage) => {
      const counts = `${sms.store.list(storage).length},${smsCapacity(storage)}`;
      return named ? `"${storage}",${counts}` : counts;
    })
    .join(",");
}

const storages = defineCommand({
  name: "+CPMS",
  summary: "Storages of short messages",
  spec: ts27005("3.2.2"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "word", name: "read", values: SMS_STORAGES },
    { kind: "word", name: "write", values: SMS_STORAGES, optional: true },
    { kind: "word", name: "receive", values: RECEIVING, optional: true },
  ],
  test() {
    const list = (words: readonly string[]) => `(${words.map((storage) => `"${storage}"`).join(",")})`;
    return [`+CPMS: ${list(SMS_STORAGES)},${list(SMS_STORAGES)},${list(RECEIVING)}`];
  },
  read({ line, sms }) {
    line.info(`+CPMS: ${describeStorages(sms, true)}`);
    return "OK";
  },
  write({ read, write, receive }, { line, sms }) {
    const [, writing, receiving] = sms.storages;
    sms.storages = [read as SmsStorage, (write as SmsStorage | undefined) ?? writing, receive ?? receiving];
    line.info(`+CPMS: ${describeStorages(sms, false)}`);
    return "OK";
  },
});

const serviceCentre = defineCommand({
  name: "+CSCA",
  summary: "Number of the service centre",
  spec: ts27005("3.3.1"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "string", name: "number", minLength: 1, maxLength: 21 },
    { kind: "int", name: "type", min: 0, max: 255, optional: true },
  ],
  test: () => [],
  read({ line, sms }) {
    line.info(`+CSCA: ${quoted(sms.serviceCentre)},${typeOfNumber(sms.serviceCentre)}`);
    return "OK";
  },
  write({ number, type }, { sms }) {
    if (!/^\+?[0-9]{1,20}$/.test(number)) return cmsError(305);
    return whenStored(sms.setServiceCentre(type === 145 && !number.startsWith("+") ? `+${number}` : number));
  },
});

const service: Command = {
  ...settingCommand("+CSMS", {
    summary: "Message service; 1 wants each message acknowledged",
    spec: ts27005("3.2.1"),
    values: [0, 1],
    needsPin: true,
  }),
  read({ line, settings }) {
    line.info(`+CSMS: ${settings.get("+CSMS")},1,1,0`);
    return "OK";
  },
  write({ value }, { line, settings }) {
    settings.set("+CSMS", Number(value));
    line.info("+CSMS: 1,1,0");
    return "OK";
  },
};

const acknowledge = defineCommand({
  name: "+CNMA",
  summary: "Acknowledges a message that was printed",
  spec: ts27005("3.4.4"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "answer", min: 0, max: 2, optional: true }],
  write: (_, { sms }) => (sms.acknowledge() ? "OK" : cmsError(340)),
});

/** A list of numbers and ranges, as AT+CSCB takes it. */
const NUMBERS = /^(\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*)?$/;

const broadcasts = defineCommand({
  name: "+CSCB",
  summary: "Which broadcasts are received",
  spec: ts27005("3.3.4"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "mode", min: 0, max: 1, values: [0, 1] },
    { kind: "string", name: "identifiers", maxLength: 256, optional: true },
    { kind: "string", name: "schemes", maxLength: 256, optional: true },
  ],
  read({ line, broadcasts: { selection } }) {
    const { mode, identifiers, schemes } = selection;
    line.info(`+CSCB: ${mode},"${identifiers}","${schemes}"`);
    return "OK";
  },
  write({ mode, identifiers = "", schemes = "" }, context) {
    if (![identifiers, schemes].every((list) => NUMBERS.test(list))) return cmsError(305);
    context.broadcasts.selection = { mode, identifiers, schemes };
    return "OK";
  },
});

const validity = defineCommand({
  name: "+CMVP",
  summary: "Validity period of text mode",
  spec: ts27005("3.3.2"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "validity", min: 0, max: 255 }],
  read({ line, settings }) {
    line.info(`+CMVP: ${settings.get("+CSMP:1")}`);
    return "OK";
  },
  write(values, { settings }) {
    settings.set("+CSMP:1", values.validity);
    return "OK";
  },
});

const REPORTS = ["+CNMI", "+CNMI:1", "+CNMI:2", "+CNMI:3", "+CNMI:4"] as const;

const reports: Command = {
  ...settingsCommand("+CNMI", REPORTS.slice(1), {
    summary: "How a message that comes is reported",
    spec: ts27005("3.4.1"),
    needsPin: true,
    // Hosts look for the values one by one.
    test: "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
  }),
  execute({ settings }) {
    for (const name of REPORTS) settings.set(name, Settings.range(name).factory);
    return "OK";
  },
};

/** Where messages are kept, and how they come and go. */
export const messageSettingCommands: readonly Command[] = [
  service,
  acknowledge,
  storages,
  serviceCentre,
  settingCommand("+CMGF", { summary: "PDU or text mode", spec: ts27005("3.2.3"), values: [0, 1], needsPin: true }),
  settingCommand("+CSDH", { summary: "Details in text mode", spec: ts27005("3.3.3"), values: [0, 1], needsPin: true }),
  settingCommand("+CMMS", { summary: "Keeps the link for more messages", spec: ts27005("3.5.6"), needsPin: true }),
  settingCommand("+CSALPHA", { summary: "Coding of names; each has its own", spec: ts27005("3.3.2"), needsPin: true }),
  reports,
  settingsCommand("+CSMP", ["+CSMP:1", "+CSMP:2", "+CSMP:3"], {
    summary: "Parameters of text mode",
    spec: ts27005("3.3.2"),
    needsPin: true,
    test: "",
  }),
  validity,
  broadcasts,
];
