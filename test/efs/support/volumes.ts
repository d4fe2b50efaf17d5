import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DirectoryStore } from "../../../src/efs/directory-store.ts";
import { MemoryStore } from "../../../src/efs/memory-store.ts";
import { type EfsPath, parsePath, type VolumeName } from "../../../src/efs/path.ts";
import type { Store } from "../../../src/efs/store.ts";
import type { Disk } from "../../../src/platform/disk/disk.ts";
import { SystemDisk } from "../../../src/platform/disk/system-disk.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";

/** Never aborts. */
export const signal: AbortSignal = new AbortController().signal;

/** A directory of the host that is removed when the test ends. */
export async function hostDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "vmodem-efs-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface VolumeOptions {
  readonly volume?: VolumeName;
  readonly size?: number;
  readonly clock?: VirtualClock;
}

export type MakeStore = (options?: VolumeOptions) => Promise<Store>;

export async function openDirectoryStore(
  directory: string,
  { volume = "C", size = 1_000_000, clock = new VirtualClock() }: VolumeOptions = {},
  disk: Disk = new SystemDisk(),
): Promise<DirectoryStore> {
  return DirectoryStore.open({ volume, size, clock, disk, directory });
}

/** Every kind of volume: what holds for one must hold for all. */
export const KINDS: readonly [string, MakeStore][] = [
  [
    "in memory",
    async ({ volume = "C", size = 1_000_000, clock = new VirtualClock() } = {}) =>
      new MemoryStore({ volume, size, clock }),
  ],
  ["in a directory", async (options) => openDirectoryStore(await hostDirectory(), options)],
  [
    "in a directory, on a system that does not show descriptors as paths",
    async (options) => openDirectoryStore(await hostDirectory(), options, new SystemDisk("/nowhere")),
  ],
];

/** A path from its print, `C:/a/b`. */
export function path(text: string): EfsPath {
  const parsed = parsePath(text, { volume: "C", segments: [] });
  if (parsed === undefined) throw new Error(`the test names ${text}, which is no path`);
  return parsed;
}

export async function write(
  store: Pick<Store, "openWriter">,
  text: string,
  content: string | Uint8Array,
): Promise<void> {
  const writer = await store.openWriter(path(text));
  await writer.write(Buffer.from(content), signal);
  await writer.commit();
}

export async function read(store: Pick<Store, "openReader">, text: string): Promise<string> {
  const reader = await store.openReader(path(text));
  const pieces: Uint8Array[] = [];
  try {
    for (let piece = await reader.read(signal); piece !== undefined; piece = await reader.read(signal))
      pieces.push(piece);
  } finally {
    await reader.close();
  }
  return Buffer.concat(pieces).toString();
}

/** The names in a directory, directories with a separator at their end. */
export async function names(store: Pick<Store, "list">, text: string): Promise<string[]> {
  const entries = await store.list(path(text));
  return entries.map((entry) => `${entry.path.segments.at(-1)}${entry.kind === "directory" ? "/" : ""}`);
}

/** What an operation fails with; "done" if it does not. */
export async function outcome(operation: Promise<unknown>): Promise<string> {
  return operation.then(
    () => "done",
    (error) => error.code ?? String(error),
  );
}
