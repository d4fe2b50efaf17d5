import type { SettingName, Settings } from "../../module/settings/settings.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

/** The settings in AT&V, in the lines that a SIM5320 prints (field.md 7); the plain text in them never changes. */
const VIEW: readonly string[] = [
  "&C: {&C}; &D: {&D}; &F: 0; E: {E}; L: {L}; M: {M}; Q: {Q}; V: {V}; X: {X}; Z: 0; S0: {S0};",
  "S3: {S3}; S4: {S4}; S5: {S5}; S6: {S6}; S7: {S7}; S8: {S8}; S9: {S9}; S10: {S10}; S11: {S11};",
  "+FCLASS: 0; +ICF: {+ICF},{+ICF:1}; +IFC: {+IFC},{+IFC:1}; +IPR: {+IPR}; +DR: 0; +DS: 0,0,2048,6;",
  "+WS46: 12; +CBST: 0,0,1;",
];

function fillView(settings: Settings): string {
  return VIEW.join("\r\n").replace(/\{(.*?)\}/g, (_, name: SettingName) => String(settings.get(name)));
}

const view = defineCommand({
  name: "&V",
  summary: "Shows the current settings",
  spec: { document: "field", section: "7" },
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, settings }) {
    line.info(fillView(settings));
    return "OK";
  },
});

const profileNumber = { kind: "int", name: "profile", min: 0, max: 0, optional: true } as const;

const recallProfile = defineCommand({
  name: "Z",
  summary: "Restores the stored profile",
  spec: { document: "V.250", section: "6.1.1" },
  kind: "synchronous",
  needsPin: false,
  parameters: [profileNumber],
  write(_, { settings }) {
    settings.recall();
    return "OK";
  },
});

const factorySettings = defineCommand({
  name: "&F",
  summary: "Sets the factory values",
  spec: { document: "V.250", section: "6.1.2" },
  kind: "synchronous",
  needsPin: false,
  parameters: [{ ...profileNumber, max: 1 }],
  write(_, { settings }) {
    return whenStored(settings.restoreFactory());
  },
});

const storeProfile = defineCommand({
  name: "&W",
  summary: "Stores the settings in the profile",
  spec: { document: "field", section: "7" },
  kind: "synchronous",
  needsPin: false,
  parameters: [profileNumber],
  write(_, { settings }) {
    return whenStored(settings.store());
  },
});

const returnToOnline = defineCommand({
  name: "O",
  summary: "Returns to the online data mode of the call that is suspended",
  spec: { document: "V.250", section: "6.3.7" },
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "value", min: 0, max: 0, optional: true }],
  write(_, { line }) {
    return line.resume() ? "CONNECT" : "NO CARRIER";
  },
});

const listCommands = defineCommand({
  name: "+CLAC",
  summary: "Lists all commands",
  spec: { document: "27.007", section: "8.37" },
  kind: "synchronous",
  needsPin: false,
  parameters: [],
  execute({ line, table }) {
    line.info(table.commands.map((command) => `AT${command.name}`).join("\r\n"));
    return "OK";
  },
});

const v250 = (section: string) => ({ document: "V.250", section }) as const;

/** The commands that every modem has: V.250 and the settings of the AT interface. */
export const generalCommands: readonly Command[] = [
  settingCommand("E", { summary: "Command echo", spec: v250("6.2.4") }),
  settingCommand("Q", { summary: "Result code suppression", spec: v250("6.2.5") }),
  settingCommand("V", { summary: "Verbose or numeric result codes", spec: v250("6.2.6") }),
  settingCommand("X", { summary: "Call progress result codes", spec: v250("6.2.7") }),
  settingCommand("L", { summary: "Loudspeaker volume", spec: v250("6.3.13") }),
  settingCommand("M", { summary: "Loudspeaker mode", spec: v250("6.3.14") }),
  settingCommand("&C", { summary: "Behaviour of circuit 109 (DCD)", spec: v250("6.2.8") }),
  settingCommand("&D", { summary: "Behaviour on circuit 108 (DTR)", spec: v250("6.2.9") }),
  settingCommand("&S", { summary: "Behaviour of circuit 107 (DSR)", spec: { document: "field", section: "7" } }),
  settingCommand("\\V", { summary: "Form of CONNECT", spec: { document: "field", section: "7" } }),
  recallProfile,
  factorySettings,
  view,
  storeProfile,
  returnToOnline,
  settingCommand("S0", { summary: "Rings before automatic answer", spec: v250("6.3.8") }),
  settingCommand("S2", { summary: "Escape character", spec: { document: "field", section: "7" } }),
  settingCommand("S3", { summary: "Command line termination character", spec: v250("6.2.1") }),
  settingCommand("S4", { summary: "Response formatting character", spec: v250("6.2.2") }),
  settingCommand("S5", { summary: "Command line editing character", spec: v250("6.2.3") }),
  settingCommand("S6", { summary: "Pause before blind dialling, in seconds", spec: v250("6.3.9") }),
  settingCommand("S7", { summary: "Time to wait for a connection, in seconds", spec: v250("6.3.10") }),
  settingCommand("S8", { summary: "Pause of the comma in dialling, in seconds", spec: v250("6.3.11") }),
  settingCommand("S10", { summary: "Delay of automatic disconnect, in tenths of a second", spec: v250("6.3.12") }),
  settingCommand("S12", {
    summary: "Guard time of the escape sequence, in fiftieths of a second",
    spec: { document: "field", section: "7" },
  }),
  listCommands,
];
