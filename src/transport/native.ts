import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { UsageError } from "../platform/usage-error.ts";

const SERIAL = "@serialport/bindings-cpp";

/** How the binaries of serialport's binding for Linux with glibc are named, by architecture. */
const USUAL_TAGS: Readonly<Record<string, string>> = { x64: "glibc", arm64: "armv8.glibc" };

const ALPINE = "/etc/alpine-release";

/** What a {@link NativePoller} can wait for, and report. */
export const POLL = { readable: 1, writable: 2, disconnect: 4 } as const;

/** A `uv_poll` on a descriptor. After each event it waits for nothing until {@link poll} is called again. */
export interface NativePoller {
  /** Waits for these events only; 0 for none. */
  poll(events: number): void;
  stop(): void;
  /** Gives it up; the descriptor may be closed afterwards. */
  destroy(): void;
}

/** The native half of serialport's binding, whose own JavaScript costs more than the calls. */
interface SerialBinding {
  readonly Poller: new (fd: number, report: (error: Error | null, events: number) => void) => NativePoller;
  open(path: string, options: object, done: (error: Error | null, fd: number) => void): void;
  close(fd: number, done: (error: Error | null) => void): void;
  getBaudRate(fd: number, done: (error: Error | null, found: { readonly baudRate: number }) => void): void;
}

/** The native half of node-pty. */
interface PtyBinding {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string };
}

/** Loaded where a line needs it only: a modem on TCP or in memory runs on machines for which nothing is built. */
export function serialBinding(): SerialBinding {
  return usualSerialBinding() ?? (load(`${SERIAL}/dist/serialport-bindings.js`) as { binding: SerialBinding }).binding;
}

/**
 * The binding from the usual binary of its package, without the package's search for it, which takes longer than to load it.
 * `undefined` where that binary does not serve: the search finds another one, or says what is wrong. Like the search it
 * takes only Alpine for a Linux without glibc.
 */
function usualSerialBinding(): SerialBinding | undefined {
  const tags = process.platform === "linux" ? USUAL_TAGS[process.arch] : undefined;
  if (tags === undefined) return undefined;
  const requireHere = createRequire(import.meta.url);
  try {
    const file = requireHere.resolve(`${SERIAL}/prebuilds/linux-${process.arch}/@serialport+bindings-cpp.${tags}.node`);
    return requireHere.cache[file] === undefined && existsSync(ALPINE) ? undefined : requireHere(file);
  } catch {
    return undefined;
  }
}

/** Loaded where a pseudo-terminal is asked for only. */
export function ptyBinding(): PtyBinding {
  const { requireBinary } = load("node-pty/requireBinary.js") as { requireBinary(file: "pty.node"): PtyBinding };
  return withAdvice(() => requireBinary("pty.node"));
}

function load(name: string): unknown {
  return withAdvice(() => createRequire(import.meta.url)(name));
}

function withAdvice<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Too many open files, for one, is no lack of a binary.
    if (!isMissing(error) && !isMissing((error as Error).cause)) throw error;
    const machine = `${process.platform} on ${process.arch}`;
    throw new UsageError(
      `no native code for ports of ${machine} could be loaded; use --rfc2217 PORT or --tcp PORT instead, which need none ` +
        "(socat pty,rawer,link=PATH tcp:HOST:PORT makes a device of a TCP port)",
      { cause: error },
    );
  }
}

/** Whether no binary is installed, or one for another machine or C library. node-pty gives that as the cause. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "MODULE_NOT_FOUND" || code === "ERR_DLOPEN_FAILED";
}
