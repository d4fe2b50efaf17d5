import { cmsError } from "../../at/cms-error.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { typeOfNumber } from "../../module/sms/message-text.ts";
import { SMS_CAPACITY, SMS_STORAGES, type Sms } from "../../module/sms/sms.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand, settingsCommand } from "../setting-command.ts";
import { messageReadingCommands } from "./message-reading.ts";
import { messageSendingCommands } from "./message-sending.ts";

const ts27005 = (section: string) => ({ document: "27.005", section }) as const;

/** The counts of the chosen storages: used and total of each, with their names in front or without. */
function describeStorages(sms: Sms, named: boolean): string {
  return sms.storages
    .map((storage) => {
      const counts = `${sms.list(storage).length},${SMS_CAPACITY[storage]}`;
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
    { kind: "word", name: "receive", values: SMS_STORAGES, optional: true },
  ],
  test() {
    const list = `(${SMS_STORAGES.map((storage) => `"${storage}"`).join(",")})`;
    return [`+CPMS: ${list},${list},${list}`];
  },
  read({ line, sms }) {
    line.info(`+CPMS: ${describeStorages(sms, true)}`);
    return "OK";
  },
  write({ read, write, receive }, { line, sms }) {
    sms.storages = [read, write ?? sms.storages[1], receive ?? sms.storages[2]];
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
  read({ line, sms }) {
    line.info(`+CSCA: ${quoted(sms.serviceCentre)},${typeOfNumber(sms.serviceCentre)}`);
    return "OK";
  },
  write({ number, type }, { sms }) {
    if (!/^\+?[0-9]{1,20}$/.test(number)) return cmsError(305);
    sms.serviceCentre = type === 145 && !number.startsWith("+") ? `+${number}` : number;
    return "OK";
  },
});

const service = defineCommand({
  name: "+CSMS",
  summary: "Message service; sending, receiving and broadcast are supported",
  spec: ts27005("3.2.1"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "service", min: 0, max: 1, values: [0] }],
  read({ line }) {
    line.info("+CSMS: 0,1,1,0");
    return "OK";
  },
  write(_, { line }) {
    line.info("+CSMS: 1,1,0");
    return "OK";
  },
});

/** Short messages (3GPP TS 27.005). */
export const messageCommands: readonly Command[] = [
  service,
  storages,
  serviceCentre,
  settingCommand("+CMGF", { summary: "PDU or text mode", spec: ts27005("3.2.3"), values: [0, 1], needsPin: true }),
  settingCommand("+CSDH", { summary: "Details in text mode", spec: ts27005("3.3.3"), values: [0, 1], needsPin: true }),
  settingCommand("+CMMS", { summary: "Keeps the link for more messages", spec: ts27005("3.5.6"), needsPin: true }),
  settingsCommand("+CNMI", ["+CNMI:1", "+CNMI:2", "+CNMI:3", "+CNMI:4"], {
    summary: "How a message that comes is told",
    spec: ts27005("3.4.1"),
    needsPin: true,
    // Hosts look for the values one by one. Broadcasts and reports may be asked for; none ever comes.
    test: "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
  }),
  settingsCommand("+CSMP", ["+CSMP:1", "+CSMP:2", "+CSMP:3"], {
    summary: "Parameters of text mode",
    spec: ts27005("3.3.2"),
    needsPin: true,
  }),
  ...messageReadingCommands,
  ...messageSendingCommands,
];
