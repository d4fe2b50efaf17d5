import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { killGroup, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { startModem } from "./start-modem.ts";

const FOLDERS = ["outgoing", "checked", "failed", "incoming", "sent", "report"] as const;

const configuration = (folder: string, port: string) => `devices = GSM1
${FOLDERS.map((name) => `${name} = ${folder}/${name}`).join("\n")}
logfile = ${folder}/smsd.log
infofile = ${folder}/smsd.info
pidfile = ${folder}/smsd.pid
loglevel = 7
delaytime = 1

[GSM1]
device = ${port}
baudrate = 115200
rtscts = no
incoming = yes
`;

/** Starts smsd in a folder of its own; it ends with the test, and its children with it. */
async function startSmsd(port: string) {
  const folder = await temporaryFolder();
  for (const name of FOLDERS) await mkdir(join(folder, name));
  const file = join(folder, "smsd.conf");
  await writeFile(file, configuration(folder, port));
  // -t keeps it from becoming a daemon; a process group of its own holds its children.
  const child = spawn(locate("smsd") ?? "smsd", [`-c${file}`, "-t"], { detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    killGroup(child.pid);
    await ended;
  });
  return {
    folder,
    /** Puts a message where smsd looks for it, in one piece. */
    async submit(name: string, message: string) {
      await writeFile(join(folder, name), message);
      await rename(join(folder, name), join(folder, "outgoing", name));
    },
    log: () => readFile(join(folder, "smsd.log"), "latin1"),
  };
}

describe.skipIf(locate("smsd") === undefined)("smsd", () => {
  test.each([
    ["one short message", "Hello from smsd", 1],
    ["two parts of one long message", "0123456789".repeat(20), 2],
    ["letters that need UCS-2", "Привет", 1],
  ])("sends %s", async (_, text, parts) => {
    const { port } = await startModem("--identity", "sim5320");
    const smsd = await startSmsd(port);
    const alphabet = /^[ -~]*$/.test(text) ? "" : "Alphabet: UTF-8\n";
    await smsd.submit("message", `To: 15555550142\n${alphabet}\n${text}`);
    await vi.waitFor(async () => expect(await readdir(join(smsd.folder, "sent"))).toEqual(["message"]), {
      timeout: 20_000,
      interval: 50,
    });

    const sent = await readFile(join(smsd.folder, "sent", "message"), "utf8");
    expect(sent).toContain("Modem: GSM1\n");
    expect(sent).toContain("IMEI: 351602000330570\n");
    expect(sent).toContain("IMSI: 001010123456789\n");
    expect(await readdir(join(smsd.folder, "failed"))).toEqual([]);
    const log = await smsd.log();
    expect(log).toContain("Modem is registered to the network");
    expect(log).toContain("Used memory is 0 of 40");
    expect(log.match(/-> AT\+CMGS=/g)).toHaveLength(parts);
    expect(log).toMatch(/SMS sent.*, To: 15555550142/);
    expect(log).not.toMatch(/ERROR|not responding|Modem handler .* has stopped/);
  });
});
