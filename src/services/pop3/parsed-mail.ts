import { type MailEvent, MailParser } from "../../mime/read/mail.ts";
import type { Dialect } from "../../module/dialect.ts";
import type { MailFile, MailFolder } from "./mail-folder.ts";

/** The header fields that a brief .TXT shows, in this order. */
const BRIEF = ["Subject", "Date", "From", "To"] as const;

/**
 * Writes a mail as the module shows it: header and text in one file, each attachment in one of its own. The text file gets
 * its name in the end, because that depends on the names of all attachments.
 *
 * @spec manual 4.6, decisions 4 and 9
 */
export class ParsedMail {
  readonly #folder: MailFolder;
  readonly #dialect: Dialect;
  readonly #signal: AbortSignal;
  readonly #parser = new MailParser(BRIEF.map((name) => name.toLowerCase()));
  #text: MailFile | undefined;
  #attachment: MailFile | undefined;
  /** The names of the completed attachments, in the order of their parts. */
  readonly #kept: string[] = [];
  #headerIsOver = false;

  constructor(folder: MailFolder, dialect: Dialect, signal: AbortSignal) {
    this.#folder = folder;
    this.#dialect = dialect;
    this.#signal = signal;
  }

  async write(chunk: Buffer): Promise<void> {
    await this.#take(this.#parser.push(chunk));
  }

  /** Completes all files; returns the name of the text file. */
  async finish(): Promise<string> {
    await this.#take(this.#parser.end());
    if (!this.#headerIsOver) await this.#endHeader();
    const stamp = this.#dialect.mailFileStamped ? this.#folder.stamp : "";
    const text = await this.#textFile();
    return this.#folder.keepAs(text, (number) => `EMAIL${stamp}${String(number).padStart(3, "0")}.TXT`);
  }

  async #take(events: readonly MailEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type !== "header" && !this.#headerIsOver) await this.#endHeader();
      await this.#takeOne(event);
    }
  }

  async #takeOne(event: MailEvent): Promise<void> {
    switch (event.type) {
      case "header":
        if (this.#dialect.mailHeader === "whole") await this.#writeText(event.bytes);
        break;
      case "text":
        await this.#writeText(event.bytes);
        break;
      case "file":
        this.#attachment = await this.#folder.begin(event.name);
        break;
      case "data":
        await this.#attachment?.writer.write(event.bytes, this.#signal);
        break;
      case "file-end":
        if (this.#attachment !== undefined) this.#kept.push(await this.#folder.keep(this.#attachment));
        this.#attachment = undefined;
        break;
      case "body": {
        const { writer } = await this.#textFile();
        const name = this.#kept[event.file];
        if (name !== undefined) await this.#folder.moveInto(writer, name, this.#signal);
        break;
      }
    }
  }

  async #endHeader(): Promise<void> {
    this.#headerIsOver = true;
    const brief = BRIEF.map((name) => `${name}: ${this.#parser.field(name.toLowerCase())}\r\n`).join("");
    const header = this.#dialect.mailHeader === "brief" ? brief : "";
    await this.#writeText(Buffer.from(`${header}\r\n`, "latin1"));
  }

  async #writeText(bytes: Buffer): Promise<void> {
    const text = await this.#textFile();
    await text.writer.write(bytes, this.#signal);
  }

  async #textFile(): Promise<MailFile> {
    this.#text ??= await this.#folder.beginDraft();
    return this.#text;
  }
}
