import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProcess, markOf } from "../../platform/disk/process-mark.ts";
import { isObject } from "../../platform/schema/check.ts";
import { UsageError } from "../../platform/usage-error.ts";

/** What a rig leaves where `vmodem ctl` finds it. */
export interface RigFile {
  readonly pid: number;
  /** The address of its control interface. */
  readonly control: string;
  readonly token?: string | undefined;
}

/** As it stands on the disk, with the mark of its process. */
interface MarkedRigFile extends RigFile {
  readonly mark: string;
}

/**
 * `$XDG_RUNTIME_DIR`, which belongs to the user alone and goes with the log-in; else a folder of the user's below /tmp.
 * The user may be one that no file knows, as in a container.
 */
function folder(): string {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  return runtime === undefined || runtime === ""
    ? join(tmpdir(), `vmodem-${process.getuid?.()}`)
    : join(runtime, "vmodem");
}

/** Writes the file of this rig, readable by its user alone. Gives what removes it, which may run while the process exits. */
export function writeRigFile(rig: RigFile): () => void {
  const path = join(folder(), `${rig.pid}.json`);
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 });
    const marked: MarkedRigFile = { ...rig, mark: markOf(rig.pid) };
    writeFileSync(path, `${JSON.stringify(marked)}\n`, { mode: 0o600 });
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

/** The rigs that run. The file of one that was killed is removed: its pid may be another process's by now. */
function listRigs(): readonly RigFile[] {
  return filesOfRigs().flatMap((path) => {
    const rig = readRigFile(path);
    const found = rig && findProcess(rig.mark);
    if (rig === undefined || found?.local !== true) return [];
    if (found.running) return [rig];
    rmSync(path, { force: true });
    return [];
  });
}

/** Nothing where the folder is another user's: what it names could be anything. */
function filesOfRigs(): readonly string[] {
  try {
    if (statSync(folder()).uid !== process.getuid?.()) return [];
    return readdirSync(folder())
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => join(folder(), name));
  } catch {
    return [];
  }
}

/** Reads the file of a rig; `undefined` for one that was removed meanwhile, or that another program wrote. */
function readRigFile(path: string): MarkedRigFile | undefined {
  try {
    const file: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isRigFile =
      isObject(file) &&
      Number.isSafeInteger(file.pid) &&
      typeof file.control === "string" &&
      typeof file.mark === "string";
    return isRigFile ? (file as unknown as MarkedRigFile) : undefined;
  } catch {
    return undefined;
  }
}
