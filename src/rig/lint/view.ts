import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { RigEventBody } from "../events.ts";
import type { RigModem } from "../rig-modem.ts";
import type { LineKnowledge } from "./line-watch.ts";

/** What the rules must know of a modem at the moment of an event, of which they hear later. */
export interface LintMoment {
  /** S3, the character that ends a command line. */
  readonly terminator: string;
  readonly simReady: boolean;
  readonly registered: boolean;
  readonly pop3Session: boolean;
  /** The addresses that AT+SMTPSEND sends to. */
  readonly recipients: readonly string[];
}

/** What the rules must know of a modem besides its events. */
export interface LintView extends LineKnowledge {
  /** The modem now, where the rules must know it for an event like this one. */
  momentOf(event: RigEventBody): LintMoment | undefined;
  /** Whether the command is at work outside the module, and needs a SIM for it. */
  isService(name: string): boolean;
  /** The rate that the host has set on its end, where that can be seen. */
  hostRate(): Promise<number | undefined>;
  /** AT+IPR; 0 for any rate. */
  readonly moduleRate: number;
  /** AT+IFC: whether either side can hold the other. */
  readonly flowControl: boolean;
}

/** The commands after whose `OK` the line carries XMODEM. */
const RAW: readonly string[] = ["+CTXFILE", "+CRXFILE"];

/** A modem, as far as the rules look at it. */
type Watched = Pick<RigModem, "settings" | "module" | "services"> & Partial<Pick<RigModem, "serialPort">>;

/** The events at whose moment the rules look at the modem. */
const MOMENTS: readonly RigEventBody["type"][] = ["host", "line", "command", "connection"];

/** A modem as the lint rules see it. */
export function lintView(modem: Watched): LintView {
  const { settings } = modem;
  const commands = new Map(ALL_COMMANDS.map((command) => [command.name, command]));
  return {
    momentOf(event) {
      if (!MOMENTS.includes(event.type)) return undefined;
      const sends = event.type === "command" && event.name === "+SMTPSEND";
      return {
        terminator: String.fromCharCode(settings.get("S3")),
        simReady: modem.module.sim.state === "ready",
        registered: modem.module.radio.registered,
        pop3Session: modem.services?.pop3.sessionServer !== undefined,
        recipients:
          (sends ? modem.services?.smtp.draft.recipients.all : undefined)?.map(({ address }) => address) ?? [],
      };
    },
    isAsynchronous: (name) => commands.get(name)?.kind === "asynchronous",
    takesRawBytes: (name) => RAW.includes(name),
    isService(name) {
      const { kind = "synchronous", needsPin = false } = commands.get(name) ?? {};
      return needsPin && kind !== "synchronous";
    },
    async hostRate() {
      return (await modem.serialPort?.settings())?.rate;
    },
    get moduleRate() {
      return settings.get("+IPR");
    },
    get flowControl() {
      return settings.get("+IFC") !== 0 || settings.get("+IFC:1") !== 0;
    },
  };
}
