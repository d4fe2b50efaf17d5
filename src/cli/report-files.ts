import { dirname } from "node:path";
import { TextFile } from "../platform/disk/text-file.ts";
import { UsageError } from "../platform/usage-error.ts";
import type { Journal } from "../rig/journal.ts";
import type { LintLevel } from "../rig/lint/rules.ts";
import type { ReportFile } from "../rig/option-kinds.ts";
import { PageDocument, RecordPage } from "../rig/page/page-document.ts";
import { junitReport } from "../rig/report/junit.ts";
import { Recorder } from "../rig/report/record.ts";
import { writeRecordLine } from "../rig/report/record-lines.ts";
import type { SessionSummary } from "../rig/report/summary.ts";
import { explainError, explainFile } from "./explain.ts";

/** A file that is written during a session, and completed at its end. */
export interface OpenReport {
  /** The option that asked for it, with its value. */
  readonly option: string;
  /** Begins to write what comes. */
  follow(journal: Journal): void;
  /** Writes what is known at the end only. */
  finish(summary: SessionSummary, exchanges: readonly string[]): void;
  /** Completes the file; gives what has kept it from being written, if anything has. */
  close(): Promise<string | undefined>;
  /** Gives the file up. */
  abandon(): Promise<void>;
}

/** What the forms of a report differ in. */
type Content = Pick<OpenReport, "follow" | "finish">;

/** Opens the file of `--record`. Throws a {@link UsageError} where that is refused. */
export async function openRecord(path: string): Promise<OpenReport> {
  const file = await openTextFile("record", path, TextFile.growing);
  return reportOn(file, `--record ${path}`, recordTo(file));
}

/** Opens a file of `--report`. Throws a {@link UsageError} where that is refused. */
export async function openReport({ path, form }: ReportFile, lint: LintLevel): Promise<OpenReport> {
  const file = await openTextFile("report", path, TextFile.whole);
  return reportOn(file, `--report ${path}`, await contentOf(form, file, lint));
}

function reportOn(file: TextFile, option: string, content: Content): OpenReport {
  return {
    option,
    ...content,
    abandon: () => file.abandon(),
    async close() {
      try {
        await file.close();
        return undefined;
      } catch (error) {
        return explainError(error) ?? String(error);
      }
    },
  };
}

/** Opens a file that an option names. Throws a {@link UsageError} where that is refused. */
export async function openTextFile(
  option: string,
  path: string,
  opener: (path: string) => Promise<TextFile>,
): Promise<TextFile> {
  try {
    return await opener(path);
  } catch (error) {
    throw new UsageError(`--${option} ${path}: ${explainOpening(error, path)}`, {
      option: `--${option}`,
      cause: error,
    });
  }
}

function explainOpening(error: unknown, path: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `there is no directory ${dirname(path)}`;
  return explainFile(error) ?? String(error);
}

async function contentOf(form: ReportFile["form"], file: TextFile, lint: LintLevel): Promise<Content> {
  switch (form) {
    case "jsonl":
      return recordTo(file);
    case "html":
      return pageTo(file, await PageDocument.forRecord());
    case "json":
      return atTheEnd((summary) => void file.write(`${JSON.stringify(summary, undefined, 2)}\n`));
    case "xml":
      return atTheEnd((summary, exchanges) => void file.write(junitReport(summary, { exchanges, lint })));
  }
}

/** Writes the events of a journal to a file, as they come. */
export function recordTo(file: TextFile): Content {
  return {
    follow: (journal) => void new Recorder(journal, (event) => writeRecordLine(event, file)),
    finish: () => undefined,
  };
}

function pageTo(file: TextFile, document: PageDocument): Content {
  const page = new RecordPage(document, (text) => file.write(text));
  return {
    follow(journal) {
      page.begin();
      new Recorder(journal, (event) => page.event(event));
    },
    finish: (summary) => page.end(summary),
  };
}

function atTheEnd(finish: Content["finish"]): Content {
  return { follow: () => undefined, finish };
}
