import { ServiceError } from "../../platform/network/service-error.ts";
import { MAIL_LIMITS } from "../limits.ts";
import { type BodyDecoder, bodyDecoder, identityDecoder } from "./body.ts";
import { type BodyRank, bodyRank } from "./body-rank.ts";
import { Boundaries } from "./boundary.ts";
import { fileName } from "./file-name.ts";
import { genericName } from "./generic-name.ts";
import { emptyLineLength, HeaderReader } from "./header.ts";
import { parseParameters } from "./parameters.ts";
import { Preamble } from "./preamble.ts";

/**
 * The content of a message, in the order in which it comes. `bytes` are runs and may be views of the chunk pushed.
 *
 * - `header` the message's own header as received, line ends included, without the empty line after it
 * - `text` the body without its transfer encoding, in its own charset
 * - `file` begins any other part: an attachment, another alternative such as HTML, or an attached message. `name` suits
 *   the EFS but may come twice. `data` is its content without the transfer encoding, and `file-end` ends it.
 * - `body` comes last, in a message without `text`: the file of that number, counted from 0, is the body after all.
 */
export type MailEvent =
  | { readonly type: "header"; readonly bytes: Buffer }
  | { readonly type: "text"; readonly bytes: Buffer }
  | { readonly type: "file"; readonly name: string; readonly mediaType: string }
  | { readonly type: "data"; readonly bytes: Buffer }
  | { readonly type: "file-end" }
  | { readonly type: "body"; readonly file: number };

const mimeFields = ["content-type", "content-transfer-encoding", "content-disposition"] as const;

/** What the next bytes belong to. `around` is what follows the parts of a multipart, which RFC 2046 §5.1.1 has ignored. */
type Section =
  | { readonly kind: "header"; readonly reader: HeaderReader; readonly default: string }
  | { readonly kind: "body"; readonly event: "text" | "data"; readonly decoder: BodyDecoder }
  | { readonly kind: "preamble"; readonly preamble: Preamble }
  | { readonly kind: "around" };

/** A part, as its header describes it. */
interface Part {
  readonly mediaType: string;
  readonly name: string;
  readonly charset: string | undefined;
  readonly rank: BodyRank;
  readonly decoder: BodyDecoder;
}

/**
 * Reads a message from chunks cut anywhere. It holds back one line of bounded length, and what comes before the first
 * boundary line. Any bytes are a message; only too many or too deeply nested parts are an error, `REPLY`.
 *
 * The body is the first plain text that is no attachment. Where there is none it is HTML, and failing that other text.
 * Until the end a later part may be plain text, so HTML inside a multipart comes as a `file`, and `body` names it.
 *
 * @rfc 2045, 2046
 */
export class MailParser {
  readonly #boundaries = new Boundaries();
  /** The media type of a part that names none, for each open multipart. */
  readonly #defaults: string[] = [];
  readonly #mailHeader: HeaderReader;
  #section: Section;
  #atLineStart = true;
  #held: Buffer = Buffer.alloc(0);
  #parts = 0;
  #files = 0;
  #unnamed = 0;
  #hasText = false;
  #textCharset = "us-ascii";
  /** The file that is the body if no plain text comes. */
  #candidate: { readonly rank: number; readonly file: number; readonly charset: string | undefined } | undefined;
  #events: MailEvent[] = [];

  /** `fields` of the message's header, in lower case, can be read with {@link field}. */
  constructor(fields: readonly string[] = []) {
    this.#mailHeader = new HeaderReader([...mimeFields, ...fields]);
    this.#section = { kind: "header", reader: this.#mailHeader, default: "text/plain" };
  }

  /** A field of the message's header for printing, unfolded, one character a byte; once the header is over. */
  field(name: string): string {
    return this.#mailHeader.printableField(name);
  }

  /** The charset that the body is declared in, in lower case; from its first event on. */
  get textCharset(): string {
    return this.#textCharset;
  }

  /** Takes the next bytes and gives what they hold. */
  push(chunk: Buffer): readonly MailEvent[] {
    return this.#parse(this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]), false);
  }

