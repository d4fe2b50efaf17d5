import { userDataOf } from "../../codec/sms/user-data.ts";
import { isRecord } from "../settings/nvram.ts";
import type { ValueRule } from "../state/schema.ts";

/** What the network says to a code or an answer, and what it understands then; a text alone ends the dialogue. */
export type UssdAnswer = string | { readonly text: string; readonly answers: UssdTable };

/** By what the host sends. */
export interface UssdTable {
  readonly [sent: string]: UssdAnswer;
}

/** Characters of a message of the GSM alphabet, and of one in UCS2 (3GPP TS 23.038 5; 160 octets). */
const LONGEST = { gsm: 182, ucs2: 80 } as const;
/** Menus in menus; more than any network has. */
const DEEPEST = 16;

/** Whether one message of supplementary services carries the text. */
function fits(text: string): boolean {
  return text.length <= (userDataOf(text).coding === 0 ? LONGEST.gsm : LONGEST.ucs2);
}

function isTable(value: unknown, depth: number): boolean {
  if (!isRecord(value) || depth > DEEPEST) return false;
  return Object.entries(value).every(([sent, answer]) => sent !== "" && fits(sent) && isAnswer(answer, depth));
}

function isAnswer(value: unknown, depth: number): boolean {
  if (typeof value === "string") return fits(value);
  if (!isRecord(value) || Object.keys(value).some((name) => name !== "text" && name !== "answers")) return false;
  return typeof value.text === "string" && fits(value.text) && isTable(value.answers, depth + 1);
}

const TEXT = { type: "string", maxLength: LONGEST.gsm } as const;

/** What a patch may set. */
export const USSD_TABLE: ValueRule = {
  schema: {
    type: "object",
    description: 'What the network says by code: {"*100#":"text","*101#":{"text":"...","answers":{"1":"..."}}}',
    additionalProperties: {
      anyOf: [
        TEXT,
        {
          type: "object",
          properties: { text: TEXT, answers: { type: "object" } },
          required: ["text", "answers"],
          additionalProperties: false,
        },
      ],
    },
  },
  description: "a text of at most 182 characters for each code, or a text and the answers to it",
  accepts: (value) => isTable(value, 0),
};
