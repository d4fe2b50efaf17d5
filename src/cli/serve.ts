import { EfsError } from "../efs/efs-error.ts";
import { Modem } from "../modem/modem.ts";
import type { ModemOptions } from "../modem/modem-options.ts";
import { Nvram } from "../module/settings/nvram.ts";
import { SystemDisk } from "../platform/disk/system-disk.ts";
import { type Log, lineLog } from "../platform/log.ts";
import { ResolvingNetwork } from "../platform/network/resolving-network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import type { SerialLine } from "../platform/serial-line.ts";
import { type Clock, SystemClock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { CheckedOptions, EfsChoice, Medium, ModemSetup } from "../rig/options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { openPty, PtyTransport } from "../transport/pty.ts";
import { openSerial } from "../transport/serial.ts";
import { openStdio } from "../transport/stdio.ts";
import { openTcp } from "../transport/tcp.ts";

/** A modem that serves its line. */
export interface Serving {
  /** What a host opens: the device of a pty, whatever link leads to it. */
  readonly port: string;
  readonly link: string | undefined;
  readonly sandbox: Sandbox | undefined;
  /** Resolves when the medium has gone for good. */
  readonly lost: Promise<Error>;
  /** Ends everything; nothing is left over. */
  close(): Promise<void>;
  /** The part of it that a process can still do while it exits: the port and its link. */
  closePort(): void;
}

/** Starts what `start` and `run` were asked for, and gives it when it is ready. */
export async function serve(
  options: Pick<CheckedOptions, "logLevel" | "sandbox">,
  setup: ModemSetup,
): Promise<Serving> {
  const log = lineLog(options.logLevel, (line) => process.stderr.write(line));
  const clock = new SystemClock();
  const transport = await openMedium(setup.medium, clock, log);
  const tcp = new TcpNetwork();
  const sandbox = options.sandbox
    ? await startSandbox({ network: tcp, clock, log }, new AbortController().signal)
    : undefined;
  const modem = new Modem({
    transport,
    network: new ResolvingNetwork(tcp, [...setup.resolve, ...(sandbox?.rules ?? [])]),
    clock,
    log,
    dialect: setup.dialect,
    identity: setup.identity,
    nvram: await openNvram(setup.state, log),
    sim: setup.sim,
    time: setup.clock,
    bootTime: setup.bootTime,
    efs: efsOptions(setup.efs),
    timeoutScale: setup.timeoutScale,
    ...(setup.packetGap === undefined ? {} : { packetGap: setup.packetGap }),
  });
  const close = async () => {
    await modem.close();
    await sandbox?.close();
  };
  try {
    await modem.start();
  } catch (error) {
    await close();
    if (error instanceof EfsError) throw new UsageError(`--efs ${setup.efs.directory}: ${error.message}`);
    throw error;
  }
  return {
    port: transport instanceof PtyTransport ? transport.device : transport.address,
    link: setup.medium.kind === "pty" ? setup.medium.link : undefined,
    sandbox,
    lost: modem.lost,
    close,
    // A transport does the first part of its closing before it returns, and a pty all of it.
    closePort: () => void transport.close(),
  };
}

async function openNvram(directory: string | undefined, log: Log): Promise<Nvram> {
  return directory === undefined ? Nvram.inMemory() : Nvram.open({ disk: new SystemDisk(), directory }, log);
}

function efsOptions({ directory, sizes, card }: EfsChoice): NonNullable<ModemOptions["efs"]> {
  const backing = directory === undefined ? {} : { backing: { disk: new SystemDisk(), directory } };
  return { sizes, card, ...backing };
}

async function openMedium(medium: Medium, clock: Clock, log: Log): Promise<SerialLine> {
  try {
    switch (medium.kind) {
      case "pty":
        return await openPty({ link: medium.link });
      case "tcp":
        return await openTcp(medium.local);
      case "serial":
        return await openSerial({ path: medium.path, baudRate: medium.baud }, clock);
      case "stdio":
        return openStdio(process.stdin, process.stdout);
    }
  } catch (error) {
    log.debug({ event: "medium failed", error: error instanceof Error ? error.stack : String(error) });
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
