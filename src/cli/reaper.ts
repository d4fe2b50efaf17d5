import { spawn } from "node:child_process";
import { removeDeadLink } from "../transport/pty/link.ts";
import { endStarted } from "./end-started.ts";
import type { Started } from "./processes.ts";

/** What is to be done after a `vmodem run` that was killed. */
export interface Estate {
  readonly started: Started;
  readonly grace: number;
  /** The links to the ports, and the device that each pointed to. */
  readonly links: readonly { readonly link: string; readonly device: string }[];
}

/**
 * Waits for the end of the standard input, which only the run holds open, and then starts the program that cleans up. It
 * reads what is to be done: that of a thousand modems would be too long for an argument.
 */
const SCRIPT = 'read -r estate; cat >/dev/null; [ -z "$estate" ] || printf "%s" "$estate" | "$@"';

/** Cleans up after this process if it is killed. */
export interface Reaper {
  /** Tells what is to be done; before that nothing is. */
  watch(estate: Estate): void;
  /** Ends it: this process cleans up itself. */
  release(): void;
}

/**
 * Starts a small shell that waits until this process has ended, however that happened, and then runs `vmodem reap`. It
 * starts before the command, so that the command cannot outlive this process, and before a port is open, which it would
 * inherit.
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

/** `vmodem reap`, which only the reaper runs, with the estate as its input: does what the run that was killed could not do. */
export async function reap(estate: string): Promise<number> {
  const { started, grace, links } = JSON.parse(estate) as Estate;
  await endStarted(started, grace);
  for (const { link, device } of links) await removeDeadLink(link, device);
  return 0;
}
