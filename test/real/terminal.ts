import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { temporaryFolder } from "./host-run.ts";

/** A program on a screen of its own, under tmux, as a person sees it. */
export interface Terminal {
  /** Types: keys by tmux's names, texts as they are. */
  type(...keys: readonly string[]): void;
  /** Waits until the screen matches, and gives it without the blank lines. */
  see(what: RegExp): Promise<string>;
}

/** Opens a screen and runs the command line in it; what the shell prints at its end stays to be seen. It all ends with the test. */
export async function openTerminal(commandLine: string): Promise<Terminal> {
  const folder = await temporaryFolder();
  const environment = { ...process.env, HOME: folder, LC_ALL: "C.UTF-8" };
  const tmux = (...args: readonly string[]) =>
    execFileSync("tmux", ["-S", join(folder, "tmux"), "-f", "/dev/null", ...args], {
      env: environment,
      encoding: "utf8",
      timeout: 10_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
  tmux("new-session", "-d", "-x", "100", "-y", "50", `${commandLine}; echo "it ended with $?"; exec sleep 60`);
  onTestFinished(() => void tmux("kill-server"));
  return {
    type: (...keys) => void tmux("send-keys", ...keys),
    see: (what) =>
      vi.waitFor(
        () => {
          const screen = tmux("capture-pane", "-p").replaceAll(/\n{2,}/g, "\n");
          if (!what.test(screen)) throw new Error(`no ${what} on the screen:\n${screen}`);
          return screen;
        },
        { timeout: 10_000, interval: 50 },
      ),
  };
}
