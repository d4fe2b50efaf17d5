import { MAIL_PARTS, MAIL_TOKEN } from "../../platform/limits.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { type BodyDecoder, bodyDecoder } from "./body.ts";
import { Boundaries } from "./boundary.ts";
import { fileName } from "./file-name.ts";
import { genericName } from "./generic-name.ts";
import { emptyLineLength, HeaderReader } from "./header.ts";
import { type ParameterizedValue, parseParameters } from "./parameters.ts";

/**
 * What a mail turns out to hold, in the order in which it comes. `bytes` are runs and may be views of the chunk pushed.
 *
 * - `header` the mail's own header as received, line ends included, without the empty line after it
 * - `text` the body: the first text part that is not a file, its transfer encoding undone, in its own charset
 * - `file` begins any other part: attachments, further alternatives such as HTML, and whole mails. `name` suits the EFS
 *   but may come twice. `data` is its content, transfer encoding undone, and `file-end` ends it.
 */
export type MailEvent =
  | { readonly type: "header"; readonly bytes: Buffer }
  | { readonly type: "text"; readonly bytes: Buffer }
  | { readonly type: "file"; readonly name: string; readonly mediaType: string }
  | { readonly type: "data"; readonly bytes: Buffer }
  | { readonly type: "file-end" };

const mimeFields = ["content-type", "content-transfer-encoding", "content-disposition"] as const;

/** What the bytes to come are: a header, a part's body for one kind of event, or what stands around the parts. */
type Section =
  | { readonly kind: "header"; readonly reader: HeaderReader; readonly default: string }
  | { readonly kind: "body"; readonly event: "text" | "data"; readonly decoder: BodyDecoder }
  | { readonly kind: "around" };

/**
 * Reads a mail from chunks cut anywhere. It holds back no more than a line of bounded length. Whatever the bytes, they
 * are a mail of some kind; only one with too many or too deeply nested parts is an error, `REPLY`.
 *
 * RFC 2046 §5.1.4 puts the plainest alternative first, so the first text part is the plain text where there is one.
 *
 * @rfc 2045, 2046
 */
export class MailParser {
  readonly #boundaries = new Boundaries();
  /** The media type that a part without one has, for each open multipart. */
  readonly #defaults: string[] = [];
  readonly #mailHeader: HeaderReader;
  #section: Section;
  #atLineStart = true;
  #held: Buffer = Buffer.alloc(0);
  #parts = 0;
  #unnamed = 0;
  #hasText = false;
  #textCharset = "us-ascii";
  #events: MailEvent[] = [];

  /** `fields` of the mail's header, in lower case, can be asked for with {@link field}. */
  constructor(fields: readonly string[] = []) {
    this.#mailHeader = new HeaderReader([...mimeFields, ...fields]);
    this.#section = { kind: "header", reader: this.#mailHeader, default: "text/plain" };
  }

  /** A field of the mail's header for a host to read, unfolded, one character a byte; once the header is over. */
  field(name: string): string {
    return this.#mailHeader.printableField(name);
  }

  /** The charset that the body says it is in, in lower case; once some of it has come. */
  get textCharset(): string {
    return this.#textCharset;
  }

  /** Takes the next bytes and gives what they tell. */
  push(chunk: Buffer): readonly MailEvent[] {
    return this.#parse(this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]), false);
  }

  /** Gives what was held back and closes what is open: the mail ends here. */
  end(): readonly MailEvent[] {
    this.#parse(this.#held, true);
    if (this.#section.kind === "header") this.#enterBody(this.#section);
    this.#leaveBody();
    return this.#events;
  }

  #parse(bytes: Buffer, final: boolean): readonly MailEvent[] {
    this.#events = [];
    let rest = bytes;
    let section: Section | undefined;
    // A section may end without a byte of its own; one that neither ends nor takes a byte waits for more of them.
    while (rest.length > 0) {
      section = this.#section;
      const taken = section.kind === "header" ? this.#takeHeader(section, rest, final) : this.#takeBody(rest, final);
      rest = rest.subarray(taken);
      if (taken === 0 && section === this.#section) break;
    }
    this.#held = Buffer.from(rest);
    return this.#events;
  }

  #takeHeader(section: Section & { kind: "header" }, bytes: Buffer, final: boolean): number {
    const length = section.reader.take(bytes, final);
    if (section.reader === this.#mailHeader) this.#emit("header", bytes.subarray(0, length));
    if (!section.reader.over) return length;
    this.#enterBody(section);
    return length + emptyLineLength(bytes, length);
  }

  #takeBody(bytes: Buffer, final: boolean): number {
    const { content, taken, line } = this.#boundaries.scan(bytes, this.#atLineStart, final);
    if (this.#section.kind === "body")
      this.#emit(this.#section.event, this.#section.decoder.push(bytes.subarray(0, content)));
    if (taken > 0) this.#atLineStart = false;
    if (line === undefined) return taken;
    this.#leaveBody();
    this.#boundaries.closeFrom(line.closing ? line.level : line.level + 1);
    this.#defaults.length = this.#boundaries.depth;
    this.#atLineStart = true;
    if (!line.closing) {
      const reader = new HeaderReader(mimeFields);
      this.#section = { kind: "header", reader, default: this.#defaults[line.level] ?? "text/plain" };
    }
    return taken;
  }

  #enterBody(section: Section & { kind: "header" }): void {
    if (++this.#parts > MAIL_PARTS) throw new ServiceError("REPLY", `a mail of more than ${MAIL_PARTS} parts`);
    this.#atLineStart = true;
    const type = parseParameters(section.reader.field("content-type"));
    // RFC 2045 §5.2: what says nothing, or nothing intelligible, is plain text.
    const mediaType = /^[^\s/]+\/[^\s/]+$/.test(type.value) ? type.value : section.default;
    const boundary = type.parameters.get("boundary")?.trimEnd() ?? "";
    if (mediaType.startsWith("multipart/") && boundary !== "" && boundary.length + 4 < MAIL_TOKEN) {
      this.#boundaries.open(boundary);
      // RFC 2046 §5.1.5: the parts of a digest are mails.
      this.#defaults.push(mediaType === "multipart/digest" ? "message/rfc822" : "text/plain");
      this.#section = { kind: "around" };
      return;
    }
    this.#enterPart(section.reader, type, mediaType.startsWith("multipart/") ? "text/plain" : mediaType);
  }

  #enterPart(header: HeaderReader, type: ParameterizedValue, mediaType: string): void {
    const decoder = bodyDecoder(header.field("content-transfer-encoding"));
    const disposition = parseParameters(header.field("content-disposition"));
    const name = disposition.parameters.get("filename") ?? type.parameters.get("name");
    const isFile = disposition.value === "attachment" || name !== undefined || !mediaType.startsWith("text/");
    if (!isFile && !this.#hasText) {
      this.#hasText = true;
      this.#textCharset = type.parameters.get("charset")?.toLowerCase() ?? this.#textCharset;
      this.#section = { kind: "body", event: "text", decoder };
      return;
    }
    const usable = fileName(name ?? "") || genericName(++this.#unnamed, mediaType);
    this.#events.push({ type: "file", name: usable, mediaType });
    this.#section = { kind: "body", event: "data", decoder };
  }

  #leaveBody(): void {
    if (this.#section.kind === "body") {
      this.#emit(this.#section.event, this.#section.decoder.end());
      if (this.#section.event === "data") this.#events.push({ type: "file-end" });
    }
    this.#section = { kind: "around" };
  }

  #emit(type: "header" | "text" | "data", bytes: Buffer): void {
    if (bytes.length > 0) this.#events.push({ type, bytes });
  }
}
