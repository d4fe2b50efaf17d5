import type { Parameter } from "../../../at/parameter.ts";
import { type KeptSettingName, type SettingName, Settings } from "../../../module/settings/settings.ts";
import { type Command, defineCommand } from "../../modem-context.ts";

type Name = Exclude<SettingName, KeptSettingName>;

interface SocketSetting {
  /** The command's name, which is that of its first setting. */
  readonly name: Name;
  readonly others?: readonly Name[];
  /** The names of the parameters, in order. */
  readonly parameters: readonly string[];
  readonly summary: string;
  /** What the test form prints behind the name; without it nothing. */
  readonly test?: string;
  /** What it prints where a module has the older set of commands only. */
  readonly olderTest?: string;
  /** Between the name and its values in the read form. */
  readonly blank?: "";
  /** Whether the execution form sets the factory values. */
  readonly resets?: true;
  /** Whether the first value may be left out as well. */
  readonly allOptional?: true;
}

/** Module.md 1.2. Any value may be left out but the first; nothing at all is an error. */
const SETTINGS: readonly SocketSetting[] = [
  {
    name: "+CIPMODE",
    parameters: ["mode"],
    summary: "Transparent mode, from the next AT+NETOPEN on",
    test: " (0-1)",
    resets: true,
  },
  {
    name: "+CIPCCFG",
    parameters: ["retries", "delay", "acknowledge", "errorText", "header", "asynchronous", "timeout"],
    others: ["+CIPCCFG:1", "+CIPCCFG:2", "+CIPCCFG:3", "+CIPCCFG:4", "+CIPCCFG:5", "+CIPCCFG:6"],
    summary:
      "Retries, delay, acknowledgement, form of errors, form of headers, asynchronous mode and time-out of sockets",
    test: " (0-10),(0-1000),(0-1),(0-1),(0-1) ,(0-1) ,(500-120000)",
    olderTest: " (0-10),(0-1000),(0-1),(0-1),(0-1)",
    blank: "",
    resets: true,
    allOptional: true,
  },
  {
    name: "+CIPTIMEOUT",
    parameters: ["network", "open", "send"],
    others: ["+CIPTIMEOUT:1", "+CIPTIMEOUT:2"],
    summary: "Times to open the network, to open a link and to send, in milliseconds",
    allOptional: true,
  },
  {
    name: "+CIPSENDMODE",
    parameters: ["mode"],
    summary: "Whether sending waits until the peer has taken the data",
    test: " (0,1)",
  },
  {
    name: "+CIPHEAD",
    parameters: ["header"],
    summary: "Whether a line with the length stands before received data",
    test: " (0-1)",
    resets: true,
  },
  {
    name: "+CIPSRIP",
    parameters: ["sender"],
    summary: "Whether a line with the sender stands before received data",
    test: " (0-1)",
    resets: true,
  },
  { name: "+CIPENPSH", parameters: ["push"], summary: "Whether AT+CIPSEND takes a push flag", test: " (0,1)" },
  {
    name: "+CIPDNSSET",
    parameters: ["retries", "timeout", "networks"],
    others: ["+CIPDNSSET:1", "+CIPDNSSET:2"],
    summary: "Retries, time-out and networks of name resolution",
    test: " (0-3),(3000-120000),(0-7)",
  },
  {
    name: "+CTCPKA",
    parameters: ["keepalive", "silence", "probes"],
    others: ["+CTCPKA:1", "+CTCPKA:2"],
    summary: "Keepalive of TCP: on, minutes of silence, probes",
    test: " (0,1),(1-120) ,(1-10)",
    blank: "",
  },
  {
    name: "+CTCPFIN",
    parameters: ["mode", "time"],
    others: ["+CTCPFIN:1"],
    summary: "How TCP connections are ended",
    test: " (0,1),(0-10)",
  },
  { name: "+NETDORM", parameters: ["dormant"], summary: "Whether the network may become dormant" },
];

function socketSetting(setting: SocketSetting): Command {
  const {
    name,
    others = [],
    parameters,
    summary,
    test,
    olderTest = test,
    blank = " ",
    resets = false,
    allOptional = false,
  } = setting;
  const names = [name, ...others];
  const command = defineCommand({
    name,
    summary,
    spec: { document: "module", section: "1.2" },
    kind: "synchronous",
    needsPin: false,
    parameters: names.map((each, index): Parameter => {
      const { min, max } = Settings.range(each);
      const parameter = { kind: "int", name: parameters[index] ?? each, min, max } as const;
      return each === name && !allOptional ? parameter : { ...parameter, optional: true };
    }),
    test({ identity }) {
      const shown = identity.socketSets === "older" ? olderTest : test;
      return shown === undefined ? [] : [`${name}:${shown}`];
    },
    read({ line, settings }) {
      line.info(`${name}:${blank}${names.map((each) => settings.get(each)).join(",")}`);
      return "OK";
    },
    write(values: Readonly<Record<string, string | number | undefined>>, { settings }) {
      const given = names.map((each, index) => [each, values[parameters[index] ?? each]] as const);
      for (const [each, value] of given) if (value !== undefined) settings.set(each, Number(value));
      return given.some(([, value]) => value !== undefined) ? "OK" : "ERROR";
    },
  });
  if (!resets) return command;
  return {
    ...command,
    execute({ settings }) {
      for (const each of names) settings.set(each, Settings.range(each).factory);
      return "OK";
    },
  };
}

/** What is set for all sockets. */
export const socketSettingCommands: readonly Command[] = SETTINGS.map(socketSetting);
