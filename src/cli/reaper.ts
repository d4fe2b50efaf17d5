import { type ChildProcess, spawn } from "node:child_process";

/**
 * Starts a small shell that waits until this process is gone, however it went, and then ends `command` and removes
 * `link`. Its sign is the end of its standard input, which only we hold open.
 */
export function startReaper(command: ChildProcess, group: boolean, link: string | undefined): { release(): void } {
  const target = `${group ? "-" : ""}${command.pid}`;
  const script = 'cat >/dev/null; kill -TERM -- "$1" 2>/dev/null; [ -z "$2" ] || rm -f -- "$2"';
  const reaper = spawn("/bin/sh", ["-c", script, "vmodem-reaper", target, link ?? ""], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  reaper.on("error", () => undefined);
  reaper.unref();
  return { release: () => void reaper.kill("SIGKILL") };
}
