import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../platform/usage-error.ts";

/** What a rig leaves where `vmodem ctl` finds it. */
export interface RigFile {
  readonly pid: number;
  /** The address of its control interface. */
  readonly control: string;
  readonly token?: string | undefined;
}

/** `$XDG_RUNTIME_DIR`, which belongs to the user alone and goes with the log-in; else a folder of the user's below /tmp. */
function folder(): string {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return runtime === undefined || runtime === "" ? join(tmpdir(), `vmodem-${userInfo().uid}`) : join(runtime, "vmodem");
}

/** Writes the file of this rig, readable by its user alone. Gives what removes it, which may run while the process exits. */
export function writeRigFile(rig: RigFile): () => void {
  const path = join(folder(), `${rig.pid}.json`);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${JSON.stringify(rig)}\n`, { mode: 0o600 });
  } catch {
    // Without the file `ctl` needs --control or VMODEM_CONTROL; the rig itself needs nothing of it.
    return () => undefined;
  }
  return () => rmSync(path, { force: true });
}

/**
 * The one rig that runs here.
 *
 * @throws UsageError when none or several run
 */
export async function findRig(): Promise<RigFile> {
  const rigs = listRigs();
  const [only] = rigs;
  if (only === undefined)
    throw new UsageError("no rig with a control interface runs here; give --control or VMODEM_CONTROL");
  if (rigs.length === 1) return only;
  const found = rigs.map(({ pid, control }) => `${control} (process ${pid})`).join(", ");
  throw new UsageError(`several rigs run here: ${found}; choose one by --control`);
}

function listRigs(): readonly RigFile[] {
  try {
    return readdirSync(folder())
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => JSON.parse(readFileSync(join(folder(), name), "utf8")) as RigFile)
      .filter(({ pid }) => isAlive(pid));
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
