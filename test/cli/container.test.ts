import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bounded, until } from "../support/program.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** A user whom no file of the system knows. */
const UID = 54_321;

/** What a container is: process number 1, files that nobody can write, no home. The checkout is at /mnt, where any user may read it. */
const CONFINED = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
const CONFINE = `mount --bind "$1" /mnt && mount -o remount,bind,ro /mnt && mount -o remount,bind,ro / && shift &&
exec env -i PATH="$PATH" setpriv --reuid ${UID} --regid ${UID} --clear-groups --bounding-set=-all --no-new-privs "$@"`;

const inContainer = (...command: readonly string[]) => [...CONFINED, "sh", "-c", CONFINE, "sh", ROOT, ...command];
/** It takes root, and a Node and a checkout that any user may read. */
const readsCheckout = [process.execPath, "--check", "/mnt/bin/vmodem.js"];
const canConfine = spawnSync("unshare", inContainer(...readsCheckout)).status === 0;

/** Runs the program as a container does. */
function runConfined(...args: readonly string[]) {
  const child = spawn("unshare", inContainer(process.execPath, "/mnt/bin/vmodem.js", ...args));
  onTestFinished(() => void child.kill("SIGKILL"));
  const printed = { output: "", errors: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    printed.output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    printed.errors += chunk.toString();
  });
  const ended = bounded(
    new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code))),
    () => `the container to end; it printed ${JSON.stringify(printed)}`,
  );
  ended.catch(() => undefined);
  return {
    printed,
    ended,
    waitFor: (text: string) => until(() => printed.output.includes(text), `${text} in ${JSON.stringify(printed)}`),
    /** Signals process number 1, as the runtime does: unshare itself heeds no signal. */
    signal: (name: NodeJS.Signals) => {
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
      process.kill(Number(children.trim()), name);
    },
  };
}

describe.skipIf(!canConfine)("in a container, as process number 1, with no home and nothing to write to", () => {
  test("start serves its control interface and its port, and SIGTERM ends it with 0", async () => {
    const options = ["--json", "--sandbox", "--control", "0", "--rfc2217", "0"];
    const { printed, ended, waitFor, signal } = runConfined("start", ...options);
    await waitFor("\n");
    const { pid, port, control } = JSON.parse(printed.output);
    expect(pid).toBe(1);
    expect((await fetch(`${control}/api/health`)).status).toBe(200);
    const host = connect(Number(new URL(port).port));
    onTestFinished(() => void host.destroy());
    host.write("AT\r");
    let heard = "";
    host.on("data", (bytes: Buffer) => {
      heard += bytes.toString("latin1");
    });
    await until(() => heard.includes("\r\nOK\r\n"), "OK");
    // A host that stays must not hold the end up.
    signal("SIGTERM");
    expect(await ended).toBe(0);
    expect(printed.errors).toBe("");
  });

  test("start opens a pseudo-terminal", async () => {
    const { printed, ended, waitFor, signal } = runConfined("start", "--json");
    await waitFor("\n");
    expect(JSON.parse(printed.output).port).toMatch(/^\/dev\/pts\/\d+$/);
    signal("SIGTERM");
    expect(await ended).toBe(0);
  });

  test("run ends with its command, and what that left ends with it", async () => {
    const script = 'test "$(id -u)" = 54321 && setsid sleep 600 & sh -c "setsid sleep 601 &"; exit 7';
    const { printed, ended } = runConfined("run", "--grace", "1h", "--", "sh", "-c", script);
    expect(await ended).toBe(7);
    expect(printed.output).toBe("");
  });

  test("run passes SIGTERM on, and gives the command's own code", async () => {
    const script = 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done';
    const { ended, waitFor, signal } = runConfined("run", "--", "sh", "-c", script);
    await waitFor("up");
    signal("SIGTERM");
    expect(await ended).toBe(9);
  });

  test("a read-only file system is named where something is to be kept", async () => {
    const { printed, ended } = runConfined("start", "--state", "/tmp/modem");
    expect(await ended).toBe(2);
    expect(printed.errors).toMatch(/^vmodem: --state \/tmp\/modem: .*read-only/);
  });
});
