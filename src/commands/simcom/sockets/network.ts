import { type Command, defineCommand } from "../../modem-context.ts";
import { ipError, numberedError } from "./answers.ts";

const SPEC = { document: "module", section: "1.1" } as const;

const openNetwork = defineCommand({
  name: "+NETOPEN",
  summary: "Opens the network for sockets: with parameters the older command set, without them the later one",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "word", name: "protocol", values: ["TCP", "UDP"], optional: true },
    { kind: "int", name: "port", min: 0, max: 65535, optional: true },
    { kind: "int", name: "mode", min: 0, max: 1, optional: true },
  ],
  test: () => ['+NETOPEN: ("TCP", "UDP"), (0-65535), (0-1)'],
  read({ line, identity, sockets: { network } }) {
    const state = network === undefined ? 0 : 1;
    const mode = network !== undefined && !(network.set === "older" && network.single) ? 1 : 0;
    line.info(`+NETOPEN: ${state}${identity.networkState === "alone" ? "" : `,${mode}`}`);
    return "OK";
  },
  async write({ protocol = "TCP", port = 0, mode = 0 }, context) {
    const { settings, sockets, line } = context;
    const transparent = settings.get("+CIPMODE") === 1;
    const network = { set: "older", single: mode === 0, protocol, localPort: port, transparent } as const;
    const failure = sockets.openNetwork(network) ?? (await sockets.openOnly(network));
    if (failure !== undefined) return ipError(context, failure);
    line.info("Network opened");
    return "OK";
  },
  execute(context) {
    const { line, identity, sockets, settings } = context;
    if (identity.socketSets === "older") return "ERROR";
    if (sockets.network !== undefined) return ipError(context, "alreadyOpen");
    const transparent = settings.get("+CIPMODE") === 1;
    line.afterwards(() =>
      sockets.openNetworkLater({ set: "later", single: false, protocol: "TCP", localPort: 0, transparent }),
    );
    return "OK";
  },
});

const closeNetwork = defineCommand({
  name: "+NETCLOSE",
  summary: "Closes the network for sockets",
  spec: SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [],
  execute(context) {
    const { line, sockets } = context;
    if (sockets.network === undefined) return ipError(context, "alreadyClosed");
    if (sockets.network.set === "older") {
      line.hangUp();
      sockets.closeNetwork();
      line.info("Network closed");
      return "OK";
    }
    if (sockets.taken.length > 0) return numberedError(context, "+NETCLOSE: ", "opened");
    line.afterwards(() => sockets.closeNetworkLater());
    return "OK";
  },
});

const address = defineCommand({
  name: "+IPADDR",
  summary: "Address that the network gave",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute(context) {
    const { line, sockets, packetService } = context;
    if (sockets.network === undefined) return ipError(context, "closed");
    line.info(`+IPADDR: ${packetService.address}`);
    return "OK";
  },
});

/** The network for sockets. */
export const socketNetworkCommands: readonly Command[] = [openNetwork, closeNetwork, address];