  /** Gives what was held back and ends what is open: the message ends here. */
  end(): readonly MailEvent[] {
    this.#parse(this.#held, true);
    if (this.#section.kind === "header") this.#enterBody(this.#section);
    this.#leaveSection();
    if (!this.#hasText && this.#candidate !== undefined) {
      this.#textCharset = this.#candidate.charset ?? this.#textCharset;
      this.#events.push({ type: "body", file: this.#candidate.file });
    }
    return this.#events;
  }

  #parse(bytes: Buffer, final: boolean): readonly MailEvent[] {
    this.#events = [];
    let rest = bytes;
    let section: Section | undefined;
    // A section may end without a byte of its own. One that neither ends nor takes a byte waits for more bytes.
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
    this.#takeContent(bytes.subarray(0, content));
    if (taken > 0) this.#atLineStart = false;
    if (line === undefined) return taken;
    const beginsFirstPart = !line.closing && this.#boundaries.isInnermost(line.level);
    if (this.#section.kind === "preamble" && beginsFirstPart) this.#section = { kind: "around" };
    this.#leaveSection();
    this.#boundaries.closeFrom(line.closing ? line.level : line.level + 1);
    this.#defaults.length = this.#boundaries.depth;
    this.#atLineStart = true;
    if (!line.closing) {
      const reader = new HeaderReader(mimeFields);
      this.#section = { kind: "header", reader, default: this.#defaults[line.level] ?? "text/plain" };
    }
    return taken;
  }

  #takeContent(bytes: Buffer): void {
    if (this.#section.kind === "body") this.#emit(this.#section.event, this.#section.decoder.push(bytes));
    if (this.#section.kind !== "preamble") return;
    this.#section.preamble.push(bytes);
    if (this.#section.preamble.bytes.length > MAIL_LIMITS.preamble) this.#keepAsText(this.#section.preamble);
  }

  #enterBody(section: Section & { kind: "header" }): void {
    this.#countPart();
    this.#atLineStart = true;
    const type = parseParameters(section.reader.field("content-type"));
    // RFC 2045 §5.2: a part without a type, or with one that cannot be read, is plain text.
    const mediaType = /^[^\s/]+\/[^\s/]+$/.test(type.value) ? type.value : section.default;
    const boundary = withoutTrailingBlanks(type.bytes.get("boundary") ?? "");
    if (mediaType.startsWith("multipart/") && boundary !== "" && boundary.length + 4 < MAIL_LIMITS.token) {
      this.#boundaries.open(boundary);
      // RFC 2046 §5.1.5: the parts of a digest are messages.
      this.#defaults.push(mediaType === "multipart/digest" ? "message/rfc822" : "text/plain");
      this.#section = { kind: "preamble", preamble: new Preamble() };
      return;
    }
    const disposition = parseParameters(section.reader.field("content-disposition"));
    const name = disposition.parameters.get("filename") || type.parameters.get("name") || "";
    const leafType = mediaType.startsWith("multipart/") ? "text/plain" : mediaType;
    this.#enterPart({
      mediaType: leafType,
      name,
      charset: type.parameters.get("charset")?.toLowerCase(),
      rank: bodyRank(leafType, disposition.value, name),
      decoder: bodyDecoder(section.reader.field("content-transfer-encoding")),
    });
  }

  #countPart(): void {
    if (++this.#parts > MAIL_LIMITS.parts) {
      throw new ServiceError("REPLY", `a message of more than ${MAIL_LIMITS.parts} parts`);
    }
  }

  #enterPart({ mediaType, name, charset, rank, decoder }: Part): void {
    // Outside a multipart no other part can be the body.
    if (rank !== undefined && (rank === 0 || this.#boundaries.depth === 0) && !this.#hasText) {
      this.#hasText = true;
      this.#textCharset = charset ?? this.#textCharset;
      this.#section = { kind: "body", event: "text", decoder };
      return;
    }
    if (rank !== undefined && rank < (this.#candidate?.rank ?? Number.POSITIVE_INFINITY)) {
      this.#candidate = { rank, file: this.#files, charset };
    }
    this.#files++;
    const usable = fileName(name) || genericName(++this.#unnamed, mediaType);
    this.#events.push({ type: "file", name: usable, mediaType });
    this.#section = { kind: "body", event: "data", decoder };
  }

  /** Keeps what a multipart without a part holds: dropping it would lose a message whose boundary is damaged. */
  #keepAsText(preamble: Preamble): void {
    if (preamble.isBlank) return;
    this.#countPart();
    this.#enterPart({ mediaType: "text/plain", name: "", charset: undefined, rank: 0, decoder: identityDecoder });
    this.#takeContent(preamble.bytes);
  }

  #leaveSection(): void {
    if (this.#section.kind === "preamble") this.#keepAsText(this.#section.preamble);
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

/** RFC 2046 §5.1.1: a boundary does not end in a blank. */
function withoutTrailingBlanks(boundary: string): string {
  return boundary.replace(/[ \t]+$/, "");
}
