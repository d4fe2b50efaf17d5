import type { SettingName } from "../../module/settings/settings.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand, settingsCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;
const field = { document: "field", section: "7" } as const;

/** Prints the setting without a space behind the colon, as SIMCom does for the sound of a call. */
function closelyRead(name: SettingName): Pick<Required<Command>, "read"> {
  return {
    read({ line, settings }) {
      line.info(`${name}:${settings.get(name)}`);
      return "OK";
    },
  };
}

/** Defines a command that mutes the microphone of a call: without one there is nothing to mute. */
function muteCommand(name: "+VMUTE" | "+CMUT", summary: string): Command {
  return defineCommand({
    ...settingCommand(name, { summary, spec: name === "+CMUT" ? ts27007("8.24") : field }),
    parameters: [{ kind: "int", name: "value", min: 0, max: 1 }],
    write({ value }, { settings, calls }) {
      if (!calls.list.some(({ state }) => state === "active")) return "ERROR";
      settings.set(name, value);
      return "OK";
    },
  });
}

const soundDevice = defineCommand({
  name: "+CSDVC",
  summary: "Device of the sound: 1 handset, 3 loudspeaker, 4 PCM",
  spec: field,
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "device", min: 1, max: 4, values: [1, 3, 4] },
    { kind: "int", name: "save", min: 0, max: 1, optional: true },
  ],
  test: () => ["+CSDVC: (1,3,4)"],
  read({ line, settings }) {
    line.info(`+CSDVC: ${settings.get("+CSDVC")}`);
    return "OK";
  },
  write({ device, save }, { settings }) {
    const kept = save === 1 ? settings.keep("+CSDVC:1", device) : Promise.resolve();
    return whenStored(kept.then(() => settings.set("+CSDVC", device)));
  },
});

const tone = defineCommand({
  name: "+CPTONE",
  summary: "Plays a tone to the user; nobody hears it",
  spec: field,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "tone", min: 0, max: 26 }],
  write: () => "OK",
});

const callerNumber: Command = {
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
};

/** The settings of calls: their reports, their sound, and those of data calls, which hosts make all the same. */
export const callSettingCommands: readonly Command[] = [
  settingCommand("+FCLASS", { summary: "Service class: data", spec: field, values: [0] }),
  settingCommand("+CSTA", { summary: "Type of address in dialling", spec: ts27007("6.1"), values: [129, 145] }),
  settingsCommand("+CBST", ["+CBST:1", "+CBST:2"], { summary: "Bearer of data calls", spec: ts27007("6.7") }),
  settingsCommand("+CRLP", ["+CRLP:1", "+CRLP:2", "+CRLP:3"], { summary: "Radio link protocol", spec: ts27007("6.8") }),
  settingCommand("+WS46", { summary: "Wireless network", spec: ts27007("5.9"), values: [12, 22, 25] }),
  settingCommand("+CRC", { summary: "Extended form of RING", spec: ts27007("6.11"), values: [0, 1] }),
  settingCommand("+CVHU", { summary: "Whether ATH leaves voice calls alone", spec: ts27007("6.20"), values: [0, 1] }),
  { ...settingCommand("+CLVL", { summary: "Loudspeaker volume", spec: ts27007("8.23") }), ...closelyRead("+CLVL") },
  { ...settingCommand("+CRSL", { summary: "Ringer volume", spec: ts27007("8.21") }), ...closelyRead("+CRSL") },
  settingCommand("+CALM", { summary: "Silent ringing", spec: ts27007("8.20") }),
  muteCommand("+CMUT", "Mute"),
  { ...muteCommand("+VMUTE", "Mute of the loudspeaker"), ...closelyRead("+VMUTE") },
  soundDevice,
  tone,
  callerNumber,
];
