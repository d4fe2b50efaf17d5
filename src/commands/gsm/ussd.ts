import { cmeError } from "../../at/cme-error.ts";
import { alphabetOf } from "../../codec/sms/user-data.ts";
import type { Settings } from "../../module/settings/settings.ts";
import { readText } from "../../module/sms/charset.ts";
import { charsetOf } from "../../module/sms/message-text.ts";
import { type Command, defineCommand } from "../modem-context.ts";

/** 27.007 9.2: no network service. */
const NO_NETWORK = cmeError(30);

/** What the host has written, in its character set, or in that of the coding that it names. */
function readCode(written: string, coding: number | undefined, settings: Settings): string {
  const charset = charsetOf(settings);
  const isUcs2 = coding !== undefined && alphabetOf(coding) === "ucs2";
  return readText(written, isUcs2 ? "UCS2" : charset) ?? written;
}

const supplementaryData = defineCommand({
  name: "+CUSD",
  summary: "Sends a code of supplementary services (USSD), or an answer; how what the network says is reported",
  spec: { document: "27.007", section: "7.15" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "mode", min: 0, max: 2 },
    { kind: "string", name: "text", minLength: 1, maxLength: 4 * 182, bare: true, optional: true },
    { kind: "int", name: "coding", min: 0, max: 255, optional: true },
  ],
  test: () => ["+CUSD: (0-2)"],
  read({ line, settings }) {
    line.info(`+CUSD: ${settings.get("+CUSD")}`);
    return "OK";
  },
  write({ mode, text, coding }, { settings, ussd }) {
    if (mode === 2) {
      ussd.cancel();
      return "OK";
    }
    settings.set("+CUSD", mode);
    if (text === undefined) return "OK";
    return ussd.send(readCode(text, coding, settings)) ? "OK" : NO_NETWORK;
  },
  execute({ settings }) {
    settings.set("+CUSD", 0);
    return "OK";
  },
});

/** Supplementary services by text. */
export const ussdCommands: readonly Command[] = [supplementaryData];
