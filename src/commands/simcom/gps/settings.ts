import { quoted } from "../../../codec/quoted-string.ts";
import { Settings } from "../../../module/settings/settings.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { settingCommand, settingsCommand } from "../../setting-command.ts";
import { whenStored } from "../../stored.ts";
import { GPS } from "./receiver.ts";

const server = defineCommand({
  ...GPS,
  name: "+CGPSURL",
  summary: "Server that helps to find positions; it is stored, and nothing is asked of it",
  parameters: [{ kind: "string", name: "server", minLength: 1, maxLength: 256, ascii: true }],
  read({ line, gps }) {
    line.info(`+CGPSURL:${quoted(gps.server)}`);
    return "OK";
  },
  write({ server: given }, { gps }) {
    return whenStored(gps.setServer(given));
  },
});

const automaticStart: Command = {
  ...settingCommand("+CGPSAUTO", { ...GPS, summary: "Starts the receiver with the module" }),
  test: () => ["+CGPSAUTO:(0-1)"],
  // The log of a module shows no blank here (module.md 4).
  read({ line, settings }) {
    line.info(`+CGPSAUTO:${settings.get("+CGPSAUTO")}`);
    return "OK";
  },
};

const sentences = defineCommand({
  ...GPS,
  name: "+CGPSNMEA",
  summary: "Sentences on the NMEA port: 1 GGA, 2 RMC, 4 GSV, 8 GSA, 16 VTG, added up; only while the receiver is off",
  parameters: [{ kind: "int", name: "mask", ...Settings.range("+CGPSNMEA") }],
  read({ line, settings }) {
    line.info(`+CGPSNMEA: ${settings.get("+CGPSNMEA")}`);
    return "OK";
  },
  write({ mask }, { gps, settings }) {
    return gps.receiver === "off" ? whenStored(settings.keep("+CGPSNMEA", mask)) : "ERROR";
  },
});

/** The codes of AT+CGPSXD that can come about. */
const DOWNLOADED = 0;
const NO_NETWORK = 237;

const aidingDownload = defineCommand({
  ...GPS,
  name: "+CGPSXD",
  summary: "Fetches the orbits of the satellites, and succeeds where there is a network; nothing is fetched",
  kind: "detached",
  parameters: [{ kind: "int", name: "server", min: 0, max: 2 }],
  write(_, { line, packetService }) {
    line.afterwards(() => line.info(`+CGPSXD: ${packetService.attached ? DOWNLOADED : NO_NETWORK}`));
    return "OK";
  },
});

/** What the receiver prints unasked, and what it stores for the network. */
export const gpsSettingCommands: readonly Command[] = [
  settingsCommand("+CGPSINFOCFG", ["+CGPSINFOCFG:1"], {
    ...GPS,
    summary: "Prints sentences of NMEA 0183 every so many seconds while the receiver runs",
  }),
  sentences,
  settingCommand("+CGPSSWITCH", {
    ...GPS,
    summary: "Where the sentences go after a restart: 1 to the NMEA port, 2 to the UART too",
    values: [1, 2],
  }),
  settingCommand("+CGPSFTM", { ...GPS, summary: "Prints the satellites in view each second", values: [0, 1] }),
  automaticStart,
  server,
  settingCommand("+CGPSSSL", { ...GPS, summary: "Whether that server is asked over TLS", values: [0, 1] }),
  settingCommand("+CGPSMSB", {
    ...GPS,
    summary: "Whether the module goes on alone without that server",
    values: [0, 1],
  }),
  settingCommand("+CGPSMD", {
    ...GPS,
    summary: "How that server is reached: 0 control plane, 1 user plane",
    values: [0, 1],
  }),
  settingCommand("+CGPSHOR", { ...GPS, summary: "Accuracy that is wanted, in metres" }),
  settingCommand("+CGPSPMD", { ...GPS, summary: "Ways in which positions may be found, as a mask" }),
  settingCommand("+CASSISTLOC", { ...GPS, summary: "Asks the network for the position; it never tells one" }),
  settingCommand("+CGPSXE", { ...GPS, summary: "Whether orbits are used that were fetched before", values: [0, 1] }),
  settingCommand("+CGPSXDAUTO", { ...GPS, summary: "Whether they are fetched again by themselves", values: [0, 1] }),
  aidingDownload,
];
