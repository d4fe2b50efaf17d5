import type { SmtpDialogue } from "./dialogue.ts";
import { accept, type SmtpReply } from "./reply.ts";

/** What a server offers beyond plain SMTP. */
export interface SmtpExtensions {
  /** RFC 1870: whether sizes may be declared, and the largest message that it accepts (0: not given). */
  readonly size: { readonly limit: number } | undefined;
  /** RFC 6152. */
  readonly eightBitMime: boolean;
  /** RFC 2920. */
  readonly pipelining: boolean;
  /** RFC 4954: the names of the AUTH mechanisms, in upper case. */
  readonly mechanisms: ReadonlySet<string>;
}

/** Introduces the client by EHLO, or by HELO to a server that does not know EHLO. */
export async function introduce(dialogue: SmtpDialogue): Promise<SmtpExtensions> {
  const reply = await dialogue.request("EHLO", `EHLO ${dialogue.clientName}`);
  // RFC 5321 §3.2: a client falls back to HELO when EHLO is refused for good.
  if (reply.code < 500) return parseExtensions(accept(reply, "EHLO", 2));
  accept(await dialogue.request("HELO", `HELO ${dialogue.clientName}`), "HELO", 2);
  return parseExtensions({ code: 250, lines: [] });
}

/** Parses the reply to EHLO. Its first line is the server's name. Unknown keywords are ignored. */
function parseExtensions(reply: SmtpReply): SmtpExtensions {
  const offers = new Map<string, string[]>();
  for (const line of reply.lines.slice(1)) {
    // Servers write "AUTH=LOGIN" for Outlook Express 4, some of them beside the line that RFC 4954 asks for. Tabs occur, too.
    const [keyword = "", ...parameters] = line
      .trim()
      .toUpperCase()
      .replace(/^AUTH=/, "AUTH ")
      .split(/[ \t]+/);
    offers.set(keyword, [...(offers.get(keyword) ?? []), ...parameters]);
  }
  const size = offers.get("SIZE");
  return {
    size: size === undefined ? undefined : { limit: /^[0-9]{1,15}$/.test(size[0] ?? "") ? Number(size[0]) : 0 },
    eightBitMime: offers.has("8BITMIME"),
    pipelining: offers.has("PIPELINING"),
    mechanisms: new Set(offers.get("AUTH")),
  };
}
