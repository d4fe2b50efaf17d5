import type { Endpoint } from "../../../platform/network/network.ts";
import { object, optional, text } from "../../../platform/schema/schema.ts";
import type { Stage } from "../../flow.ts";
import { Dialogue } from "../dialogue.ts";
import { defineNetworkKind, type Link } from "../kind.ts";

const VERB = text({
  pattern: "^[A-Za-z]{3,8}$",
  "x-pattern": "a verb of the protocol, like RCPT",
  description: "RCPT, PASS, STOR; GREETING; END: the reply to a mail or to the data of FTP",
});
const ARGUMENT = text({
  minLength: 1,
  maxLength: 1024,
  description: "Only where the command's argument contains this, in any case of letters",
});

/** Services that speak in commands and replies. */
const hasVerbs = ({ service }: Endpoint) => service === "smtp" || service === "pop3" || service === "ftp";

export const reply = defineNetworkKind({
  kind: "reply",
  summary: "What the server says to a verb of SMTP, POP3 or FTP; without `verb` the status line of an HTTP response",
  fields: object({
    verb: optional(VERB),
    argument: optional(ARGUMENT),
    text: text({
      maxLength: 8192,
      pattern: "^[\\u0001-\\u00ff]*$",
      "x-pattern": "one character a byte",
      description: "Without its line end; several lines with CR LF between them",
    }),
  }),
  hasDirection: false,
  isUsedLate: true,
  concerns: ({ verb }, target) => (verb === undefined ? target.service === "http" : hasVerbs(target)),
  open({ verb, argument, text: said }, link) {
    if (verb === undefined) return { down: statusLine(said, link) };
    // RFC 5321 §3.8, RFC 959 §5.4: 421 closes the connection.
    const isLast = said.startsWith("421") && link.service !== "pop3";
    return dialogue(link, { verb, argument, said, afterwards: isLast ? "hang up" : "go on" });
  },
});

export const silence = defineNetworkKind({
  kind: "silence",
  summary: "The server of SMTP, POP3 or FTP never answers to a verb",
  fields: object({ verb: VERB, argument: optional(ARGUMENT) }),
  hasDirection: false,
  isUsedLate: true,
  concerns: (_, target) => hasVerbs(target),
  open: ({ verb, argument }, link) => dialogue(link, { verb, argument, afterwards: "fall silent" }),
});

export const hangUp = defineNetworkKind({
  kind: "hang_up",
  summary: "The server of SMTP, POP3 or FTP closes the connection instead of answering to a verb",
  fields: object({ verb: VERB, argument: optional(ARGUMENT) }),
  hasDirection: false,
  isUsedLate: true,
  concerns: (_, target) => hasVerbs(target),
  open: ({ verb, argument }, link) => dialogue(link, { verb, argument, afterwards: "hang up" }),
});

interface Instead {
  readonly verb: string;
  readonly argument: string | undefined;
  readonly said?: string;
  readonly afterwards: "go on" | "hang up" | "fall silent";
}

function dialogue(link: Link, { verb, argument = "", ...instead }: Instead): Dialogue {
  return new Dialogue({ ...link, verb: verb.toUpperCase(), argument: argument.toLowerCase(), ...instead });
}

/** Replaces the first line of what the server sends. */
function statusLine(said: string, { use }: Link): Stage {
  let isDone = false;
  let isSaid = false;
  return {
    async *pass(bytes) {
      if (isDone || !use()) {
        yield bytes;
        return;
      }
      if (!isSaid) yield Buffer.from(`${said}\r\n`, "latin1");
      isSaid = true;
      const end = bytes.indexOf("\n");
      if (end < 0) return;
      isDone = true;
      yield bytes.subarray(end + 1);
    },
  };
}
