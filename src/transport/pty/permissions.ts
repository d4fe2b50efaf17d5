import { chmodSync } from "node:fs";
import { promisify } from "node:util";
import { UsageError } from "../../platform/usage-error.ts";

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
  if (group !== undefined) await setGroup(device, group);
  // After the change of group, which may clear bits.
  if (mode !== undefined) chmodSync(device, mode);
}

async function setGroup(device: string, group: number | string): Promise<void> {
  try {
    const { execFile } = await import("node:child_process");
    // chgrp knows the groups of the machine wherever they are kept.
    await promisify(execFile)("chgrp", ["--", String(group), device], { env: { ...process.env, LC_ALL: "C" } });
  } catch (error) {
    throw new UsageError(`--group ${group}: ${reasonOf(error as NodeJS.ErrnoException & { stderr?: string })}`, {
      option: "--group",
      cause: error,
    });
  }
}

function reasonOf({ code, stderr = "" }: NodeJS.ErrnoException & { readonly stderr?: string }): string {
  if (code === "ENOENT") return "the program chgrp cannot be started";
  if (/not permitted|denied/i.test(stderr)) return "only root or a member of the group can give the port to it";
  if (/invalid group|illegal group/i.test(stderr)) return "there is no such group";
  return stderr.trim().replace(/^chgrp: /, "");
}
