import type { Settings } from "../../../module/settings/settings.ts";
import type { MessageStatus } from "../../../module/sms/message-store.ts";

/** The states of a message, as text mode writes them, in the order in which PDU mode counts them (27.005 3.1). */
export const STATUS_WORDS = ["REC UNREAD", "REC READ", "STO UNSENT", "STO SENT"] as const;

/** The status that a host names, in the words of the mode that is on; `undefined` when it is not valid. */
export function readStatus(text: string, settings: Settings): MessageStatus | undefined {
  const status =
    settings.get("+CMGF") === 0
      ? "0123".indexOf(text)
      : (STATUS_WORDS as readonly string[]).indexOf(text.toUpperCase());
  return text !== "" && status >= 0 && (settings.get("+CMGF") === 1 || text.length === 1)
    ? (status as MessageStatus)
    : undefined;
}
