import { DiskError, type DiskFolder } from "../platform/disk/disk.ts";
import { EFS_LIMITS } from "./limits.ts";

/**
 * Moves a file or a directory to another file system: copies it to a draft beside its new name, gives the draft that name
 * in one step, and removes the original. When the copy fails, the draft is removed and the original stays.
 */
export async function moveAcross(
  from: DiskFolder,
  name: string,
  to: DiskFolder,
  newName: string,
  draft: string,
): Promise<void> {
  try {
    await copy(from, name, to, draft);
    await to.rename(draft, to, newName);
  } catch (error) {
    await removeAll(to, draft).catch(() => undefined);
    throw error;
  }
  await to.sync();
  await removeAll(from, name);
}

/** Removes a file, or a directory with all that is in it. */
export async function removeAll(folder: DiskFolder, name: string): Promise<void> {
  const found = await folder.stat(name);
  if (found === undefined) return;
  if (found.kind !== "directory") {
    await folder.removeFile(name);
    return;
  }
  await within(folder, name, async (inside) => {
    for (const inner of await inside.names()) await removeAll(inside, inner);
  });
  await folder.removeFolder(name);
}

async function copy(from: DiskFolder, name: string, to: DiskFolder, newName: string): Promise<void> {
  const found = await from.stat(name);
  if (found?.kind === "file") {
    await copyFile(from, name, to, newName, found.modified);
    return;
  }
  // A link or a device cannot be copied, and the move must not lose it.
  if (found?.kind !== "directory") throw new DiskError("IO", `${name} is no regular file and cannot be moved`);
  await to.makeFolder(newName);
  await within(from, name, (source) =>
    within(to, newName, async (target) => {
      for (const inner of await source.names()) await copy(source, inner, target, inner);
      await target.sync();
    }),
  );
}

async function copyFile(
  from: DiskFolder,
  name: string,
  to: DiskFolder,
  newName: string,
  modified: number,
): Promise<void> {
  const source = await from.openFile(name);
  try {
    const target = await to.createFile(newName);
    try {
      const bytes = new Uint8Array(EFS_LIMITS.chunk);
      for (let position = 0; ; ) {
        const read = await source.read(bytes, position);
        if (read === 0) break;
        await target.write(bytes.subarray(0, read), position);
        position += read;
      }
      await target.setModified(modified);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function within(folder: DiskFolder, name: string, work: (inside: DiskFolder) => Promise<void>): Promise<void> {
  const inside = await folder.openFolder(name);
  try {
    await work(inside);
  } finally {
    await inside.close();
  }
}
