import type { Result } from "../../at/result-code.ts";
import { quoted } from "../../codec/quoted-string.ts";
import { TIME_LIMITS, type TimeServer, type TimeService } from "../../services/time/service.ts";
import { type Command, defineCommand } from "../modem-context.ts";

const SPEC = { document: "module", section: "3" } as const;

const port = { kind: "int", min: 1, max: 65535, optional: true } as const;

/** What may stand in a request line (RFC 3986 §3.2.2). */
const HOST = /^[A-Za-z0-9._~:%-]+$/;

interface ServerArguments {
  readonly server: string;
  readonly port?: number | undefined;
  readonly version?: number | undefined;
  readonly proxy?: string | undefined;
  readonly proxyPort?: number | undefined;
}

function add(time: TimeService, { server, port, version, proxy, proxyPort }: ServerArguments): Result {
  if (port === undefined || version === undefined) return "ERROR";
  if ((proxy === undefined) !== (proxyPort === undefined)) return "ERROR";
  if (![server, proxy ?? server].every((host) => HOST.test(host))) return "ERROR";
  const by = proxy === undefined || proxyPort === undefined ? undefined : { host: proxy, port: proxyPort };
  return time.add({ host: server, port, version: version === 0 ? "1.0" : "1.1", proxy: by }) ? "OK" : "ERROR";
}

function remove(time: TimeService, { server, ...others }: ServerArguments): Result {
  const isAlone = Object.values(others).every((value) => value === undefined);
  return isAlone && /^\d{1,2}$/.test(server) && time.remove(Number(server)) ? "OK" : "ERROR";
}

/** Head and number are printed without a comma between them, as the manual has it (module.md 3). */
function describeServer({ host, port, version, proxy }: TimeServer, index: number): string {
  const by = proxy === undefined ? "" : `,${quoted(proxy.host)},${proxy.port}`;
  return `+CHTPSERV:${index}${quoted(host)},${port},${version === "1.0" ? 0 : 1}${by}`;
}

const servers = defineCommand({
  name: "+CHTPSERV",
  summary: "Adds a server that tells the time over HTTP, or deletes one",
  spec: SPEC,
  kind: "synchronous",
  needsPin: false,
  parameters: [
    { kind: "word", name: "operation", values: ["ADD", "DEL"] },
    { kind: "string", name: "server", minLength: 1, maxLength: 255, bare: true, ascii: true },
    { ...port, name: "port" },
    { kind: "int", name: "version", min: 0, max: 1, optional: true },
    { kind: "string", name: "proxy", minLength: 1, maxLength: 255, bare: true, ascii: true, optional: true },
    { ...port, name: "proxyPort" },
  ],
  test: () => [
    '+CHTPSERV:"ADD","HOST",(1-65535),(0-1)[,"PROXY",(1-65535)]',
    `+CHTPSERV: "DEL",(0-${TIME_LIMITS.servers - 1})`,
  ],
  read({ line, time }) {
    if (time.servers.length > 0) line.info(time.servers.map(describeServer).join("\r\n"));
    return "OK";
  },
  write({ operation, ...server }, { time }) {
    return operation === "ADD" ? add(time, server) : remove(time, server);
  },
});

const update = defineCommand({
  name: "+CHTPUPDATE",
  summary: "Sets the clock by what the servers tell, each in turn; the zone stays",
  spec: SPEC,
  kind: "detached",
  needsPin: true,
  parameters: [],
  read({ line, time }) {
    line.info(`+CHTPUPDATE:${time.busy ? "Updating" : "NULL"}`);
    return "OK";
  },
  execute({ line, time }) {
    if (time.busy || time.servers.length === 0) return "ERROR";
    line.afterwards(() => time.start());
    return "OK";
  },
});

/** The time over HTTP. */
export const timeCommands: readonly Command[] = [servers, update];
