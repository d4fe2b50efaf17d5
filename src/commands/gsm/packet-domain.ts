import { cmeError } from "../../at/cme-error.ts";
import { quoted } from "../../codec/quoted-string.ts";
import {
  CONTEXTS,
  type ContextList,
  type PdpAuthentication,
  type PdpContext,
  PLAIN_CONTEXT,
} from "../../module/radio/packet-service.ts";
import { type Command, defineCommand, type ModemContext } from "../modem-context.ts";
import { whenStored } from "../stored.ts";

const contextNumber = { kind: "int", name: "cid", ...CONTEXTS } as const;

/** 27.007 9.2: no network service. */
const NO_NETWORK = cmeError(30);

const attach = defineCommand({
  name: "+CGATT",
  summary: "Attaches to and detaches from the packet domain",
  spec: { document: "27.007", section: "10.1.9" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ kind: "int", name: "state", min: 0, max: 1, values: [0, 1] }],
  read({ line, packetService }) {
    line.info(`+CGATT: ${packetService.attached ? 1 : 0}`);
    return "OK";
  },
  write({ state }, { packetService }) {
    return packetService.attach(state === 1) ? "OK" : NO_NETWORK;
  },
});

interface ContextCommand extends Pick<Command, "name" | "summary" | "spec"> {
  readonly contexts: (modem: ModemContext) => ContextList<PdpContext>;
  /** What the read form shows. */
  readonly listed: (list: ContextList<PdpContext>) => readonly (readonly [number, PdpContext])[];
  /** The last kind of compression of data and of headers, and how the test form writes the kinds. */
  readonly compressions: { readonly data: number; readonly headers: number; readonly shown: string };
}

/** AT+CGDCONT and SIMCom's AT+CGSOCKCONT: the same command over two lists of contexts. */
function contextCommand({ name, summary, spec, contexts, listed, compressions }: ContextCommand): Command {
  return defineCommand({
    name,
    summary,
    spec,
    kind: "synchronous",
    needsPin: true,
    parameters: [
      contextNumber,
      { kind: "word", name: "type", values: ["IP", "PPP", "IPV6"], optional: true },
      { kind: "string", name: "apn", maxLength: 100, optional: true },
      { kind: "string", name: "address", maxLength: 100, optional: true },
      { kind: "int", name: "dataCompression", min: 0, max: compressions.data, optional: true },
      { kind: "int", name: "headerCompression", min: 0, max: compressions.headers, optional: true },
    ],
    test: () => ["IP", "PPP", "IPV6"].map((type) => `${name}: (1-16),"${type}",,,${compressions.shown}`),
    read(modem) {
      const lines = listed(contexts(modem)).map(
        ([cid, { type, apn, address, dataCompression, headerCompression }]) =>
          `${name}: ${cid},"${type}",${quoted(apn)},${quoted(address)},${dataCompression},${headerCompression}`,
      );
      if (lines.length > 0) modem.line.info(lines.join("\r\n"));
      return "OK";
    },
    // 27.007 10.1.1: a number alone removes the context.
    write({ cid, type, apn = "", address = PLAIN_CONTEXT.address, dataCompression = 0, headerCompression = 0 }, modem) {
      const list = contexts(modem);
      const context = type === undefined ? undefined : { type, apn, address, dataCompression, headerCompression };
      return whenStored(context === undefined ? list.delete(cid) : list.set(cid, context));
    },
  });
}

/** Every context there can be, those that are not defined with what holds for them (module.md 10). */
function all(contexts: ContextList<PdpContext>): readonly (readonly [number, PdpContext])[] {
  return Array.from(
    { length: CONTEXTS.max },
    (_, index) => [index + 1, contexts.get(index + 1) ?? PLAIN_CONTEXT] as const,
  );
}

