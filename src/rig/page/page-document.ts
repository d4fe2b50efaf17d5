import { readPageFile } from "../../platform/disk/files.ts";
import type { RigEvent } from "../events.ts";
import { recordLine } from "../report/record-lines.ts";
import type { SessionSummary } from "../report/summary.ts";
import { glossary } from "./glossary.ts";

/** Where the bundled page has place for data. */
const PLACE = "%data%";
/** How much of a record stands in one element: browsers read many elements of this size faster than one of 100 MB. */
const BLOCK = 256 * 1024;

/** The page as the build has bundled it, which loads nothing from elsewhere. */
export class PageDocument {
  readonly before: string;
  readonly after: string;

  private constructor(bundled: string) {
    const [before = "", after = ""] = bundled.split(PLACE);
    this.before = before + block("glossary", glossary());
    this.after = after;
  }

  /** The page that follows the rig that serves it: its script and its style are files of their own. */
  static live(): Promise<PageDocument> {
    return PageDocument.#read("/live.html");
  }

  /** The page for a record: one document with its script and its style inside. */
  static forRecord(): Promise<PageDocument> {
    return PageDocument.#read("/record.html");
  }

  static async #read(path: string): Promise<PageDocument> {
    const bundled = await readPageFile(path);
    if (bundled === undefined) throw new Error(`the page ${path} has not been built`);
    return new PageDocument(bundled.toString("utf8"));
  }

  /** The page without a record. */
  get text(): string {
    return this.before + this.after;
  }

  /** What the page may load, as a Content-Security-Policy: its own style and script, and nothing else. */
  get policy(): string {
    return /Content-Security-Policy" content="([^"]*)"/.exec(this.before)?.[1] ?? "default-src 'none'";
  }
}

/**
 * Writes the page with a record inside, as the record goes on: one file that opens from disk.
 *
 * @example
 * const page = new RecordPage(await PageDocument.forRecord(), (text) => file.write(text));
 * page.begin();
 * new Recorder(journal, (event) => page.event(event));
 * page.end(summary);
 */
export class RecordPage {
  readonly #document: PageDocument;
  readonly #write: (text: string) => boolean;
  /** How much has been written of the element that is open; 0 where none is. */
  #open = 0;

  constructor(document: PageDocument, write: (text: string) => boolean) {
    this.#document = document;
    this.#write = write;
  }

  begin(): void {
    this.#write(this.#document.before);
  }

  /** Writes an event of the record; gives whether it will be written. */
  event(event: RigEvent): boolean {
    return this.line(recordLine(event));
  }

  /** Writes a line of the record; gives whether it will be written. */
  line(line: string): boolean {
    const begin = this.#open === 0 ? '<script type="application/x-ndjson" class="events">\n' : "";
    const end = this.#open + line.length < BLOCK ? "" : "</script>\n";
    if (!this.#write(begin + plain(line) + end)) return false;
    this.#open = end === "" ? this.#open + line.length : 0;
    return true;
  }

  /** Completes the page, with the verdict where the session had one. */
  end(summary?: SessionSummary): void {
    const end = this.#open === 0 ? "" : "</script>\n";
    this.#write(end + block("record", summary ?? {}) + this.#document.after);
  }
}

function block(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${plain(JSON.stringify(value))}</script>\n`;
}

/** JSON in which no element can begin or end. */
function plain(json: string): string {
  return json.replaceAll("<", "\\u003c");
}
