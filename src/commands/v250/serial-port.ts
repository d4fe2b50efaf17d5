import { FLOW_CONTROL_PINS } from "../../module/hardware.ts";
import { Settings } from "../../module/settings/settings.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";
import { settingCommand, settingsCommand } from "../setting-command.ts";
import { whenStored } from "../stored.ts";

const field = { document: "field", section: "7" } as const;
const small = { document: "module", section: "10" } as const;
const v250 = (section: string) => ({ document: "V.250", section }) as const;

/** Rates of a SIM5320 (field.md 7); 0 is automatic detection. */
const RATES = [
  0, 300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 3200000, 3686400, 4000000,
];

/** Sets a real UART once the result code has left at the old rate. @spec V.250 6.2.10 */
function switchRate(rate: number, { line, port }: ModemContext): void {
  if (rate > 0) line.afterwards(() => void port?.set?.({ rate }));
}

const rate: Command = {
  ...settingCommand("+IPR", { summary: "Serial rate in bit/s", spec: v250("6.2.10"), values: RATES }),
  write(values, context) {
    const rate = Number(values.value);
    context.settings.set("+IPR", rate);
    switchRate(rate, context);
    return "OK";
  },
};

/** AT+IPREX: the rate that also holds after a restart; it holds at once, too. */
const storedRate: Command = {
  ...settingCommand("+IPREX", { summary: "Serial rate in bit/s, kept", spec: field, values: RATES }),
  write(values, context) {
    const rate = Number(values.value);
    const { settings } = context;
    const kept = settings.keep("+IPREX", rate).then(() => settings.set("+IPR", rate));
    return whenStored(kept, () => {
      switchRate(rate, context);
      return "OK";
    });
  },
};

const flow = settingsCommand("+IFC", ["+IFC:1"], {
  summary: "Flow control from the DTE and from the DCE",
  spec: v250("6.2.12"),
});

/** Without the pins that carry its circuits there is no flow control (field.md 7). */
const flowControl: Command = {
  ...flow,
  write: (values, context) =>
    context.hardware.isOn(FLOW_CONTROL_PINS) ? (flow.write?.(values, context) ?? "ERROR") : "ERROR",
};

/** AT+IPR2: the rate of a second UART, which has no host here. */
const secondRate = settingCommand("+IPR2", { summary: "Serial rate of the second UART", spec: small, values: RATES });

const urcPort = defineCommand({
  name: "+CATR",
  summary: "Port that unsolicited codes go to; ours is the UART",
  spec: field,
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "port", ...Settings.range("+CATR") },
    { kind: "int", name: "save", min: 0, max: 1, optional: true },
  ],
  test: () => ["+CATR: (0-7),(0,1)"],
  read({ line, settings }) {
    line.info(`+CATR: ${settings.get("+CATR")}`);
    return "OK";
  },
  write({ port, save }, { settings }) {
    const kept = save === 1 ? settings.keep("+CATR:1", port) : Promise.resolve();
    return whenStored(kept.then(() => settings.set("+CATR", port)));
  },
});

/** The serial line: its rate, framing and flow control, and where unsolicited codes go. */
export const serialPortCommands: readonly Command[] = [
  rate,
  storedRate,
  secondRate,
  settingCommand("+CSUART", { summary: "UART of three wires or of seven", spec: small, values: [0, 1] }),
  settingCommand("+CSCLK", { summary: "Slow clock while the host sleeps", spec: small, values: [0, 1] }),
  settingCommand("+CSCHN", { summary: "Channel of the serial line", spec: small, values: [0, 1] }),
  settingCommand("+CSRP", { summary: "Reports of the serial line", spec: small, values: [0, 1] }),
  settingsCommand("+ICF", ["+ICF:1"], { summary: "Character framing", spec: v250("6.2.11") }),
  flowControl,
  urcPort,
];
