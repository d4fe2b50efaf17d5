import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Efs } from "../../../src/efs/efs.ts";
import { DIALECTS } from "../../../src/module/dialect.ts";
import { Rtc } from "../../../src/module/rtc.ts";
import { Nvram } from "../../../src/module/settings/nvram.ts";
import { DiskError } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { saveMail } from "../../../src/services/pop3/save-mail.ts";
import { HookedDisk } from "../../efs/support/hooked-disk.ts";

const dist = join(import.meta.dirname, "..", "..", "..", "dist");

async function hostDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "vmodem-whole-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The sizes of the files of each mail, by name. */
async function mails(directory: string): Promise<Record<string, number>[]> {
  const email = join(directory, "C", "Email");
  const found: Record<string, number>[] = [];
  for (const mail of await readdir(email).catch(() => [])) {
    const files = await readdir(join(email, mail));
    const sizes: Record<string, number> = {};
    for (const name of files) sizes[name.replace(/^\d{12}/, "STAMP")] = (await stat(join(email, mail, name))).size;
    found.push(sizes);
  }
  return found;
}

/** Names on the disk that the EFS does not show: what is left of a mail that did not come to its end. */
async function drafts(directory: string): Promise<string[]> {
  return (await readdir(join(directory, "C"))).filter((name) => /[;:]/.test(name));
}

/** Starts the program's EFS, as the next start of the module does. */
async function restart(directory: string): Promise<void> {
  await Efs.open({ clock: new VirtualClock(), backing: { disk: new SystemDisk(), directory } });
}

/** Lets a child save mails of five pieces until it has told so many, and kills it there, or anywhere after it. */
async function killAfter(pieces: number, directory: string, waits: boolean): Promise<void> {
  const script = join(import.meta.dirname, "killed-child.js");
  const child = spawn(process.execPath, [script, dist, directory, String(waits ? pieces : 0)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close", { signal: AbortSignal.timeout(30_000) });
  let told = 0;
  child.stdout.on("data", (bytes: Buffer) => {
    told += bytes.length;
    if (told >= pieces) child.kill("SIGKILL");
  });
  const [, signal] = await ended.finally(() => child.kill("SIGKILL"));
  expect([signal, told >= pieces]).toEqual(["SIGKILL", true]);
}

const WHOLE = { "EMAIL000.TXT": 61, "STAMP.eml": 10_197, "one.bin": 5000, "two.bin": 5000 };

test.each([1, 2, 3, 4])(
  "a program that is killed after piece %i of the second mail has saved the first",
  async (piece) => {
    const directory = await hostDirectory();
    await killAfter(5 + piece, directory, true);
    expect(await drafts(directory)).toHaveLength(1);
    expect(await mails(directory)).toEqual([WHOLE]);
    await restart(directory);
    expect(await drafts(directory)).toEqual([]);
    expect(await mails(directory)).toEqual([WHOLE]);
  },
);

test("a program that is killed at any moment has saved whole mails only", async () => {
  const directory = await hostDirectory();
  for (let pieces = 5; pieces <= 15; pieces++) {
    await killAfter(pieces, directory, false);
    for (const mail of await mails(directory)) expect(mail).toEqual(WHOLE);
  }
  // A mail is complete before the first piece of the next one is told.
  expect((await mails(directory)).length).toBeGreaterThanOrEqual(5 + 2 * 5);
  await restart(directory);
  expect(await drafts(directory)).toEqual([]);
}, 60_000);

test("a disk that fails from any operation on has whole mails only", async () => {
  const mail =
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Disposition: attachment; filename=a\r\n\r\na\r\n--b--\r\n";
  async function* source() {
    yield Buffer.from(mail);
  }
  const outcomes = new Set<number>();
  let done = false;
  for (let working = 0; !done; working++) {
    const directory = await hostDirectory();
    const clock = new VirtualClock();
    let uses = Number.POSITIVE_INFINITY;
    const beforeUse = async () => {
      if (uses-- <= 0) throw new DiskError("IO", "as the test wants it");
    };
    const efs = await Efs.open({
      clock,
      backing: { disk: new HookedDisk(new SystemDisk(), { beforeUse }), directory },
    });
    uses = working;
    const parts = { efs, rtc: new Rtc(clock, Nvram.inMemory(), undefined), dialect: DIALECTS.manual };
    done = await saveMail(parts, "C", "parsed", source(), new AbortController().signal).then(
      () => uses > 0,
      () => false,
    );
    const saved = await mails(directory);
    if (saved.length > 0) expect(saved).toEqual([{ "EMAIL000.TXT": 49, a: 1 }]);
    outcomes.add(saved.length);
  }
  expect([...outcomes]).toEqual([0, 1]);
});
