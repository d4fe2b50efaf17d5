import type { SmtpDialogue } from "./dialogue.ts";
import { accept, type SmtpReply } from "./reply.ts";

/** What a server offers beyond RFC 5321. */
export interface SmtpExtensions {
  /** RFC 1870: whether sizes may be declared, and the largest it takes (0: not said). */
  readonly size: { readonly limit: number } | undefined;
  /** RFC 6152. */
  readonly eightBitMime: boolean;
  /** RFC 2920. */
  readonly pipelining: boolean;
  /** RFC 4954: the mechanisms' names in upper case. */
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

/** Reads the reply to EHLO. Its first line is the server's name; what is not known is passed over. */
function parseExtensions(reply: SmtpReply): SmtpExtensions {
  const offers = new Map<string, string[]>();
  for (const line of reply.lines.slice(1)) {
    // Servers for the clients of 1997 write "AUTH=LOGIN", some beside the line that RFC 4954 wants.
    const [keyword = "", ...parameters] = line
      .trim()
      .toUpperCase()
      .replace(/^AUTH=/, "AUTH ")
      .split(/ +/);
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
