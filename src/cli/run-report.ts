import { Expectations, type ExpectationVerdict } from "../rig/expectations.ts";
import type { RigEvent } from "../rig/events.ts";
import type { Journal } from "../rig/journal.ts";
import type { LintLevel } from "../rig/lint/rules.ts";
import type { CheckedOptions } from "../rig/options.ts";
import { type SessionOutcome, type SessionSummary, SummaryCollector } from "../rig/report/summary.ts";
import type { Rig } from "../rig/rig.ts";
import { LastExchanges } from "../trace/last-exchanges.ts";
import { readExpectations } from "./read-expectations.ts";
import { type OpenReport, openRecord, openReport } from "./report-files.ts";

type ReportOptions = Pick<CheckedOptions, "record" | "report" | "expect" | "lint"> & {
  /** No command is run that may fail: what was said last is not remembered for its author. */
  readonly withoutCommand?: boolean;
};

/** How findings are told while a session goes on: so many of each rule. */
const ANNOUNCED = 10;
/** The exit code of a shell that cannot start a command, which says so itself. */
const NOT_STARTED = 127;

/**
 * What `--record`, `--report`, `--expect` and `--lint` ask for, from the start of a session to its end.
 *
 * @example
 * const reports = await SessionReports.open(options, (text) => process.stderr.write(text));
 * reports.follow(rig);
 * process.exitCode = await reports.finish(await command());
 */
export class SessionReports {
  readonly #lint: LintLevel;
  readonly #expectations: Expectations[];
  readonly #reports: readonly OpenReport[];
  readonly #print: (text: string) => void;
  readonly #summary = new SummaryCollector();
  readonly #exchanges: LastExchanges | undefined;
  #journal: Journal | undefined;
  #announced = false;

  private constructor(
    lint: LintLevel,
    expectations: readonly Expectations[],
    reports: readonly OpenReport[],
    exchanges: LastExchanges | undefined,
    print: (text: string) => void,
  ) {
    this.#lint = lint;
    this.#expectations = [...expectations];
    this.#reports = reports;
    this.#exchanges = exchanges;
    this.#print = print;
  }

  /** Opens the files. One that cannot be read or written is a `UsageError`, and nothing stays open. */
  static async open(options: ReportOptions, print: (text: string) => void): Promise<SessionReports> {
    const { expect, record, report, lint, withoutCommand } = options;
    const expectations = expect === undefined ? [] : [await readExpectations(expect)];
    const reports: OpenReport[] = [];
    try {
      if (record !== undefined) reports.push(await openRecord(record));
      for (const file of report) reports.push(await openReport(file, lint));
    } catch (error) {
      await abandonAll(reports);
      throw error;
    }
    const exchanges = withoutCommand ? undefined : new LastExchanges();
    return new SessionReports(lint, expectations, reports, exchanges, print);
  }

