import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "vmodem-lock-"));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A process of its own that locks `path` when it is told to. */
class Contender {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(path: string) {
    this.#child = spawn(process.execPath, [join(import.meta.dirname, "lock-child.js"), path]);
    onTestFinished(() => void this.#child.kill("SIGKILL"));
    this.#lines = linesOf(this.#child);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value;
  }

  tell(): void {
    this.#child.stdin.write("go");
  }

  async lock(): Promise<string> {
    await this.line();
    this.tell();
    return this.line();
  }

  async end(how: "kill" | "close"): Promise<void> {
    const gone = once(this.#child, "exit");
    if (how === "kill") this.#child.kill("SIGKILL");
    else this.#child.stdin.end();
    await gone;
  }
}

async function* linesOf({ stdout }: ChildProcessWithoutNullStreams): AsyncGenerator<string> {
  let text = "";
  for await (const chunk of stdout) {
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}

const disk = new SystemDisk();

test("a lock is held until it is released, also against this process, and leaves nothing behind", async () => {
  const base = await directory();
  const path = join(base, ".lock");
  const lock = await disk.lock(path);
  expect(await lock.isHeld()).toBe(true);
  await expect(disk.lock(path)).rejects.toMatchObject({
    code: "IN_USE",
    message: `in use by this process (${process.pid}) already`,
  });
  expect(await lock.isHeld()).toBe(true);
  lock.release();
  lock.release();
  expect(await readdir(base)).toEqual([]);
  (await disk.lock(path)).release();
});

test("another process is told who holds it, and gets it after the release", async () => {
  const path = join(await directory(), ".lock");
  const holder = new Contender(path);
  expect(await holder.lock()).toBe("held");
  await expect(disk.lock(path)).rejects.toMatchObject({
    code: "IN_USE",
    message: `in use by process ${holder.pid}`,
  });
  await holder.end("close");
  (await disk.lock(path)).release();
});

test("a late release does not touch the lock of the next holder", async () => {
  const base = await directory();
  const path = join(base, ".lock");
  const first = await disk.lock(path);
  await rm(path, { recursive: true });
  expect(await first.isHeld()).toBe(false);
  const second = await disk.lock(path);
  first.release();
  expect(await second.isHeld()).toBe(true);
  second.release();
});

test("of many processes that find the lock of a killed one exactly one takes it over", async () => {
  const base = await directory();
  const path = join(base, ".lock");
  const killed = new Contender(path);
  expect(await killed.lock()).toBe("held");
  await killed.end("kill");
  const contenders = Array.from({ length: 6 }, () => new Contender(path));
  for (const contender of contenders) await contender.line();
  for (const contender of contenders) contender.tell();
  const outcomes = await Promise.all(contenders.map((contender) => contender.line()));
  const holder = contenders[outcomes.indexOf("held")];
  expect(outcomes.filter((line) => line === "held")).toHaveLength(1);
  expect(new Set(outcomes.filter((line) => line !== "held"))).toEqual(
    new Set([`IN_USE in use by process ${holder?.pid}`]),
  );
  for (const contender of contenders) await contender.end("close");
  expect(await readdir(base)).toEqual([]);
}, 30_000);

test("in one process, of many that find a dead lock exactly one takes it over", async () => {
  const base = await directory();
  const path = join(base, ".lock");
  for (let round = 0; round < 20; round++) {
    const own = disk.draftName().replace(".;vmodem-", "");
    await mkdir(path);
    await writeFile(join(path, own.replace(/-\d+-/, "-1-")), "");
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => disk.lock(path)));
    const held = outcomes.filter((outcome) => outcome.status === "fulfilled");
    expect(held).toHaveLength(1);
    held[0]?.value.release();
    expect(await readdir(base)).toEqual([]);
  }
});

test.each([
  ["a file", async (path: string) => writeFile(path, "mine"), "NOT_DIRECTORY"],
  [
    "a directory with something else in it",
    async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, "mine"), "");
    },
    "EXISTS",
  ],
])("%s that the program did not make is refused and stays", async (_, make, code) => {
  const base = await directory();
  const path = join(base, ".lock");
  await make(path);
  const before = await readdir(base, { recursive: true });
  await expect(disk.lock(path)).rejects.toMatchObject({ code });
  expect(await readdir(base, { recursive: true })).toEqual(before);
});

test("what a process left that was killed while it took the lock is removed by the next", async () => {
  const base = await directory();
  const path = join(base, ".lock");
  const dead = disk.draftName().replace(".;vmodem-", "").replace(/-\d+-/, "-1-");
  await mkdir(`${path}.${dead}`);
  await writeFile(join(`${path}.${dead}`, dead), "");
  (await disk.lock(path)).release();
  expect(await readdir(base)).toEqual([]);
});

test("a directory that does not exist, or cannot be written, is refused in plain words", async () => {
  await expect(disk.lock("/nowhere/at/all/.lock")).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: "there is no such file or directory",
  });
});
