import { ServiceError } from "../../platform/network/service-error.ts";
import { type BodyFraming, bodyFraming } from "./body-framing.ts";
import { ChunkedFraming } from "./chunked-framing.ts";
import { ResponseHeader } from "./response-header.ts";
import { recogniseReply } from "./status-line.ts";

/** The state of the response after the bytes taken last. */
export interface ResponseProgress {
  /** Bytes of the response, as received: they count also where the response fails. */
  readonly pass: Buffer;
  /** Whether the response is complete. Nothing must be pushed afterwards. */
  readonly complete: boolean;
  /** Why the response cannot go on. */
  readonly failure: ServiceError | undefined;
}

const NOTHING = Buffer.alloc(0);

/**
 * Finds the end of a response in the bytes that a server sends, and passes them on as they are: header blocks, interim
 * responses and chunk framing included. A reply that is not HTTP ends when the server closes.
 *
 * @spec decisions 6
 * @rfc 9112 §6.3
 */
export class ResponseReader {
  readonly #method: string;
  readonly #lowerCase: boolean;
  /** The first bytes of a reply, while they are too few to recognise it. */
  #undecided = NOTHING;
  /** The header that is being read. */
  #header: ResponseHeader | undefined;
  #framing: BodyFraming | undefined;
  #left = 0;
  readonly #chunked = new ChunkedFraming();

  /** `method` is that of the request. With `lowerCase` the header blocks are passed on in lower case. */
  constructor(options: { readonly method: string; readonly lowerCase: boolean }) {
    this.#method = options.method;
    this.#lowerCase = options.lowerCase;
  }

  /** Takes what has arrived. The chunk belongs to the reader: its header bytes may be changed, and `pass` borrows it. */
  push(chunk: Buffer): ResponseProgress {
    const bytes = this.#undecided.length === 0 ? chunk : Buffer.concat([this.#undecided, chunk]);
    this.#undecided = NOTHING;
    let at = 0;
    try {
      while (at < bytes.length && !this.#ended()) at = this.#advance(bytes, at);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { pass: bytes, complete: false, failure: error };
    }
    return { pass: bytes.subarray(0, at - this.#undecided.length), complete: this.#ended(), failure: undefined };
  }

  /** Ends the response: the server has closed, or was given up. Gives the bytes that were held back. */
  close(): ResponseProgress {
    const pass = this.#undecided;
    const complete = this.#endsByClose() || this.#ended();
    this.#undecided = NOTHING;
    const failure = complete ? undefined : new ServiceError("CLOSED", "the server closed too early");
    return { pass, complete, failure };
  }

  /** Whether the server's close completes the response: where it has no other end, and where it is not HTTP. */
  #endsByClose(): boolean {
    if (this.#framing !== undefined) return this.#framing.kind === "close";
    if (this.#header !== undefined) return !this.#header.http;
    return this.#undecided.length > 0 && !beginsLikeHttp(this.#undecided);
  }

  #ended(): boolean {
    switch (this.#framing?.kind) {
      case undefined:
      case "close":
        return false;
      case "none":
        return true;
      case "length":
        return this.#left === 0;
      case "chunked":
        return this.#chunked.complete;
    }
  }

  /** Passes over whatever is awaited at `at`, and gives the index after it. */
  #advance(bytes: Buffer, at: number): number {
    switch (this.#framing?.kind) {
      case undefined:
        return this.#header === undefined ? this.#begin(bytes, at) : this.#readHeader(this.#header, bytes, at);
      case "length": {
        const run = Math.min(this.#left, bytes.length - at);
        this.#left -= run;
        return at + run;
      }
      case "chunked":
        return this.#chunked.advance(bytes, at);
      case "close":
      case "none":
        return bytes.length;
    }
  }

  #begin(bytes: Buffer, at: number): number {
    const reply = recogniseReply(bytes, at);
    switch (reply.kind) {
      case "undecided":
        this.#undecided = Buffer.from(bytes.subarray(at));
        return bytes.length;
      case "other":
        this.#framing = { kind: "close" };
        return at;
      case "status":
        this.#header = new ResponseHeader(reply);
        return at;
    }
  }

  #readHeader(header: ResponseHeader, bytes: Buffer, at: number): number {
    const end = header.advance(bytes, at, this.#lowerCase);
    if (!header.complete) return end;
    this.#header = undefined;
    if (!header.http) this.#framing = { kind: "close" };
    // RFC 9110 §15.2: interim responses come before the one that was asked for.
    else if (header.status >= 200 || header.status === 101) {
      this.#framing = bodyFraming(this.#method, header.status, header.text);
      if (this.#framing.kind === "length") this.#left = this.#framing.length;
    }
    return end;
  }
}

/** Whether a reply that was cut before it could be recognised begins like HTTP. */
function beginsLikeHttp(bytes: Buffer): boolean {
  return /^HTTP\//i.test(bytes.toString("latin1"));
}
