import { enterCounted } from "../../counted-data.ts";
import type { Result } from "../../../at/result-code.ts";
import type { ChannelRequest } from "../../../services/tls/channels.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";

const SPEC = { document: "module", section: "2.3" } as const;
const channel = { kind: "int", name: "channel", min: 0, max: 1 } as const;

/** What carries a channel, by the number of AT+CCHOPEN. */
const CARRIERS = ["UDP", "TCP", "TLS"] as const;

/** Starting and stopping: the outcome comes behind `OK`. */
function stackCommand(name: string, summary: string, work: (context: ModemContext) => boolean): Command {
  return defineCommand({
    name,
    summary,
    spec: SPEC,
    kind: "detached",
    needsPin: true,
    parameters: [],
    execute(context) {
      if (!work(context)) return "ERROR";
      context.line.afterwards(() => context.line.info(`${name}: 0`));
      return "OK";
    },
  });
}

const set = defineCommand({
  name: "+CCHSET",
  summary: "Whether sending is reported, and whether received data wait for the host; before AT+CCHSTART",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "int", name: "report", min: 0, max: 1 },
    { kind: "int", name: "manual", min: 0, max: 1, optional: true },
  ],
  test: () => ["+CCHSET: (0,1),(0,1)"],
  read({ line, channels }) {
    line.info(`+CCHSET: ${channels.reportsSending ? 1 : 0},${channels.isManual ? 1 : 0}`);
    return "OK";
  },
  write({ report, manual = 0 }, { channels }) {
    if (channels.isStarted) return "ERROR";
    channels.reportsSending = report === 1;
    channels.isManual = manual === 1;
    return "OK";
  },
});

const mode = defineCommand({
  name: "+CCHMODE",
  summary: "Whether channel 0 is led to the line in online data mode; before AT+CCHSTART",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [{ kind: "int", name: "transparent", min: 0, max: 1 }],
  test: () => ["+CCHMODE: (0,1)"],
  read({ line, channels }) {
    line.info(`+CCHMODE: ${channels.isTransparent ? 1 : 0}`);
    return "OK";
  },
  write({ transparent }, { channels }) {
    if (channels.isStarted) return "ERROR";
    channels.isTransparent = transparent === 1;
    return "OK";
  },
});

/** Opens channel 0 and leads the line to it. */
async function openOnline({ line, channels }: ModemContext, request: ChannelRequest): Promise<Result> {
  const outcome = request.number === 0 ? await channels.openTransparent(request) : undefined;
  if (typeof outcome !== "object") {
    if (outcome !== undefined) line.info(`+CCHOPEN: ${request.number},${outcome}`);
    return "ERROR";
  }
  line.online(outcome.link, outcome.farewell);
  return "CONNECT";
}

const open = defineCommand({
  name: "+CCHOPEN",
  summary: "Opens a channel of TLS, TCP or UDP",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [
    channel,
    { kind: "string", name: "host", minLength: 1, maxLength: 255 },
    { kind: "int", name: "port", min: 1, max: 65535 },
    { kind: "int", name: "type", min: 0, max: 2, optional: true },
    { kind: "int", name: "bind", min: 1, max: 65535, optional: true },
  ],
  test: () => ['+CCHOPEN: (0,1),"ADDRESS",(1-65535),(0-2),(1-65535)'],
  write({ channel: number, host, port, type = 2, bind = 0 }, context) {
    const { line, channels } = context;
    if (!channels.isStarted || channels.has(number)) return "ERROR";
    const request = { number, host, port, carrier: CARRIERS[type] ?? "TLS", localPort: bind };
    if (channels.isTransparent) return openOnline(context, request);
    line.afterwards(() => channels.openLater(request));
    return "OK";
  },
});

const send = defineCommand({
  name: "+CCHSEND",
  summary: "Sends data on a channel",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [channel, { kind: "int", name: "length", min: 1, max: 2048 }],
  async write({ channel: number, length }, context) {
    const { line, channels } = context;
    if (channels.isTransparent || !channels.canSend(number)) return "ERROR";
    const data = await enterCounted(context, length);
    if (data === undefined) return "ERROR";
    const code = await channels.send(number, data);
    if (channels.reportsSending) line.afterwards(() => line.info(`+CCHSEND: ${number},${code}`));
    return code === 0 ? "OK" : "ERROR";
  },
});

const receive = defineCommand({
  name: "+CCHRECV",
  summary: "Gives what has come on a channel, or says how much there is",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [channel, { kind: "int", name: "length", min: 1, max: 1_000_000, optional: true }],
  test: () => ["+CCHRECV: (0,1),(1-1000000)"],
  read({ line, channels }) {
    line.info(`+CCHRECV: LEN,${channels.waiting(0)},1,${channels.waiting(1)}`);
    return "OK";
  },
  write({ channel: number, length }, { line, channels }) {
    if (!channels.has(number)) return "ERROR";
    line.afterwards(async () => {
      const packets = channels.take(number, length ?? channels.waiting(number));
      if (packets.length > 0) await line.packets(packets);
      line.info(`+CCHRECV:${number}, 0`);
    });
    return "OK";
  },
});

const close = defineCommand({
  name: "+CCHCLOSE",
  summary: "Closes a channel",
  spec: SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [channel],
  write({ channel: number }, { line, channels }) {
    if (!channels.has(number)) return "ERROR";
    if (channels.isTransparent) line.hangUp();
    channels.close(number);
    line.afterwards(() => line.info(`+CCHCLOSE: ${number},0`));
    return "OK";
  },
});

const address = defineCommand({
  name: "+CCHADDR",
  summary: "Our address, for each open channel",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ line, channels, packetService }) {
    const lines = [0, 1]
      .filter((number) => channels.has(number))
      .map((number) => `+CCHADDR: ${number},${packetService.address}`);
    if (lines.length === 0) return "ERROR";
    line.info(lines.join("\r\n"));
    return "OK";
  },
});

/** Channels of TLS. */
export const channelCommands: readonly Command[] = [
  stackCommand("+CCHSTART", "Starts the channels", ({ channels }) => {
    if (channels.isStarted) return false;
    channels.start();
    return true;
  }),
  stackCommand("+CCHSTOP", "Stops the channels, and closes them", ({ channels, line }) => {
    if (!channels.isStarted) return false;
    if (channels.isTransparent && channels.has(0)) line.hangUp();
    channels.stop();
    return true;
  }),
  set,
  mode,
  open,
  send,
  receive,
  close,
  address,
];
