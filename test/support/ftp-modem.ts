import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { ModemOptions } from "../../src/modem/modem-options.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import type { Endpoint } from "../../src/platform/network/network.ts";
import { type ResolveRule, ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { FtpServer } from "../../src/sandbox/ftp/server.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "./dte.ts";
import { faultyNetwork } from "./faulty-network.ts";
import { OK } from "./framing.ts";
import { until } from "./loopback.ts";
import { RecordingNetwork } from "./recording-network.ts";
import { serverParts } from "./server-parts.ts";

/** The embedded FTP server with the account of the manual's examples, for one test. */
export async function ftpServer(clock = new VirtualClock()) {
  const users = { myname: "mypass" };
  const server = await FtpServer.start(serverParts({ clock }), { users }, new AbortController().signal);
  onTestFinished(() => server.close());
  return { server, root: server.root, local: server.endpoint };
}

export interface FtpModemOptions extends Partial<Omit<ModemOptions, "transport" | "clock" | "network" | "efs">> {
  /** Where every name and every address leads. */
  readonly server: Endpoint;
  readonly rules?: readonly ResolveRule[];
  readonly sizes?: { readonly C?: number; readonly D?: number };
  readonly mode?: "active" | "passive";
}

/** The files of a modem's EFS, as a test sees them from outside. */
export class EfsFolder {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** `C/Picture/a.txt`. */
  async read(path: string): Promise<Buffer> {
    return readFile(join(this.directory, path));
  }

  async write(path: string, content: Uint8Array): Promise<void> {
    await writeFile(join(this.directory, path), content);
  }

  async list(path: string): Promise<readonly string[]> {
    return (await readdir(join(this.directory, path))).filter((name) => !name.startsWith("."));
  }
}

/** A modem without echo on a line without a medium, whose network leads to one FTP server. */
export async function ftpModem({ server, rules, sizes, mode, ...options }: FtpModemOptions) {
  const clock = new VirtualClock();
  const recording = new RecordingNetwork();
  const resolving = new ResolvingNetwork(recording, rules ?? [{ name: "*", port: undefined, target: server }]);
  const { network, faults } = faultyNetwork(resolving, clock);
  const { module, host } = memoryPair();
  const directory = await mkdtemp(join(tmpdir(), "vmodem-ftp-"));
  const efs = { backing: { disk: new SystemDisk(), directory }, ...(sizes === undefined ? {} : { sizes }) };
  const modem = new Modem({ ...options, transport: module, clock, network, efs });
  await modem.start();
  const dte = new Dte(host, clock, "network");
  onTestFinished(async () => {
    await modem.close();
    await until(() => clock.pendingAlarms === 0, "no alarm to be left");
    await rm(directory, { recursive: true, force: true });
  });
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  if (mode !== undefined) {
    const setting = mode === "passive" ? 1 : 0;
    const line = `AT+CFTPSERV="server";+CFTPUN="myname";+CFTPPW="mypass";+CFTPMODE=${setting}\r`;
    await dte.command(line, OK);
  }
  return { modem, clock, recording, faults, host, dte, files: new EfsFolder(directory) };
}
