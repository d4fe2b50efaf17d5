import { ALL_COMMANDS } from "../../commands/all-commands.ts";
import type { RigModem } from "../rig-modem.ts";
import type { LineKnowledge } from "./line-watch.ts";

/** What the rules must know of a modem besides its events. */
export interface LintView extends LineKnowledge {
  /** Whether the command is at work outside the module, and needs a SIM for it. */
  isService(name: string): boolean;
  readonly simReady: boolean;
  readonly registered: boolean;
  readonly pop3Session: boolean;
  /** The addresses that the next AT+SMTPSEND would send to. */
  readonly recipients: readonly string[];
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

/** A modem as the lint rules see it, now. */
export function lintView(modem: Watched): LintView {
  const { settings } = modem;
  const commands = new Map(ALL_COMMANDS.map((command) => [command.name, command]));
  return {
    get terminator() {
      return String.fromCharCode(settings.get("S3"));
    },
    isAsynchronous: (name) => commands.get(name)?.kind === "asynchronous",
    takesRawBytes: (name) => RAW.includes(name),
    isService(name) {
      const { kind = "synchronous", needsPin = false } = commands.get(name) ?? {};
      return needsPin && kind !== "synchronous";
    },
    get simReady() {
      return modem.module.sim.state === "ready";
    },
    get registered() {
      return modem.module.radio.registered;
    },
    get pop3Session() {
      return modem.services?.pop3.sessionServer !== undefined;
    },
    get recipients() {
      return modem.services?.smtp.draft.recipients.all.map(({ address }) => address) ?? [];
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
