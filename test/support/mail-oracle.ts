import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";

export interface OraclePart {
  readonly type: string;
  readonly charset: string | null;
  readonly encoding: string;
  readonly disposition: string | null;
  readonly fileName: string | null;
  readonly name: string | null;
  /** In base64. */
  readonly bytes: string;
}

export interface OracleMail {
  readonly fields: readonly string[];
  readonly subject: string;
  readonly date: string;
  readonly from: ReadonlyArray<readonly [string, string]>;
  readonly to: ReadonlyArray<readonly [string, string]>;
  readonly cc: ReadonlyArray<readonly [string, string]>;
  readonly parts: readonly OraclePart[];
  readonly preamble: string;
  readonly epilogue: string;
  readonly defects: readonly string[];
}

export const hasPython = spawnSync("python3", ["-c", "import email"]).status === 0;

/** Python's email package as a reader of mails that shares no code and no author with ours. */
export class MailOracle {
  readonly #python: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    this.#python = spawn("python3", [`${import.meta.dirname}/parse-mail.py`]);
    this.#python.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#python.stdout })[Symbol.asyncIterator]();
  }

  async parse(raw: Buffer): Promise<OracleMail> {
    this.#python.stdin.write(`${raw.toString("base64")}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error("the oracle is gone");
    return JSON.parse(answer.value) as OracleMail;
  }

  close(): void {
    this.#python.kill();
  }
}
