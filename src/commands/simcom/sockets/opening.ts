import { quoted } from "../../../codec/quoted-string.ts";
import type { SocketFailure } from "../../../services/sockets/codes.ts";
import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import type { LinkRequest } from "../../../services/sockets/link.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { ipError, numberedError, olderSetRefusal, usesOlderSet } from "./answers.ts";
import { ANY_NUMBER, connectFirst, linkParameter, openOlder, openTransparent } from "./links.ts";

interface OpenArguments {
  readonly link: number;
  readonly protocol: string;
  readonly host?: string;
  readonly port?: number;
  readonly localPort?: number;
}

/** What the parameters ask for, or nothing where they are wrong. */
function readRequest({ link, protocol, host = "", port = 0, localPort = 0 }: OpenArguments): LinkRequest | undefined {
  const name = protocol.toUpperCase();
  if (localPort > 65535 || port > 65535) return undefined;
  if (name === "UDP") {
    const peer = host === "" || port === 0 ? undefined : { host, port };
    return { number: link, protocol: "UDP", peer, localPort, server: -1 };
  }
  if (name !== "TCP" || host === "" || port === 0) return undefined;
  return { number: link, protocol: "TCP", peer: { host, port }, localPort, server: -1 };
}

function refusalOf(
  { sockets }: ModemContext,
  request: LinkRequest | undefined,
  link: number,
): SocketFailure | undefined {
  if (sockets.network === undefined) return "closed";
  if (request === undefined || (sockets.network.transparent && link !== 0)) return "parameter";
  return sockets.refusal(request);
}

const openLink = defineCommand({
  name: "+CIPOPEN",
  summary: "Opens a link of TCP or UDP",
  spec: { document: "module", section: "1.3" },
  kind: "holding",
  needsPin: true,
  parameters: [
    linkParameter,
    { kind: "string", name: "protocol", maxLength: 255 },
    { kind: "string", name: "host", maxLength: 255, optional: true },
    { kind: "int", name: "port", ...ANY_NUMBER, optional: true },
    { kind: "int", name: "localPort", ...ANY_NUMBER, optional: true },
  ],
  test: () => ['+CIPOPEN: (0-9), ("TCP", "UDP")'],
  read({ line, sockets }) {
    const lines = Array.from({ length: SOCKET_LIMITS.links }, (_, number) => {
      const link = sockets.link(number);
      if (link?.isTaken !== true) return `+CIPOPEN: ${number}`;
      const { protocol, peer, localPort, server } = link.request;
      const port = protocol === "UDP" ? localPort : (peer?.port ?? 0);
      return `+CIPOPEN: ${number},"${protocol}",${quoted(peer?.host ?? "")},${port},${server}`;
    });
    line.info(lines.join("\r\n"));
    return "OK";
  },
  async write(values, context) {
    const { line, sockets, settings } = context;
    const request = readRequest(values);
    const refusal = refusalOf(context, request, values.link);
    const isOlder = usesOlderSet(context);
    if (refusal !== undefined || request === undefined) {
      const failure = refusal ?? "parameter";
      return isOlder ? ipError(context, failure) : numberedError(context, `+CIPOPEN: ${values.link},`, failure);
    }
    if (sockets.network?.transparent === true) return openTransparent(context, request);
    if (isOlder) return openOlder(context, request);
    const period = settings.get("+CIPTIMEOUT:1");
    if (request.protocol === "TCP") {
      line.afterwards(() => sockets.openLater(request, period));
      return "OK";
    }
    const link = await sockets.open(request, period);
    if (typeof link !== "object") return numberedError(context, `+CIPOPEN: ${values.link},`, link ?? "unknown");
    line.info(`+CIPOPEN: ${values.link},0`);
    line.afterwards(() => link.start());
    return "OK";
  },
});

const connect = defineCommand({
  name: "+TCPCONNECT",
  summary: "Opens the one connection of the older command set",
  spec: { document: "module", section: "1.4" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "string", name: "host", minLength: 1, maxLength: 255 },
    { kind: "int", name: "port", min: 1, max: 65535 },
  ],
  test: () => [],
  async write({ host, port }, context) {
    const { sockets, line } = context;
    const refusal = olderSetRefusal(context);
    if (refusal !== undefined) return ipError(context, refusal);
    if (sockets.network?.single === false || sockets.network?.protocol === "UDP")
      return ipError(context, "unsupported");
    if (sockets.link(0)?.isTaken === true) {
      line.info("Connection is already created");
      return "ERROR";
    }
    return connectFirst(context, { number: 0, protocol: "TCP", peer: { host, port }, localPort: 0, server: -1 });
  },
});

/** What opens links. */
export const socketOpeningCommands: readonly Command[] = [openLink, connect];
