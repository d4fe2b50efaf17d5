import type { Result } from "../../../at/result-code.ts";
import { enterCounted } from "../../counted-data.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";
import { printWaiting } from "./waiting-data.ts";

const SPEC = { document: "module", section: "2.1" } as const;

const startStack = defineCommand({
  name: "+CHTTPSSTART",
  summary: "Starts the HTTPS client",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ https }) {
    https.start();
    return "OK";
  },
});

const stopStack = defineCommand({
  name: "+CHTTPSSTOP",
  summary: "Stops the HTTPS client, and ends its session",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute: ({ https }) => (https.stop() ? "OK" : "ERROR"),
});

const open = defineCommand({
  name: "+CHTTPSOPSE",
  summary: "Connects to a server, with TLS or without",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [
    { kind: "string", name: "host", minLength: 1, maxLength: 255 },
    { kind: "int", name: "port", min: 1, max: 65535 },
    { kind: "int", name: "type", min: 1, max: 2, optional: true },
  ],
  test: () => [],
  async write({ host, port, type = 2 }, { https, line, identity }) {
    if (!(await https.open(host, port, type === 2))) return "ERROR";
    if (identity.httpsReports) line.afterwards(() => line.info("+CHTTPSOPSE: 0"));
    return "OK";
  },
});

const send = defineCommand({
  name: "+CHTTPSSEND",
  summary: "Takes a part of the request; without a length sends what was taken",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [{ kind: "int", name: "length", min: 1, max: 4096 }],
  read({ line, https }) {
    line.info(`+CHTTPSSEND: ${https.unsent}`);
    return "OK";
  },
  async write({ length }, context) {
    const { https } = context;
    if (!https.hasRoom(length)) return "ERROR";
    const data = await enterCounted(context, length);
    if (data === undefined) return "ERROR";
    https.collect(data);
    return "OK";
  },
  execute({ line, https }) {
    if (!https.hasSession) return "ERROR";
    line.afterwards(async () => line.info(`+CHTTPSSEND: ${await https.send()}`));
    return "OK";
  },
});

/** Gives so many of the bytes that wait behind `OK`, and reports what is left. */
function receiveData(context: ModemContext, count: number): Result {
  const { https, line } = context;
  if (!https.hasSession) return "ERROR";
  line.afterwards(async () => {
    await printWaiting(context, { name: "+CHTTPSRECV", separator: "," }, https.take(count));
    line.info("+CHTTPSRECV: 0");
    https.remind();
  });
  return "OK";
}

const receive = defineCommand({
  name: "+CHTTPSRECV",
  summary: "Gives what has come of the response, or says how much there is",
  spec: SPEC,
  kind: "holding",
  needsPin: true,
  parameters: [{ kind: "int", name: "length", min: 1, max: 1_000_000 }],
  read({ line, https }) {
    line.info(`+CHTTPSRECV: LEN,${https.waiting}`);
    return "OK";
  },
  write: ({ length }, context) => receiveData(context, length),
  execute: (context) => receiveData(context, context.https.waiting),
});

const close = defineCommand({
  name: "+CHTTPSCLSE",
  summary: "Ends the session; what was not read is dropped",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ https, line, identity }) {
    if (!https.close()) return "ERROR";
    if (identity.httpsReports) line.afterwards(() => line.info("+CHTTPSCLSE: 0"));
    return "OK";
  },
});

const state = defineCommand({
  name: "+CHTTPSSTATE",
  summary: "State of the HTTPS client",
  spec: SPEC,
  kind: "synchronous",
  needsPin: true,
  parameters: [],
  execute({ line, https }) {
    line.info(`+CHTTPSSTATE: ${https.state}`);
    return "OK";
  },
});

/** The HTTPS client. */
export const httpsCommands: readonly Command[] = [startStack, stopStack, open, send, receive, close, state];
