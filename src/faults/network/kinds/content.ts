import { integer, object, optional, text } from "../../../platform/schema/schema.ts";
import type { Stage } from "../../flow.ts";
import { defineNetworkKind, type Link } from "../kind.ts";

export const corrupt = defineNetworkKind({
  kind: "corrupt",
  summary: "Replaces bytes at a place, as many as the string has",
  fields: object({
    at: integer({ minimum: 0, description: "Place of the first byte, from 0, since the fault holds" }),
    bytes: text({
      minLength: 1,
      maxLength: 65_536,
      pattern: "^[\\u0000-\\u00ff]*$",
      "x-pattern": "one character from 0 to 255 a byte",
    }),
  }),
  open({ at: place, bytes: given }) {
    const replacement = Buffer.from(given, "latin1");
    const stage = (): Stage => {
      let passed = 0;
      return {
        async *pass(bytes) {
          const changed = Buffer.from(bytes);
          const start = Math.max(place, passed);
          const end = Math.min(place + replacement.length, passed + changed.length);
          if (start < end) replacement.copy(changed, start - passed, start - place, end - place);
          passed += changed.length;
          yield changed;
        },
      };
    };
    return { up: stage(), down: stage() };
  },
});

export const reply = defineNetworkKind({
  kind: "reply",
  summary: "What the server says to a verb of SMTP, POP3 or FTP; without `verb` the status line of an HTTP response",
  fields: object({
    verb: optional(
      text({
        pattern: "^[A-Za-z]{3,8}$",
        "x-pattern": "a verb of the protocol, like RCPT",
        description: "RCPT, PASS, STOR",
      }),
    ),
    text: text({
      minLength: 1,
      maxLength: 8192,
      pattern: "^[\\u0001-\\u00ff]*$",
      "x-pattern": "one character a byte",
      description: "Without its line end; several lines with CR LF between them",
    }),
  }),
  hasDirection: false,
  open({ verb, text: said }, link) {
    if (verb !== undefined) return answered(verb.toUpperCase(), said, link);
    return link.service === "http" ? { down: statusLine(said) } : {};
  },
});

/** A command whose reply is awaited. */
type Awaited = "own" | "data" | "other";

/** The last line of a reply of SMTP or FTP, but for a preliminary one (RFC 959 §4.2), or the first one of POP3. */
const REPLY_END = /^([2-5]\d\d(?!-)|[+-])/;

/**
 * Answers each command of that verb instead of the server, which never sees it: it has not done what it would have
 * reported. The answer takes its place among those to other commands, which a client may have sent without waiting. Text
 * of a mail is no command.
 */
function answered(verb: string, said: string, { service, say }: Link): { readonly up: Stage; readonly down: Stage } {
  const awaited: Awaited[] = [];
  let isMail = false;
  const answer = () => {
    for (; awaited[0] === "own"; awaited.shift()) say(Buffer.from(`${said}\r\n`, "latin1"));
  };
  const up = byLine(function* (line) {
    const text = line.toString("latin1").trimEnd();
    if (isMail && text !== ".") {
      yield line;
      return;
    }
    const given = isMail ? "" : /^[A-Za-z]*/.exec(text)?.[0].toUpperCase();
    isMail = false;
    awaited.push(given === verb ? "own" : service === "smtp" && given === "DATA" ? "data" : "other");
    if (given === verb) answer();
    else yield line;
  });
  const down = byLine(function* (line) {
    yield line;
    const text = line.toString("latin1");
    if (!REPLY_END.test(text)) return;
    if (awaited.shift() === "data") isMail = text.startsWith("3");
    answer();
  });
  return { up, down };
}

/** A stage that takes whole lines. */
function byLine(pass: (line: Buffer) => Iterable<Buffer>): Stage {
  let rest: Buffer = Buffer.alloc(0);
  return {
    async *pass(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        const line = rest.subarray(0, end + 1);
        rest = rest.subarray(end + 1);
        yield* pass(line);
      }
    },
  };
}

/** Replaces the first line of what the server sends. */
function statusLine(said: string): Stage {
  let isDone = false;
  let isSaid = false;
  return {
    async *pass(bytes) {
      if (isDone) {
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
