import { cmeError } from "../../at/cme-error.ts";
import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import {
  FORWARDING_REASONS,
  type Forwarding,
  type ForwardingReason,
  type Subscription,
} from "../../module/calls/subscription.ts";
import { typeOfNumber } from "../../module/sms/message-text.ts";
import { type Command, defineCommand } from "../modem-context.ts";
import { settingCommand } from "../setting-command.ts";

const ts27007 = (section: string) => ({ document: "27.007", section }) as const;

/** 27.007 9.2: nothing is registered that could be switched on; no network service. */
const NOT_ALLOWED = cmeError(3);
const NO_NETWORK = cmeError(30);

const callWaiting: Command = {
  ...settingCommand("+CCWA", { summary: "Reports of a call that waits", spec: ts27007("7.12"), needsPin: true }),
  parameters: [
    { kind: "int", name: "value", min: 0, max: 1 },
    { kind: "int", name: "mode", min: 0, max: 2, optional: true },
    { kind: "int", name: "class", min: 1, max: 255, optional: true },
  ],
  test: () => ["+CCWA:(0-1)"],
  write({ value, mode }, { line, settings, calls, radio }) {
    const { subscription } = calls;
    if (mode !== undefined && !radio.registered) return NO_NETWORK;
    // 27.007 7.12: 2 asks the network; class 1 is voice, 7 every class.
    if (mode === 2) line.info(`+CCWA: ${subscription.callWaiting === true ? "1,1" : "0,7"}`);
    else if (mode !== undefined) subscription.callWaiting = mode === 1;
    settings.set("+CCWA", Number(value));
    return "OK";
  },
};

const hiddenNumber: Command = {
  ...settingCommand("+CLIR", { summary: "Whether calls show the own number", spec: ts27007("7.7"), needsPin: true }),
  test: () => ["+CLIR:(0-2)"],
  read({ line, settings }) {
    // 27.007 7.7: 4 is hidden on demand, and shown without one.
    line.info(`+CLIR: ${settings.get("+CLIR")},4`);
    return "OK";
  },
};

/** The reasons that a host names by one number: 4 is all of them, 5 all but the first. */
function reasonsOf(reason: number): readonly ForwardingReason[] {
  const [first, ...conditional] = FORWARDING_REASONS;
  if (reason === 4) return [first, ...conditional];
  return reason === 5 ? conditional : FORWARDING_REASONS.slice(reason, reason + 1);
}

function describeForwarding(forwarding: Forwarding, reason: ForwardingReason): string {
  const { isActive, number, type, time } = forwarding;
  const ringing = reason === "no reply" ? `,,,${time}` : "";
  return `+CCFC: ${isActive ? 1 : 0},1,${quoted(number)},${type}${ringing}`;
}

/** What AT+CCFC=<reason>,2 prints: what is registered for the reasons, or that nothing is for any class. */
function describeForwardings(subscription: Subscription, reasons: readonly ForwardingReason[]): string {
  const lines = reasons.flatMap((reason) => {
    const forwarding = subscription.get(reason);
    return forwarding === undefined ? [] : [describeForwarding(forwarding, reason)];
  });
  return lines.length === 0 ? "+CCFC: 0,255" : lines.join("\r\n");
}

const NUMBER = /^\+?[0-9*#]{1,40}$/;

/** Seconds that a call rings before it is forwarded, where the host does not say it (27.007 7.11). */
const USUAL_TIME = 20;

const forwarding = defineCommand({
  name: "+CCFC",
  summary: "Forwards calls to another number",
  spec: ts27007("7.11"),
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "reason", min: 0, max: 5 },
    { kind: "int", name: "mode", min: 0, max: 4 },
    { kind: "string", name: "number", minLength: 1, maxLength: 41, bare: true, optional: true },
    { kind: "int", name: "type", min: 128, max: 255, optional: true },
    { kind: "int", name: "class", min: 1, max: 255, optional: true },
    { kind: "string", name: "subaddress", maxLength: 40, optional: true },
    { kind: "int", name: "subaddressType", min: 0, max: 255, optional: true },
    { kind: "int", name: "time", min: 1, max: 30, optional: true },
  ],
  test: () => ["+CCFC: (0,1,2,3,4,5)"],
  write({ reason, mode, number, type, time = USUAL_TIME }, { line, calls, radio }): Result {
    const { subscription } = calls;
    const reasons = reasonsOf(reason);
    if (!radio.registered) return NO_NETWORK;
    switch (mode) {
      case 2:
        line.info(describeForwardings(subscription, reasons));
        return "OK";
      case 3:
        if (number === undefined || !NUMBER.test(number)) return "ERROR";
        for (const each of reasons) subscription.register(each, { number, type: type ?? typeOfNumber(number), time });
        return "OK";
      case 4:
        for (const each of reasons) subscription.erase(each);
        return "OK";
      default: {
        const known = reasons.map((each) => subscription.activate(each, mode === 1));
        return mode === 0 || known.includes(true) ? "OK" : NOT_ALLOWED;
      }
    }
  },
});

/** What the network does for the subscriber's calls. */
export const supplementaryCommands: readonly Command[] = [callWaiting, hiddenNumber, forwarding];
