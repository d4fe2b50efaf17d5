import type { Result } from "../../../at/result-code.ts";
import { SOCKET_LIMITS } from "../../../services/sockets/limits.ts";
import { type Command, defineCommand } from "../../modem-context.ts";
import { cipError, ipError, numberedError, olderSetRefusal, type SocketContext, usesOlderSet } from "./answers.ts";
import { ANY_NUMBER } from "./links.ts";

const SPEC = { document: "module", section: "1.6" } as const;

async function start(context: SocketContext, server: number, port: number): Promise<Result> {
  const failure = await context.sockets.servers.start(server, port);
  return failure === undefined ? "OK" : cipError(context, failure);
}

const startServer = defineCommand({
  name: "+SERVERSTART",
  summary: "Listens on a port of this machine, at --server-address",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "int", name: "port", ...ANY_NUMBER, optional: true },
    { kind: "int", name: "server", ...ANY_NUMBER, optional: true },
    { kind: "int", name: "backlog", ...ANY_NUMBER, optional: true },
  ],
  test: () => ["+SERVERSTART: (0-65535),(0-3)"],
  read(context) {
    const { line, sockets } = context;
    const { listening } = sockets.servers;
    if (!usesOlderSet(context)) {
      const lines = listening.map(([server, port]) => `+SERVERSTART: ${server}, ${port}`);
      if (lines.length > 0) line.info(lines.join("\r\n"));
    } else if (sockets.network?.single === false && listening.length > 0) {
      line.info(listening.map(([server]) => `+SERVERSTART: ${server}, LISTENING`).join("\r\n"));
    } else {
      line.info(`+SERVERSTART: ${listening.length > 0 ? "" : "NOT "}LISTENING`);
    }
    return "OK";
  },
  async write({ port, server, backlog = 3 }, context) {
    const { network } = context.sockets;
    if (network === undefined) return cipError(context, "closed");
    const isOlder = network.set === "older";
    const asked = port ?? (isOlder ? network.localPort : undefined);
    const number = server ?? (isOlder ? 0 : undefined);
    const isWrong =
      asked === undefined || number === undefined || asked < 1 || asked > 65535 || backlog < 1 || backlog > 3;
    if (isWrong || number >= SOCKET_LIMITS.servers) return cipError(context, "parameter");
    if (network.transparent && number !== 0) return cipError(context, "parameter");
    if (isOlder && network.protocol === "UDP") return cipError(context, "unsupported");
    return start(context, number, asked);
  },
});

const stopServer = defineCommand({
  name: "+SERVERSTOP",
  summary: "Stops listening",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "server", min: 0, max: SOCKET_LIMITS.servers - 1 }],
  test: () => ["+SERVERSTOP: (0-3)"],
  write({ server }, context) {
    const { line, sockets } = context;
    if (usesOlderSet(context)) return ipError(context, "unsupported");
    const head = `+SERVERSTOP: ${server},`;
    if (sockets.network === undefined) return numberedError(context, head, "closed");
    if (sockets.taken.some(({ request }) => request.server === server)) return numberedError(context, head, "opened");
    if (!sockets.servers.stop(server)) return numberedError(context, head, "unsupported");
    line.info(`${head}0`);
    return "OK";
  },
});

const listClients = defineCommand({
  name: "+LISTCLIENT",
  summary: "Lists the clients of the older command set's server",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute(context) {
    const refusal = olderSetRefusal(context);
    if (refusal !== undefined) return ipError(context, refusal);
    const lines = clients(context).map(
      ({ number, request: { peer } }) => `+LISTCLIENT: ${number}, ${peer?.host} , ${peer?.port}`,
    );
    if (lines.length === 0) return ipError(context, "noClients");
    context.line.info(lines.join("\r\n"));
    return "OK";
  },
});

function clients({ sockets }: SocketContext) {
  return sockets.taken.filter(({ request }) => request.server >= 0);
}

/** A command on one client of the older set. */
function clientCommand(name: string, summary: string, work: (context: SocketContext, client: number) => void): Command {
  return defineCommand({
    name,
    summary,
    spec: SPEC,
    kind: "synchronous",
    needsPin: true,
    parameters: [{ kind: "int", name: "client", ...ANY_NUMBER }],
    test: () => [`${name}: (0-9)`],
    write({ client }, context) {
      const refusal = olderSetRefusal(context);
      if (refusal !== undefined) return ipError(context, refusal);
      if (client >= SOCKET_LIMITS.links) return ipError(context, "clientIndex");
      if (clients(context).length === 0) return ipError(context, "noClients");
      if (!clients(context).some(({ number }) => number === client)) return ipError(context, "clientIndex");
      work(context, client);
      return "OK";
    },
  });
}

/** Servers, and the clients of the older command set. */
export const socketServingCommands: readonly Command[] = [
  startServer,
  stopServer,
  listClients,
  clientCommand("+ACTCLIENT", "Chooses the client that AT+TCPWRITE sends to", ({ sockets }, client) => {
    sockets.activeClient = client;
  }),
  clientCommand("+CLOSECLIENT", "Closes the connection of a client", ({ sockets }, client) => {
    sockets.close(client);
  }),
];
