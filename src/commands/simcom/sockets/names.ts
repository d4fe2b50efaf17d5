import { quoted } from "../../../codec/quoted-string.ts";
import { type Command, defineCommand, type ModemContext } from "../../modem-context.ts";

const SPEC = { document: "module", section: "1.9" } as const;

/** Failure to resolve, the only one that is documented. */
const FAILED = "0,10";

/** A look-up of a name or an address: the two are printed side by side. */
function lookUpCommand(
  name: string,
  summary: string,
  lookUp: (context: ModemContext, asked: string) => Promise<readonly string[] | undefined>,
): Command {
  return defineCommand({
    name,
    summary,
    spec: SPEC,
    kind: "holding",
    needsPin: true,
    parameters: [{ kind: "string", name: "asked", minLength: 1, maxLength: 255 }],
    test: () => [],
    async write({ asked }, context) {
      const found = await lookUp(context, asked);
      if (found === undefined) {
        context.line.info(`${name}: ${FAILED}`);
        return "ERROR";
      }
      // No blanks: hosts look for what follows the comma (module.md 1.9).
      context.line.info(`${name}: 1,${found.map(quoted).join(",")}`);
      return "OK";
    },
  });
}

const ping = defineCommand({
  name: "+CPING",
  summary: "Probes a host, in the time that a radio network takes",
  spec: SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [
    { kind: "string", name: "host", minLength: 1, maxLength: 255 },
    { kind: "int", name: "type", min: 1, max: 1 },
    { kind: "int", name: "count", min: 1, max: 100, optional: true },
    { kind: "int", name: "size", min: 4, max: 188, optional: true },
    { kind: "int", name: "interval", min: 1000, max: 10_000, optional: true },
    { kind: "int", name: "wait", min: 10_000, max: 100_000, optional: true },
    { kind: "int", name: "ttl", min: 16, max: 255, optional: true },
  ],
  test: () => ["+CPING: IP address,(1),(1-100),(4-188),(1000-10000),(10000-100000),(16-255)"],
  write({ host, count = 4, size = 64, interval = 2000, wait = 10_000, ttl = 255 }, { line, pings }) {
    if (pings.busy) return "ERROR";
    line.afterwards(() => pings.start({ host, count, size, interval, wait, ttl }));
    return "OK";
  },
});

const stopPing = defineCommand({
  name: "+CPINGSTOP",
  summary: "Ends the probes; the statistics follow",
  spec: SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [],
  execute({ line, pings }) {
    if (!pings.busy) return "ERROR";
    line.afterwards(() => void pings.stop());
    return "OK";
  },
});

/** Names, addresses and probes. */
export const socketNameCommands: readonly Command[] = [
  lookUpCommand("+CDNSGIP", "Addresses of a name", async ({ sockets }, name) => {
    const addresses = await sockets.addressesOf(name);
    return addresses && [name, ...addresses];
  }),
  lookUpCommand("+CDNSGHNAME", "Name of an address", async ({ sockets }, address) => {
    const name = await sockets.nameOf(address);
    return name === undefined ? undefined : [name, address];
  }),
  ping,
  stopPing,
];
