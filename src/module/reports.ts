import type { Clock } from "../platform/time/clock.ts";
import { reportCalls } from "./calls/call-reports.ts";
import { reportGps } from "./gps/gps-reports.ts";
import type { Identity } from "./identity.ts";
import type { ModuleState } from "./module-state.ts";
import { TECHNOLOGY } from "./radio/radio.ts";
import { type RegistrationCommand, registrationText } from "./radio/registration-text.ts";
import { formatZone } from "./rtc.ts";
import type { Settings } from "./settings/settings.ts";
import type { SimState } from "./sim.ts";
import { reportBroadcasts } from "./sms/broadcast-reports.ts";
import { reportMessages } from "./sms/message-reports.ts";
import { ussdLine } from "./ussd/ussd-report.ts";

export interface ReportParts {
  readonly module: ModuleState;
  readonly settings: Settings;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly urc: (text: string) => void;
  /** Takes the sentences of the GPS receiver, second by second, where there is a port for them. */
  readonly nmea: ((sentences: string) => void) | undefined;
  /** Ends the reports. */
  readonly signal: AbortSignal;
}

/** The text after `+CPIN: `, unsolicited and in the answer; none for a state that the command reports as an error. */
export const PIN_WORDS: Readonly<Record<SimState, string | undefined>> = {
  ready: "READY",
  pin: "SIM PIN",
  puk: "SIM PUK",
  blocked: undefined,
  busy: undefined,
  absent: undefined,
};

/** Prints changes in the module as URCs, as the settings ask for them. */
export function reportChanges(parts: ReportParts): void {
  const { module, signal } = parts;
  const { sim, radio, packetService, rtc, ussd } = module;
  const reportRegistration = registrationReport(parts);
  const ends = [
    // Registration follows the SIM, so the SIM's URC comes first.
    sim.changed.add(simReport(parts)),
    radio.changed.add(reportRegistration),
    radio.changed.add(technologyReport(parts)),
    packetService.changed.add(reportRegistration),
    rtc.networkTime.add(networkTimeReport(parts)),
    reportMessages(parts),
    reportBroadcasts(parts),
    ussd.replied.add((reply) => {
      if (parts.settings.get("+CUSD") === 1) parts.urc(ussdLine(reply, parts.settings));
    }),
    reportCalls(parts),
    reportGps(parts),
  ];
  signal.addEventListener(
    "abort",
    () => {
      for (const end of ends) end();
    },
    { once: true },
  );
}

function simReport({ module, identity, urc }: ReportParts): (state: SimState) => void {
  let before = module.sim.state;
  return (state) => {
    if (state === "ready" && before === "busy") for (const line of identity.boot.toolkit) urc(line);
    before = state;
    const word = PIN_WORDS[state];
    if (word !== undefined) urc(`+CPIN: ${word}`);
    if (state === "ready") for (const line of identity.boot.loaded) urc(line);
  };
}

function registrationReport({ module, settings, urc }: ReportParts): () => void {
  const commands: readonly RegistrationCommand[] = ["+CREG", "+CGREG"];
  const text = (command: RegistrationCommand) => registrationText(command, settings.get(command), module);
  const whole = (command: RegistrationCommand) => registrationText(command, 2, module);
  const told = new Map(commands.map((command) => [command, whole(command)]));
  return () => {
    for (const command of commands) {
      const now = whole(command);
      const before = told.get(command);
      told.set(command, now);
      const mode = settings.get(command);
      // Mode 1 does not report a change of the cell alone.
      const isNew = mode === 1 ? now.split(",")[0] !== before?.split(",")[0] : now !== before;
      if (mode > 0 && isNew) urc(`${command}: ${text(command)}`);
    }
  };
}

function technologyReport({ module, settings, urc }: ReportParts): () => void {
  const current = () => {
    const { technology } = module.radio;
    return technology === undefined ? 0 : TECHNOLOGY[technology].cnsmod;
  };
  let told = current();
  return () => {
    const now = current();
    if (now === told) return;
    told = now;
    if (settings.get("+CNSMOD") === 1) urc(`+CNSMOD: ${now}`);
  };
}

function networkTimeReport({ module, settings, urc }: ReportParts) {
  return (time: ReturnType<ModuleState["rtc"]["now"]>) => {
    // NVRAM logs a failure; no command waits for the outcome.
    if (settings.get("+CTZU") === 1) module.rtc.set(time).catch(() => undefined);
    if (settings.get("+CTZR") === 1) urc(`+CTZV: ${formatZone(time)}`);
  };
}
