import { PacketEntry } from "../../../at/entry/packet-entry.ts";
import type { Result } from "../../../at/result-code.ts";
import type { Endpoint } from "../../../platform/network/network.ts";
import type { SocketFailure } from "../../../services/sockets/codes.ts";
import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import type { Link } from "../../../services/sockets/link.ts";
import { enterCounted } from "../../counted-data.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { cipError, ipError, olderSetRefusal, type SocketContext, usesOlderSet } from "./answers.ts";
import { ANY_NUMBER, linkParameter } from "./links.ts";

/** Prompts for data up to Ctrl-Z. */
async function enterPacket({ line }: SocketContext): Promise<Buffer | undefined> {
  const entry = new PacketEntry(SOCKET_LIMITS.block);
  const outcome = await line.prompt(">", entry, "inline");
  return outcome === "ended" && !entry.overflown ? entry.packet : undefined;
}

interface Sending {
  readonly link: Link;
  /** How many bytes; until Ctrl-Z without it. */
  readonly length: number | undefined;
  readonly target: Endpoint | undefined;
  /** What stands before the counts. */
  readonly head: string;
  /** Between the two counts. */
  readonly separator: "," | ", ";
}

/** Prompts, sends, and prints the counts behind `OK` (module.md 1.4). */
async function send(context: SocketContext, { link, length, target, head, separator }: Sending): Promise<Result> {
  const { line, settings } = context;
  const data = await (length === undefined ? enterPacket(context) : enterCounted(context, length));
  if (data === undefined) return "ERROR";
  const isConfirmed = settings.get("+CIPSENDMODE") === 1;
  const taken = await link.send(data, isConfirmed, target);
  const isOk = usesOlderSet(context) && link.request.protocol === "TCP" && taken === data.length;
  // Hosts look for the counts right behind OK (module.md 0.4).
  line.afterwards(() => {
    line.info(`${head}${data.length}${separator}${taken}`);
    if (isOk) line.info("Send ok");
  });
  return "OK";
}

const sendPacket = defineCommand({
  name: "+CIPSEND",
  summary: "Sends data on a link: as many as told, or up to Ctrl-Z",
  spec: { document: "module", section: "1.4" },
  kind: "holding",
  needsPin: true,
  parameters: [
    linkParameter,
    { kind: "int", name: "length", ...ANY_NUMBER, optional: true },
    // The address of a UDP peer, or the push flag of TCP, which has no effect.
    { kind: "string", name: "peer", maxLength: 255, bare: true, optional: true },
    { kind: "int", name: "port", ...ANY_NUMBER, optional: true },
  ],
  test: () => ["+CIPSEND: (0-9), (1-1500)"],
  read: () => "OK",
  async write({ link: number, length, peer, port = 0 }, context) {
    const { sockets } = context;
    const isOlder = usesOlderSet(context);
    const link = sockets.link(number);
    if (sockets.network === undefined) return cipError(context, "closed");
    if (link?.state === "opening") return cipError(context, "busy");
    if (link?.state !== "open" || link.isTransparent) return cipError(context, isOlder ? "notCreated" : "unsupported");
    const isUdp = link.request.protocol === "UDP";
    const target = isUdp && peer !== undefined ? { host: peer, port } : undefined;
    const limit = isOlder ? SOCKET_LIMITS.olderBlock : SOCKET_LIMITS.block;
    const isWrong =
      (length !== undefined && (length < 1 || length > limit)) ||
      (isOlder && length === undefined) ||
      (isUdp ? !isPeer(target ?? link.request.peer) : peer !== undefined && !isPushFlag(context, peer, port));
    if (isWrong) return cipError(context, "parameter");
    return send(context, {
      link,
      length,
      target,
      head: isOlder ? "+CIPSEND: " : `+CIPSEND: ${number},`,
      separator: ",",
    });
  },
});

function isPeer(peer: Endpoint | undefined): boolean {
  return peer !== undefined && peer.host !== "" && peer.port >= 1 && peer.port <= 65535;
}

function isPushFlag({ settings }: SocketContext, text: string, port: number): boolean {
  return settings.get("+CIPENPSH") === 1 && /^[01]$/.test(text) && port === 0;
}

const write = defineCommand({
  name: "+TCPWRITE",
  summary: "Sends data on the one connection of the older command set, or to the active client",
  spec: { document: "module", section: "1.4" },
  kind: "holding",
  needsPin: true,
  parameters: [{ kind: "int", name: "length", ...ANY_NUMBER }],
  test: () => ["+TCPWRITE: (1-1024)"],
  async write({ length }, context) {
    const link = olderSetRefusal(context) ?? olderPeer(context);
    if (typeof link === "string") return ipError(context, link);
    if (length < 1 || length > SOCKET_LIMITS.olderBlock) return ipError(context, "parameter");
    return send(context, { link, length, target: undefined, head: "+TCPWRITE: ", separator: ", " });
  },
});

/** Who gets what AT+TCPWRITE sends. */
function olderPeer({ sockets }: SocketContext): Link | SocketFailure {
  if (sockets.servers.listening.length > 0) {
    const client = sockets.activeClient === undefined ? undefined : sockets.link(sockets.activeClient);
    if (client?.state === "open") return client;
    return sockets.taken.length === 0 ? "noClients" : "noActiveClient";
  }
  const link = sockets.link(0);
  return link?.state === "open" && !link.isTransparent ? link : "notCreated";
}

const sendDatagram = defineCommand({
  name: "+UDPSEND",
  summary: "Sends a datagram with the older command set",
  spec: { document: "module", section: "1.4" },
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "length", ...ANY_NUMBER },
    { kind: "string", name: "host", minLength: 1, maxLength: 255 },
    { kind: "int", name: "port", min: 1, max: 65535 },
  ],
  test: () => ['+UDPSEND: (1-1024),"IP",(1-65535)'],
  async write({ length, host, port }, context) {
    const { sockets } = context;
    const refusal = olderSetRefusal(context);
    if (refusal !== undefined) return ipError(context, refusal);
    const { network } = sockets;
    if (network?.single !== true || network.protocol !== "UDP") return ipError(context, "unsupported");
    if (length < 1 || length > SOCKET_LIMITS.olderBlock) return ipError(context, "parameter");
    const link = sockets.link(0);
    if (link?.state !== "open") return ipError(context, "notCreated");
    return send(context, { link, length, target: { host, port }, head: "+UDPSEND: ", separator: ", " });
  },
});

/** What sends. */
export const socketSendingCommands: readonly Command[] = [sendPacket, write, sendDatagram];
