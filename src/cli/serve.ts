import { EfsError } from "../efs/efs-error.ts";
import { Modem } from "../modem/modem.ts";
import type { ModemOptions } from "../modem/modem-options.ts";
import { Nvram, NvramError } from "../module/settings/nvram.ts";
import { SeededRandom } from "../platform/crypto.ts";
import { SystemDisk } from "../platform/disk/system-disk.ts";
import { type Log, lineLog } from "../platform/log.ts";
import { ResolvingNetwork } from "../platform/network/resolving-network.ts";
import { TcpNetwork } from "../platform/network/tcp-network.ts";
import { SystemClock } from "../platform/time/clock.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { CheckedOptions, EfsChoice, ModemSetup } from "../rig/options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { PtyTransport } from "../transport/pty.ts";
import { explainDirectory, explainError } from "./explain.ts";
import { openMedium } from "./open-medium.ts";

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

type ServeOptions = Pick<CheckedOptions, "logLevel" | "sandbox" | "seed">;

/**
 * Starts what `start` and `run` were asked for, and gives it when it is ready. When it fails, or `signal` is aborted before,
 * nothing is left over.
 */
export async function serve(options: ServeOptions, setup: ModemSetup, signal: AbortSignal): Promise<Serving> {
  const log = lineLog(options.logLevel, (line) => process.stderr.write(line));
  const clock = new SystemClock();
  checkDirectory("--state", setup.state);
  checkDirectory("--efs", setup.efs.directory);
  const transport = await openMedium(setup.medium, clock, log);
  const parts: Closable[] = [transport];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(parts);
    return closing;
  };
  const stop = () => void close();
  signal.addEventListener("abort", stop);
  const tcp = new TcpNetwork();
  let sandbox: Sandbox | undefined;
  let modem: Modem;
  try {
    if (options.sandbox) {
      sandbox = await startSandbox({ network: tcp, clock, log }, signal);
      parts.unshift(sandbox);
    }
    modem = new Modem({
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
      ...(options.seed === undefined ? {} : { random: new SeededRandom(options.seed) }),
    });
    parts.push(modem);
    await modem.start();
    signal.throwIfAborted();
  } catch (error) {
    await close();
    signal.throwIfAborted();
    if (error instanceof EfsError) {
      throw new UsageError(`--efs ${setup.efs.directory}: ${explainError(error) ?? error.message}`, { cause: error });
    }
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
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

interface Closable {
  close(): Promise<void>;
}

/** Closes what was opened, the last first. */
async function closeAll(parts: readonly Closable[]): Promise<void> {
  for (const part of parts.toReversed()) await part.close();
}

function checkDirectory(option: string, directory: string | undefined): void {
  const obstacle = directory === undefined ? undefined : explainDirectory(directory);
  if (obstacle !== undefined) throw new UsageError(`${option} ${directory}: ${obstacle}`);
}

async function openNvram(directory: string | undefined, log: Log): Promise<Nvram> {
  if (directory === undefined) return Nvram.inMemory();
  try {
    return await Nvram.open({ disk: new SystemDisk(), directory }, log);
  } catch (error) {
    if (error instanceof NvramError) throw new UsageError(`--state ${directory}: ${error.message}`);
    throw error;
  }
}

function efsOptions({ directory, sizes, card }: EfsChoice): NonNullable<ModemOptions["efs"]> {
  const backing = directory === undefined ? {} : { backing: { disk: new SystemDisk(), directory } };
  return { sizes, card, ...backing };
}
