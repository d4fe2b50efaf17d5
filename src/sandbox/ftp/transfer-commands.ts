import type { FtpCommands, FtpContext, FtpOutcome } from "./command.ts";
import { parseExtendedPort, parsePort } from "./data-port.ts";
import { existingFile, listed } from "./file-commands.ts";
import { factLine, listLine } from "./listing.ts";
import { type FtpEntry, resolveFtpPath } from "./root.ts";

const ONLY_EPSV = "503 Only EPSV after EPSV ALL.";
const NOT_THERE = "504 Data connections go to the client's own host, from port 1024 on.";

/** Commands that agree on a data connection, and those that use it. @rfc 959 §4.1.2, 2428 */
export const transferCommands: FtpCommands = {
  PORT: {
    run(context, argument) {
      if (context.epsvOnly) return ONLY_EPSV;
      const target = parsePort(argument);
      if (target === undefined) return "501 Six numbers are wanted.";
      return context.data.aim(target) ? "200 PORT accepted." : NOT_THERE;
    },
  },
  EPRT: {
    run(context, argument) {
      if (context.epsvOnly) return ONLY_EPSV;
      const parsed = parseExtendedPort(argument);
      if (parsed === undefined) return "501 |family|address|port| is wanted.";
      if (parsed.family !== family(context)) return otherFamily(context);
      return context.data.aim(parsed.target) ? "200 EPRT accepted." : NOT_THERE;
    },
  },
  PASV: {
    async run(context) {
      if (context.epsvOnly) return ONLY_EPSV;
      if (family(context) === "2") return "425 An IPv6 client needs EPSV.";
      const port = await context.data.listen(context.signal);
      const numbers = [...context.localAddress.split("."), port >> 8, port & 0xff];
      return `227 Entering passive mode (${numbers.join(",")}).`;
    },
  },
  EPSV: {
    async run(context, argument) {
      if (/^all$/i.test(argument)) {
        context.epsvOnly = true;
        return "200 Only EPSV from now on.";
      }
      if (argument !== "" && argument !== family(context)) return otherFamily(context);
      return `229 Entering extended passive mode (|||${await context.data.listen(context.signal)}|).`;
    },
  },
  REST: {
    run(context, argument) {
      if (!/^\d{1,15}$/.test(argument)) return "501 A number of bytes is wanted.";
      context.restart = Number(argument);
      return `350 The next transfer starts at ${context.restart}.`;
    },
  },
  RETR: {
    async run(context, argument) {
      const offset = takeRestart(context);
      const file = await existingFile(context, argument);
      if (!context.data.agreed) return noData();
      if (offset > file.size) return "550 The file ends before this offset.";
      return { send: context.root.read(resolveFtpPath(context.directory, argument), offset) };
    },
  },
  STOR: { run: (context, argument) => receive(context, argument, takeRestart(context)) },
  APPE: { run: (context, argument) => receive(context, argument, "end") },
  LIST: { run: (context, argument) => listing(context, argument, (entry) => listLine(entry, context.now())) },
  NLST: { run: (context, argument) => listing(context, argument, (entry) => entry.name) },
  MLSD: { run: (context, argument) => listing(context, argument, (entry) => factLine(entry, entry.name)) },
};

async function receive(context: FtpContext, argument: string, offset: number | "end"): Promise<FtpOutcome> {
  if (!context.data.agreed) return noData();
  const path = resolveFtpPath(context.directory, argument);
  return { receive: await context.root.write(path, offset), path };
}

async function listing(context: FtpContext, argument: string, print: (entry: FtpEntry) => string): Promise<FtpOutcome> {
  // Clients hand through options of ls, which have no meaning here.
  const entries = await listed(context, argument.replace(/^(-\S*( |$))+/, ""));
  if (!context.data.agreed) return noData();
  return { send: lines(entries, print) };
}

async function* lines(entries: readonly FtpEntry[], print: (entry: FtpEntry) => string): AsyncIterable<Uint8Array> {
  for (const entry of entries) yield Buffer.from(`${print(entry)}\r\n`, "latin1");
}

function takeRestart(context: FtpContext): number {
  const offset = context.restart;
  context.restart = 0;
  return offset;
}

function noData(): string {
  return "425 PORT, PASV, EPRT or EPSV first.";
}

/** RFC 2428 §2: 1 is IPv4, 2 is IPv6. */
function family(context: FtpContext): "1" | "2" {
  return context.localAddress.includes(":") ? "2" : "1";
}

function otherFamily(context: FtpContext): string {
  return `522 Network protocol not supported, use (${family(context)})`;
}
