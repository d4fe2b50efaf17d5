import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import type { DialectName } from "../../src/module/dialect.ts";
import { SystemDisk } from "../../src/platform/disk/system-disk.ts";
import type { Endpoint } from "../../src/platform/network/network.ts";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { SANDBOX_LIMITS } from "../../src/sandbox/limits.ts";
import { MailStore } from "../../src/sandbox/mail-store.ts";
import { Pop3Server } from "../../src/sandbox/pop3/server.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "./dte.ts";
import { faultyNetwork } from "./faulty-network.ts";
import { RecordingNetwork, turns } from "./recording-network.ts";
import { serverParts } from "./server-parts.ts";

const never = new AbortController().signal;

export interface Pop3BenchOptions {
  readonly mails?: readonly (string | Buffer)[];
  readonly dialect?: DialectName;
  /** The size of C: in bytes. */
  readonly room?: number;
  /** A server of the test's own that the name `mail` leads to. */
  readonly server?: Endpoint;
}

/** Starts a module whose EFS is a directory of the host, and a POP3 server that the name `mail` leads to. */
export async function pop3Bench({ mails = [], dialect = "manual", room, server }: Pop3BenchOptions = {}) {
  const clock = new VirtualClock(Date.UTC(2009, 8, 1, 12));
  const network = new RecordingNetwork();
  const store = new MailStore(1 << 26);
  const serverClock = new VirtualClock();
  for (const mail of mails) store.deliver(["user"], Buffer.from(mail as string, "latin1"));
  const accounts = new Map([
    ["user", "password"],
    ["us\xe9r", "\xff\xc3\xa4"],
  ]);
  const parts = serverParts({ network: new RecordingNetwork(), clock: serverClock });
  const pop3 = await Pop3Server.start(parts, store, { accounts }, never);
  const directory = await mkdtemp(join(tmpdir(), "vmodem-pop3-"));
  const { module, host } = memoryPair();
  const rules = [{ name: "mail", port: undefined, target: server ?? pop3.endpoint }];
  const { network: faulty, faults } = faultyNetwork(new ResolvingNetwork(network, rules), clock);
  const modem = new Modem({
    transport: module,
    clock,
    network: faulty,
    dialect,
    efs: { backing: { disk: new SystemDisk(), directory }, ...(room === undefined ? {} : { sizes: { C: room } }) },
  });
  await modem.start();
  const dte = new Dte(host, clock, "pty");
  const efs = join(directory, "C");
  return {
    clock,
    network,
    faults,
    store,
    modem,
    host,
    dte,
    /** Turns the echo off and sets server and account; logs in unless told not to. */
    async begin({ logIn = true } = {}): Promise<void> {
      await dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
      await dte.command('AT+POP3SRV="mail","user","password"\r', "\r\nOK\r\n");
      if (logIn) await dte.command("AT+POP3IN\r", "\r\n+POP3: SUCCESS\r\n\r\nOK\r\n");
    },
    /** The server ends all sessions, as it does with silent ones. */
    async dropClients(): Promise<void> {
      await serverClock.advance(SANDBOX_LIMITS.pop3.idle);
      await turns(50);
    },
    /** All files on C:, those included that are being written, with their contents in latin1. */
    async files(): Promise<Record<string, string>> {
      const found: Record<string, string> = {};
      for (const entry of await readdir(efs, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath ?? entry.path, entry.name);
        if (entry.isFile()) found[path.slice(efs.length + 1)] = await readFile(path, "latin1").catch(() => "");
      }
      return found;
    },
    /** The directories of mails. */
    mailDirectories: () => readdir(join(efs, "Email")),
    /** Ends everything, and sees that no socket and no alarm is left. */
    async close(): Promise<void> {
      await modem.close();
      await pop3.close();
      await rm(directory, { recursive: true });
      expect(await network.allClosed(never)).toBe(true);
      expect(clock.pendingAlarms).toBe(0);
    },
  };
}

export type Pop3Bench = Awaited<ReturnType<typeof pop3Bench>>;
