import { spawn } from "node:child_process";

const SCRIPT = `
read -r target
cat >/dev/null
[ -z "$target" ] || kill -s TERM -- "$target" 2>/dev/null
[ -z "$1" ] || rm -f -- "$1"
`;

/** Ends what a process that was killed could not end itself. */
export interface Reaper {
  /** Names the process, or with a minus sign the process group, that is to end. */
  watch(target: number): void;
  /** Is not needed any more. */
  release(): void;
}

/**
 * Starts a small shell that waits until this process is gone, however it went, and then ends what it was told to and
 * removes `link`. Its sign is the end of its standard input, which only we hold open. Started before the command, it
 * leaves no moment in which the command could outlive us.
 */
export function startReaper(link: string | undefined): Reaper {
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "vmodem-reaper", link ?? ""], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.on("error", () => undefined);
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return {
    watch: (target) => void shell.stdin.write(`${target}\n`),
    release: () => void shell.kill("SIGKILL"),
  };
}
