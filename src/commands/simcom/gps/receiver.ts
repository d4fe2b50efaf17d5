import { GPS_MODES } from "../../../module/gps/gps.ts";
import { infoLines } from "../../../module/gps/gps-lines.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { settingCommand } from "../../setting-command.ts";

/** What all commands of the receiver have in common. It needs no SIM. */
export const GPS = { spec: { document: "module", section: "4" }, kind: "synchronous", needsPin: false } as const;

const receiver = defineCommand({
  ...GPS,
  name: "+CGPS",
  summary: "Starts and stops the GPS receiver",
  parameters: [
    { kind: "int", name: "on", min: 0, max: 1, values: [0, 1] },
    { kind: "int", name: "mode", min: 1, max: 3, optional: true },
  ],
  testSeparator: ",",
  read({ line, gps }) {
    line.info(`+CGPS: ${gps.receiver === "off" ? 0 : 1},${gps.mode}`);
    return "OK";
  },
  write({ on, mode = GPS_MODES.alone }, { gps }) {
    if (on === 1) return gps.start(mode) ? "OK" : "ERROR";
    gps.stop();
    return "OK";
  },
});

/** Defines a command that starts the receiver with more or less knowledge of the satellites. */
function startCommand(name: string, start: "cold" | "hot", summary: string): Command {
  return defineCommand({
    ...GPS,
    name,
    summary,
    parameters: [],
    execute({ gps }) {
      return gps.start(GPS_MODES.alone, start) ? "OK" : "ERROR";
    },
  });
}

const information: Command = {
  ...settingCommand("+CGPSINFO", {
    ...GPS,
    summary: "Position, time, altitude, speed in knots and course; with a number every so many seconds",
  }),
  execute({ line, gps }) {
    for (const text of infoLines(gps.view)) line.info(text);
    return "OK";
  },
};

const forget = defineCommand({
  ...GPS,
  name: "+CGPSDEL",
  summary: "Forgets where the satellites are, so that the next start is a cold one",
  parameters: [],
  execute({ gps }) {
    gps.forget();
    return "OK";
  },
});

/** The receiver, and what it has found. */
export const gpsReceiverCommands: readonly Command[] = [
  receiver,
  information,
  startCommand("+CGPSCOLD", "cold", "Starts the receiver as if it had never run"),
  startCommand("+CGPSHOT", "hot", "Starts the receiver with all that it knows of the satellites"),
  forget,
];