/** AT+CSOCKAUTH and AT+CGAUTH: the same command over two lists. */
function authenticationCommand(
  name: string,
  spec: Command["spec"],
  lengths: string,
  listOf: (modem: ModemContext) => ContextList<PdpAuthentication>,
): Command {
  return defineCommand({
    name,
    summary: "Log-in of a context",
    spec,
    kind: "synchronous",
    needsPin: true,
    parameters: [
      contextNumber,
      { kind: "int", name: "type", min: 0, max: 3, optional: true },
      // Hosts disagree on the order of the two (decisions 10): either may be the password.
      { kind: "string", name: "password", maxLength: 132, secret: true, optional: true },
      { kind: "string", name: "user", maxLength: 132, secret: true, optional: true },
    ],
    test: () => [`${name}: (1-16),(0-3),${lengths}`],
    read(modem) {
      const lines = listOf(modem).entries.map(
        ([cid, { type, user }]) => `${name}: ${cid},${type}${user === "" ? "" : `,${quoted(user)}`}`,
      );
      if (lines.length > 0) modem.line.info(lines.join("\r\n"));
      return "OK";
    },
    write({ cid, type = 0, user = "" }, modem) {
      const list = listOf(modem);
      return whenStored(type === 0 ? list.delete(cid) : list.set(cid, { type, user }));
    },
  });
}

const activeContext = defineCommand({
  name: "+CSOCKSETPN",
  summary: "Context that the services use",
  spec: { document: "field", section: "7" },
  kind: "synchronous",
  needsPin: true,
  parameters: [contextNumber],
  read({ line, packetService }) {
    line.info(`+CSOCKSETPN: ${packetService.activeContext}`);
    return "OK";
  },
  write({ cid }, { packetService }) {
    packetService.activeContext = cid;
    return "OK";
  },
});

const activation = defineCommand({
  name: "+CGACT",
  summary: "Activates and deactivates PDP contexts",
  spec: { document: "27.007", section: "10.1.10" },
  kind: "synchronous",
  needsPin: true,
  parameters: [
    { kind: "int", name: "state", min: 0, max: 1, values: [0, 1] },
    { ...contextNumber, optional: true },
  ],
  test: () => ["+CGACT: (0,1)"],
  read({ line, packetService }) {
    const lines = packetService.contexts.ids.map((cid) => `+CGACT: ${cid},${packetService.isActivated(cid) ? 1 : 0}`);
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return "OK";
  },
  write({ state, cid }, { packetService }) {
    if (state === 1) return packetService.activate(cid) ? "OK" : NO_NETWORK;
    packetService.deactivate(cid);
    return "OK";
  },
});

const contextAddress = defineCommand({
  name: "+CGPADDR",
  summary: "Addresses of PDP contexts",
  spec: { document: "27.007", section: "10.1.14" },
  kind: "synchronous",
  needsPin: true,
  parameters: [{ ...contextNumber, optional: true }],
  test: ({ packetService }) => [`+CGPADDR: (${packetService.contexts.ids.join(",")})`],
  write({ cid }, { line, packetService }) {
    const { contexts } = packetService;
    const asked = cid === undefined ? contexts.ids : contexts.ids.filter((id) => id === cid);
    const lines = asked.map(
      (id) => `+CGPADDR: ${id},${quoted(packetService.isActivated(id) ? packetService.address : "0.0.0.0")}`,
    );
    if (lines.length > 0) line.info(lines.join("\r\n"));
    return "OK";
  },
});

/** The packet domain, as hosts set it up before they use a service. */
export const packetDomainCommands: readonly Command[] = [
  attach,
  contextCommand({
    name: "+CGDCONT",
    summary: "Defines a PDP context",
    spec: { document: "27.007", section: "10.1.1" },
    contexts: ({ packetService }) => packetService.contexts,
    listed: ({ entries }) => entries,
    compressions: { data: 2, headers: 4, shown: "(0-2),(0-4)" },
  }),
  contextCommand({
    name: "+CGSOCKCONT",
    summary: "Defines a context of the services",
    spec: { document: "module", section: "1.1" },
    contexts: ({ packetService }) => packetService.socketContexts,
    listed: all,
    compressions: { data: 1, headers: 1, shown: "(0,1),(0,1)" },
  }),
  authenticationCommand(
    "+CSOCKAUTH",
    { document: "field", section: "7" },
    "132,132",
    ({ packetService }) => packetService.authentication,
  ),
  authenticationCommand(
    "+CGAUTH",
    { document: "module", section: "10" },
    ",",
    ({ packetService }) => packetService.contextAuthentication,
  ),
  activeContext,
  activation,
  contextAddress,
];
