import type { Disk, DiskLock } from "../platform/disk/disk.ts";
import { fromDisk } from "./efs-error.ts";

/** Where the volumes are kept: as `C` and `D` in a directory of the host. */
export interface EfsBacking {
  readonly disk: Disk;
  readonly directory: string;
}

/** The lock on the host's directory: it serves one modem at a time, in whatever process. */
export class BackingLock {
  readonly #backing: EfsBacking;
  #lock: DiskLock;

  private constructor(backing: EfsBacking, lock: DiskLock) {
    this.#backing = backing;
    this.#lock = lock;
  }

  /** Makes the directory if it is missing, and takes it; `IN_USE` names the process that has it. */
  static async take(backing: EfsBacking): Promise<BackingLock> {
    return new BackingLock(backing, await lock(backing));
  }

  /** Makes and takes the directory again if it was deleted, and the lock with it. */
  async renew(): Promise<void> {
    if (!(await this.#lock.isHeld())) this.#lock = await lock(this.#backing);
  }

  release(): void {
    this.#lock.release();
  }
}

async function lock({ disk, directory }: EfsBacking): Promise<DiskLock> {
  await fromDisk(disk.makeFolder(directory));
  return fromDisk(disk.lock(`${directory}/.vmodem-efs.lock`));
}
