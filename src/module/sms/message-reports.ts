import type { DeliveredMessage, StatusReport } from "../../codec/sms/pdu.ts";
import type { Settings } from "../settings/settings.ts";
import { messageClass, messagePdu, messageText } from "./message-text.ts";
import type { Acceptance, Sms } from "./sms.ts";

export interface MessageReportParts {
  readonly module: { readonly sms: Sms };
  readonly settings: Settings;
  readonly urc: (text: string) => void;
}

/** Reports what comes as AT+CNMI says, and prints what goes straight to the host. Returns what ends that. */
export function reportMessages(parts: MessageReportParts): () => void {
  const { module, settings, urc } = parts;
  const { sms } = module;
  const ends = [
    sms.arrived.add(({ storage, index }) => {
      if (storage === "SR") urc(`+CDSI: "SR",${index}`);
      else if (settings.get("+CNMI:1") > 0) urc(`+CMTI: "${storage}",${index}`);
    }),
    sms.overflowed.add(() => urc("+SMS_FULL")),
  ];
  sms.accept = (message) => accept(message, parts);
  return () => {
    for (const end of ends) end();
    sms.accept = () => "stored";
  };
}

function accept(message: DeliveredMessage | StatusReport, { module, settings, urc }: MessageReportParts): Acceptance {
  const { sms } = module;
  const way = wayOf(message, settings);
  if (way !== "printed") return way;
  // 27.005 3.4.1: with service 1 nothing follows a message that the host has not acknowledged.
  if (sms.unacknowledged) return "busy";
  const head = message.kind === "report" ? "+CDS: " : "+CMT: ";
  if (settings.get("+CMGF") === 1) urc(`${head}${messageText(message, settings, sms.serviceCentre)}`);
  else urc(`${head}${message.kind === "report" ? "" : ","}${messagePdu(message, sms.serviceCentre)}`);
  if (settings.get("+CSMS") === 1) sms.awaitAcknowledgement();
  return "taken";
}

/** 27.005 3.4.1: <mt> and <ds> say what is printed and what is stored; the class of a message may know better. */
function wayOf(message: DeliveredMessage | StatusReport, settings: Settings): "printed" | "stored" | "taken" {
  if (message.kind === "report") return (["taken", "printed", "stored"] as const)[settings.get("+CNMI:3")] ?? "taken";
  const kind = messageClass(message);
  if (kind === 0) return "printed";
  const mt = settings.get("+CNMI:1");
  return (mt === 2 && kind !== 2) || (mt === 3 && kind === 3) ? "printed" : "stored";
}
