import { spawn } from "node:child_process";
import { lstatSync, readlinkSync, unlinkSync } from "node:fs";
import { endStarted } from "./end-started.ts";
import type { Started } from "./processes.ts";

/** What is to be done after a `vmodem run` that was killed. */
export interface Estate {
  readonly started: Started;
  readonly grace: number;
  readonly link: PlacedLink | undefined;
}

/** The link to the port, and what tells it from one that another modem has placed there since. */
interface PlacedLink {
  readonly path: string;
  readonly device: string;
  readonly inode: number;
  readonly changed: number;
}

/** Looks at the link as it was placed; `undefined` if it does not point to the device. */
export function describeLink(path: string, device: string): PlacedLink | undefined {
  try {
    if (readlinkSync(path) !== device) return undefined;
    const { ino, ctimeMs } = lstatSync(path);
    return { path, device, inode: ino, changed: ctimeMs };
  } catch {
    return undefined;
  }
}

/**
 * Removes the link if it is still the one that was placed. The device alone does not tell: the system gives the number of
 * a pseudo-terminal that has gone to the next one.
 */
function removePlaced(link: PlacedLink): void {
  const found = describeLink(link.path, link.device);
  if (found?.inode === link.inode && found.changed === link.changed) unlinkSync(link.path);
}

/** Waits for the end of the standard input, which only the run holds open, and becomes the program that cleans up. */
const SCRIPT = 'read -r estate; cat >/dev/null; [ -z "$estate" ] || exec "$@" "$estate"';

/** Cleans up after this process if it is killed. */
export interface Reaper {
  /** Tells what is to be done; before that nothing is. */
  watch(estate: Estate): void;
  /** Ends it: this process cleans up itself. */
  release(): void;
}

/**
 * Starts a small shell that waits until this process has ended, however that happened, and then runs `vmodem reap`. It
 * starts before the command, so that the command cannot outlive this process.
 */
export function startReaper(): Reaper {
  const program = [process.execPath, process.argv[1] ?? "", "reap"];
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "vmodem-reaper", ...program], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.on("error", () => undefined);
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return {
    // JSON holds no line feed; the shell reads the line as it is.
    watch: (estate) => void shell.stdin.write(`${JSON.stringify(estate)}\n`),
    release: () => void shell.kill("SIGKILL"),
  };
}

/** `vmodem reap ESTATE`, which only the reaper runs: does what the run that was killed could not do. */
export async function reap([estate = ""]: readonly string[]): Promise<number> {
  const { started, grace, link } = JSON.parse(estate) as Estate;
  if (link !== undefined) removePlaced(link);
  await endStarted(started, grace);
  return 0;
}
