import type { Result } from "../../../at/result-code.ts";
import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import type { Link } from "../../../services/sockets/link.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { cipError, ipError, numberedError, olderSetRefusal, type SocketContext, usesOlderSet } from "./answers.ts";
import { linkParameter } from "./links.ts";

/** Closes a link; one of online data mode gives the line up first. */
function close({ line, sockets }: SocketContext, link: Link): void {
  if (link.isTransparent) line.hangUp();
  sockets.close(link.number);
}

/** The answer of the later set: TCP says `OK` first, UDP at the end (module.md 0.3, 1.7). */
function closeLater(context: SocketContext, link: Link): Result {
  const { line } = context;
  const texts = [...(link.isTransparent ? ["CLOSED"] : []), `+CIPCLOSE: ${link.number},0`];
  const say = () => {
    for (const text of texts) line.info(text);
  };
  close(context, link);
  if (link.request.protocol === "UDP") say();
  else line.afterwards(say);
  return "OK";
}

const closeLink = defineCommand({
  name: "+CIPCLOSE",
  summary: "Closes a link; lists which are open",
  spec: { document: "module", section: "1.6" },
  kind: "holding",
  needsPin: true,
  parameters: [linkParameter],
  test: () => ["+CIPCLOSE: (0-9)"],
  read({ line, sockets }) {
    const states = Array.from({ length: SOCKET_LIMITS.links }, (_, number) => (sockets.link(number)?.isTaken ? 1 : 0));
    line.info(`+CIPCLOSE: ${states.join(",")}`);
    return "OK";
  },
  write({ link: number }, context) {
    const { sockets } = context;
    const link = sockets.link(number);
    const isOlder = usesOlderSet(context);
    if (link?.isTaken !== true) {
      if (!isOlder) return numberedError(context, `+CIPCLOSE: ${number},`, "unsupported");
      return ipError(context, sockets.network === undefined ? "closed" : "unsupported");
    }
    if (!isOlder) return closeLater(context, link);
    close(context, link);
    return "OK";
  },
});

const closeOlder = defineCommand({
  name: "+TCPCLOSE",
  summary: "Closes the one connection of the older command set, or that of a client",
  spec: { document: "module", section: "1.4" },
  kind: "holding",
  needsPin: true,
  parameters: [{ ...linkParameter, optional: true }],
  test: () => [],
  write({ link: number = 0 }, context) {
    const refusal = olderSetRefusal(context);
    if (refusal !== undefined) return ipError(context, refusal);
    const link = context.sockets.link(number);
    if (link?.isTaken !== true) return ipError(context, "notCreated");
    close(context, link);
    return "OK";
  },
});

const statistics = defineCommand({
  name: "+CIPSTAT",
  summary: "Bytes that a link has sent and received",
  spec: { document: "module", section: "1.6" },
  kind: "synchronous",
  needsPin: true,
  parameters: [linkParameter],
  test: () => ["+CIPSTAT: (0-9)"],
  write({ link: number }, context) {
    const link = context.sockets.link(number);
    if (context.sockets.network === undefined) return cipError(context, "closed");
    if (link?.isTaken !== true) return cipError(context, "unsupported");
    context.line.info(`+CIPSTAT: ${link.sent}, ${link.received}`);
    return "OK";
  },
});

/** What closes links and counts. */
export const socketClosingCommands: readonly Command[] = [closeLink, closeOlder, statistics];
