import { BROADCAST_CODINGS, type BroadcastPage, encodeBroadcast } from "../../codec/sms/broadcast.ts";
import type { Settings } from "../settings/settings.ts";
import type { CellBroadcasts } from "./cell-broadcasts.ts";
import { printText } from "./charset.ts";
import { charsetOf } from "./message-text.ts";

export interface BroadcastReportParts {
  readonly module: { readonly broadcasts: CellBroadcasts };
  readonly settings: Settings;
  readonly urc: (text: string) => void;
}

/** Of AT+CNMI: broadcasts are printed. */
const PRINTED = 2;

/** Prints broadcasts as AT+CNMI says. Returns what ends that. */
export function reportBroadcasts({ module: { broadcasts }, settings, urc }: BroadcastReportParts): () => void {
  broadcasts.print = (page) => {
    if (settings.get("+CNMI:2") !== PRINTED) return false;
    urc(`+CBM: ${settings.get("+CMGF") === 1 ? pageText(page, settings) : pagePdu(page)}`);
    return true;
  };
  return () => {
    broadcasts.print = undefined;
  };
}

/** 27.005 3.4.1: as with messages, what is not of the GSM alphabet is printed as octets. */
function pageText({ serial, id, coding, text, page, pages }: BroadcastPage, settings: Settings): string {
  const charset = coding === BROADCAST_CODINGS.ucs2 ? "UCS2" : charsetOf(settings);
  return `${serial},${id},${coding},${page},${pages}\r\n${printText(text, charset)}`;
}

function pagePdu(page: BroadcastPage): string {
  const pdu = encodeBroadcast(page);
  return `${pdu.length}\r\n${pdu.toString("hex").toUpperCase()}`;
}
