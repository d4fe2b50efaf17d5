import type { Efs } from "../efs/efs.ts";
import { EfsError } from "../efs/efs-error.ts";
import { type EfsPath, parentPath } from "../efs/path.ts";
import type { EfsReader, EfsWriter } from "../efs/store.ts";
import type { Log } from "../platform/log.ts";
import type { WorkSet } from "../platform/work-set.ts";
import type { UnsolicitedOutput } from "./unsolicited-output.ts";

/** The text of AT+FSCOPY for a copy that cannot be made (field.md 6). */
export type CopyFailure =
  | "FILE IS EXISTING"
  | "FILE NOT EXISTING"
  | "DIRECTORY IS EXISTED"
  | "DIRECTORY NOT EXISTED"
  | "SD CARD NOT PLUGGED IN"
  | "SD CARD HAVE NO ENOUGH MEMORY"
  | "EFS HAVE NO ENOUGH MEMORY"
  | "FILE CREATE ERROR"
  | "READ FILE ERROR"
  | "WRITE FILE ERROR";

/** Percent between two reports, at least. */
const STEP = 10;

/** A copy that has been begun: both files are open. */
class Copy {
  readonly #reader: EfsReader;
  readonly #writer: EfsWriter;
  readonly #target: EfsPath;
  readonly #closed: () => void;

  constructor(reader: EfsReader, writer: EfsWriter, target: EfsPath, closed: () => void) {
    this.#reader = reader;
    this.#writer = writer;
    this.#target = target;
    this.#closed = closed;
  }

  /** Copies, and reports the progress in percent, from `1.0` to `100.0` (transcripts.md 9). Gives the failure, if any. */
  async run(report: (line: string) => void, signal: AbortSignal): Promise<CopyFailure | undefined> {
    const { size } = this.#reader;
    let reported = 1;
    let copied = 0;
    report(percentage(reported));
    try {
      for (;;) {
        const piece = await orFailure(this.#reader.read(signal), this.#target, "READ FILE ERROR");
        if (typeof piece === "string") return piece;
        if (piece === undefined) break;
        const written = await orFailure(this.#writer.write(piece, signal), this.#target, "WRITE FILE ERROR");
        if (written !== undefined) return written;
        copied += piece.length;
        const percent = (100 * copied) / size;
        if (percent < reported + STEP || copied === size) continue;
        reported = percent;
        report(percentage(percent));
      }
      const committed = await orFailure(this.#writer.commit(), this.#target, "WRITE FILE ERROR");
      if (committed !== undefined) return committed;
      report(percentage(100));
      return undefined;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#closed();
    await this.#writer.abandon();
    await this.#reader.close();
  }
}

export interface FileCopierParts {
  readonly efs: Efs;
  readonly outlet: UnsolicitedOutput;
  readonly log: Log;
  readonly work: WorkSet;
}

/** Copies files, one at a time, also while the command line is free for other commands. */
export class FileCopier {
  readonly #efs: Efs;
  readonly #outlet: UnsolicitedOutput;
  readonly #log: Log;
  readonly #work: WorkSet;
  #busy = false;

  constructor({ efs, outlet, log, work }: FileCopierParts) {
    this.#efs = efs;
    this.#outlet = outlet;
    this.#log = log;
    this.#work = work;
  }

  /** Whether a copy is begun and has not ended. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Opens both files; nothing is replaced. */
  async open(source: EfsPath, target: EfsPath, signal: AbortSignal): Promise<Copy | CopyFailure> {
    const failure = (await this.#checkSource(source)) ?? (await this.#checkTarget(target));
    if (failure !== undefined) return failure;
    const reader = await orFailure(this.#efs.openReader(source), source, "READ FILE ERROR");
    if (typeof reader === "string") return reader;
    const writer = await orFailure(this.#efs.openWriter(target, reader.size), target, "FILE CREATE ERROR");
    if (typeof writer === "string") {
      await reader.close();
      return writer;
    }
    this.#busy = true;
    const copy = new Copy(reader, writer, target, () => {
      this.#busy = false;
    });
    if (signal.aborted) await copy.close();
    signal.throwIfAborted();
    return copy;
  }

  /** Copies in the background. Progress and outcome are URCs, `+FSCOPY: END` the last. Never rejects. */
  runBehind(copy: Copy, signal: AbortSignal): Promise<void> {
    return this.#work.track(this.#runBehind(copy, signal));
  }

  async #runBehind(copy: Copy, signal: AbortSignal): Promise<void> {
    try {
      const failure = await copy.run((line) => this.#outlet.urc(line), signal);
      this.#outlet.urc(failure ?? "+FSCOPY: END");
    } catch (error) {
      if (!signal.aborted) this.#log.error({ event: "copy-failed", detail: String(error) });
    }
  }

  async #checkSource(path: EfsPath): Promise<CopyFailure | undefined> {
    const entry = await orFailure(this.#stat(path), path, "READ FILE ERROR");
    if (typeof entry === "string") return entry;
    if (entry?.kind === "file") return undefined;
    return (await this.#directoryMissing(path)) ?? "FILE NOT EXISTING";
  }

  async #checkTarget(path: EfsPath): Promise<CopyFailure | undefined> {
    const entry = await orFailure(this.#stat(path), path, "FILE CREATE ERROR");
    if (typeof entry === "string") return entry;
    if (entry !== undefined) return entry.kind === "file" ? "FILE IS EXISTING" : "DIRECTORY IS EXISTED";
    return this.#directoryMissing(path);
  }

  async #directoryMissing(path: EfsPath): Promise<CopyFailure | undefined> {
    const parent = await orFailure(this.#stat(parentPath(path)), path, "READ FILE ERROR");
    if (typeof parent === "string") return parent;
    return parent?.kind === "directory" ? undefined : "DIRECTORY NOT EXISTED";
  }

  async #stat(path: EfsPath) {
    try {
      return await this.#efs.stat(path);
    } catch (error) {
      if (error instanceof EfsError && (error.code === "NOT_FOUND" || error.code === "NOT_DIRECTORY")) return undefined;
      throw error;
    }
  }
}

function percentage(percent: number): string {
  return `+FSCOPY: ${percent.toFixed(1)}`;
}

/** Gives the result of the work, or the text of AT+FSCOPY for its failure: `otherwise` for those without one of their own. */
async function orFailure<T>(work: Promise<T>, place: EfsPath, otherwise: CopyFailure): Promise<T | CopyFailure> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof EfsError)) throw error;
    if (error.code === "NO_CARD") return "SD CARD NOT PLUGGED IN";
    if (error.code !== "NO_SPACE") return otherwise;
    return place.volume === "C" ? "EFS HAVE NO ENOUGH MEMORY" : "SD CARD HAVE NO ENOUGH MEMORY";
  }
}
