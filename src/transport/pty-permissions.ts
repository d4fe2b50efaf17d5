import { execFile } from "node:child_process";
import { chmodSync, chownSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** Who may open the device of a pty. */
export interface PtyPermissions {
  /** Its permission bits, as chmod takes them. */
  readonly mode?: number | undefined;
  /** The group that it belongs to: a name or a number. */
  readonly group?: number | string | undefined;
}

/** Gives the device the permissions that were asked for. Throws an error that names the option. */
export async function setPermissions(device: string, { mode, group }: PtyPermissions): Promise<void> {
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
    throw new RangeError(`--mode ${mode.toString(8)}: not permission bits from 0 to 777`);
  }
  if (group !== undefined) {
    const id = await groupId(group);
    try {
      // The owner stays.
      chownSync(device, -1, id);
    } catch (error) {
      throw new Error(`--group ${group}: only root or a member of the group can give the port to it`, { cause: error });
    }
  }
  // After chown, which may clear bits.
  if (mode !== undefined) chmodSync(device, mode);
}

async function groupId(group: number | string): Promise<number> {
  const text = String(group);
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const found = inGroupFile(text) ?? (await inDatabase(text));
  if (found === undefined) throw new Error(`--group ${text}: there is no such group`);
  return found;
}

function inGroupFile(name: string): number | undefined {
  try {
    return idOfEntry(readFileSync("/etc/group", "utf8"), name);
  } catch {
    return undefined;
  }
}

/** Asks the name service, which may know groups from a directory server. */
async function inDatabase(name: string): Promise<number | undefined> {
  try {
    return idOfEntry((await promisify(execFile)("getent", ["group", "--", name])).stdout, name);
  } catch {
    return undefined;
  }
}

function idOfEntry(text: string, name: string): number | undefined {
  for (const line of text.split("\n")) {
    const [entry, , id] = line.split(":");
    if (entry === name && id !== undefined) return Number(id);
  }
  return undefined;
}