  /**
   * Follows a rig with a journal, and what its scenario expects. What happened before counts, too, as far as the journal
   * still has it.
   */
  follow({ journal, scenario }: Pick<Rig, "journal"> & Partial<Pick<Rig, "scenario">>): void {
    if (journal === undefined) throw new Error("a session without a journal cannot be reported");
    this.#journal = journal;
    if (scenario?.expect !== undefined) this.#expectations.push(new Expectations(scenario.expect));
    for (const expectations of this.#expectations) expectations.follow(journal);
    const look = (event: RigEvent) => {
      this.#summary.look(event);
      this.#exchanges?.look(event);
    };
    journal.follow(look, { lent: true });
    for (const report of this.#reports) report.follow(journal);
  }

  /** Tells findings as they come, for a session without an end in sight. */
  announceLint({ journal }: Pick<Rig, "journal">): void {
    if (this.#lint === "off") return;
    this.#announced = true;
    const told = new Map<string, number>();
    const tell = (event: RigEvent) => {
      if (event.type !== "lint") return;
      const count = (told.get(event.rule) ?? 0) + 1;
      told.set(event.rule, count);
      const end = count === ANNOUNCED ? "; no more of this rule is told" : "";
      if (count <= ANNOUNCED) this.#print(`vmodem: ${event.modem}: lint ${event.rule}: ${event.message}${end}\n`);
    };
    journal?.on(tell, { lent: true });
  }

  /**
   * Completes the files, tells the user what went wrong, and gives the exit code of the program: that of the command, or 1
   * where an expectation is not met, with `--lint error` something was found, or a file could not be written. `isSeen` is for a
   * session that a user has watched: neither its last exchanges nor its lint are printed again.
   */
  async finish(
    exitCode: number,
    {
      faults = [],
      color = false,
      isSeen = false,
    }: Pick<SessionOutcome, "faults"> & { readonly color?: boolean; readonly isSeen?: boolean } = {},
  ): Promise<number> {
    this.#journal?.settle();
    const expectations = this.#expectations.flatMap((each) => each.verdicts());
    const summary = this.#summary.summary({ exitCode, expectations, faults });
    const linesOf = (options?: { readonly color: boolean }) => this.#exchanges?.lines(options) ?? [];
    const exchanges = linesOf();
    const unmet = expectations.filter(({ problem }) => problem !== undefined);
    if (exitCode !== 0 && !isSeen) this.#print(describeEnd(exitCode, color ? linesOf({ color }) : exchanges));
    if (this.#lint !== "off" && !this.#announced && !isSeen)
      this.#print(describeLint(summary, exitCode === 0 ? [] : exchanges));
    this.#print(unmet.map(describeUnmet).join(""));
    const written = await this.#complete(summary, exchanges);
    const lintFails = this.#lint === "error" && summary.lint.length > 0;
    return exitCode === 0 && (unmet.length > 0 || lintFails || !written) ? 1 : exitCode;
  }

  /** Ends without a session: nothing is left but a record, as far as it came. */
  async abandon(): Promise<void> {
    await abandonAll(this.#reports);
  }

  async #complete(summary: SessionSummary, exchanges: readonly string[]): Promise<boolean> {
    let written = true;
    for (const report of this.#reports) {
      report.finish(summary, exchanges);
      const failure = await report.close();
      if (failure === undefined) continue;
      written = false;
      this.#print(`vmodem: ${report.option}: not written: ${failure}\n`);
    }
    return written;
  }
}

async function abandonAll(reports: readonly OpenReport[]): Promise<void> {
  await Promise.all(reports.map((report) => report.abandon()));
}

function describeEnd(exitCode: number, exchanges: readonly string[]): string {
  if (exitCode === NOT_STARTED && exchanges.length === 0) return "";
  const how = `vmodem: the command ended with code ${exitCode}`;
  if (exchanges.length === 0) return `${how}; nothing was said on the serial line. Did it open VMODEM_PORT?\n`;
  return `${how}. What host (>) and module (<) said last, without the echo:\n\n${exchanges.join("\n")}\n\n`;
}

/** Each rule once, unless the exchanges that were printed show it. */
function describeLint({ lint, omitted }: SessionSummary, exchanges: readonly string[]): string {
  const shown = (rule: string) => (rule === "unknown-command" ? "! unknown command " : `! lint ${rule}: `);
  const rules = [...new Set(lint.map(({ rule }) => rule))];
  const lines = rules
    .filter((rule) => !exchanges.some((line) => line.includes(shown(rule))))
    .map((name) => {
      const found = lint.filter(({ rule }) => rule === name);
      const often = found.length === 1 ? "" : ` (${found.length}${omitted.lint === 0 ? "" : " or more"} times)`;
      return `vmodem: lint ${name}${often}: ${found[0]?.message}\n`;
    });
  return lines.join("");
}

function describeUnmet({ name, problem = "" }: ExpectationVerdict): string {
  return `vmodem: expected ${name}: ${problem}\n`;
}
