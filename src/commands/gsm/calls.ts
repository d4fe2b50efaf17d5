import { cmeError } from "../../at/cme-error.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand, settingsCommand } from "../setting-command.ts";

const v250 = (section: string) => ({ document: "V.250", section }) as const;
const ts27007 = (section: string) => ({ document: "27.007", section }) as const;

const dial = defineCommand({
  name: "D",
  summary: "Dials; nobody answers",
  spec: v250("6.3.1"),
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "string", name: "number", maxLength: 2048, bare: true, optional: true }],
  write: () => "NO CARRIER",
});

const answer = defineCommand({
  name: "A",
  summary: "Answers a call; there is none",
  spec: v250("6.3.5"),
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute: () => "NO CARRIER",
});

const hangUpCall = defineCommand({
  name: "+CHUP",
  summary: "Hangs up",
  spec: ts27007("6.5"),
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute: () => "OK",
});

/** Defines a command of pulse or tone dialling: there is no line that knows the difference (V.250 6.3.2, 6.3.3). */
function diallingCommand(name: "T" | "P", summary: string, section: string): Command {
  return defineCommand({
    name,
    summary,
    spec: v250(section),
    kind: "synchronous",
    needsPin: false,
    parameters: [],
    execute: () => "OK",
  });
}

const supplementaryData: Command = {
  ...settingCommand("+CUSD", { summary: "Reports of USSD", spec: ts27007("7.15"), needsPin: true }),
  parameters: [
    { kind: "int", name: "mode", min: 0, max: 2 },
    { kind: "string", name: "text", maxLength: 182, optional: true },
    { kind: "int", name: "coding", min: 0, max: 255, optional: true },
  ],
  test: () => ["+CUSD: (0,1,2)"],
  write({ mode, text }, { settings }) {
    // 27.007 9.2: operation not supported; the network has no such service.
    if (text !== undefined) return cmeError(4);
    if (mode !== 2) settings.set("+CUSD", Number(mode));
    return "OK";
  },
};

/** Calls, of which there are none, and the settings for them that hosts make all the same. */
export const callCommands: readonly Command[] = [
  dial,
  answer,
  diallingCommand("T", "Tone dialling", "6.3.2"),
  diallingCommand("P", "Pulse dialling", "6.3.3"),
  hangUpCall,
  settingCommand("+FCLASS", { summary: "Service class: data", spec: { document: "field", section: "7" }, values: [0] }),
  settingCommand("+CSTA", { summary: "Type of address in dialling", spec: ts27007("6.1"), values: [129, 145] }),
  settingsCommand("+CBST", ["+CBST:1", "+CBST:2"], { summary: "Bearer of data calls", spec: ts27007("6.7") }),
  settingsCommand("+CRLP", ["+CRLP:1", "+CRLP:2", "+CRLP:3"], { summary: "Radio link protocol", spec: ts27007("6.8") }),
  settingCommand("+WS46", { summary: "Wireless network", spec: ts27007("5.9"), values: [12, 22, 25] }),
  settingCommand("+CRC", { summary: "Extended form of RING", spec: ts27007("6.11"), values: [0, 1] }),
  settingCommand("+CVHU", { summary: "Whether ATH ends a voice call", spec: ts27007("6.20"), values: [0, 1] }),
  settingCommand("+CLVL", { summary: "Loudspeaker volume", spec: ts27007("8.23") }),
  settingCommand("+CMUT", { summary: "Mute", spec: ts27007("8.24"), values: [0, 1] }),
  {
    ...settingCommand("+CLIP", {
      summary: "Number of the caller",
      spec: ts27007("7.6"),
      values: [0, 1],
      needsPin: true,
    }),
    read({ line, settings }) {
      // 27.007 7.6: <m> 1, the network provides it.
      line.info(`+CLIP: ${settings.get("+CLIP")},1`);
      return "OK";
    },
  },
  supplementaryData,
];
