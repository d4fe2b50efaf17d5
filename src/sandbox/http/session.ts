import type { ReadFile } from "../../platform/disk/files.ts";
import type { Connection } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { httpDate } from "../../platform/time/calendar.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { plainPage, sendAnswer } from "./answer.ts";
import type { CannedPages } from "./canned-pages.ts";
import { answerPage, type Misbehaviour } from "./pages.ts";
import {
  BadRequest,
  field,
  type RequestFraming,
  type RequestHead,
  readBody,
  readHead,
  requestFraming,
} from "./request.ts";

/** Records one request. */
export interface HttpRecorder {
  body(block: Buffer): void;
  /** The answer is about to be sent. */
  answered(status: number): void;
  /** The exchange has ended, with an answer or without. */
  over(): void;
}

/** What the sessions of one server share. */
export interface HttpServerRoom {
  readonly site: ReadFile;
  readonly pages: CannedPages;
  readonly clock: Clock;
  record(head: RequestHead): HttpRecorder;
}

/** One client's connection: a request and its answer, and the next one where it is kept alive. */
export class HttpServerSession {
  readonly #connection: Connection;
  readonly #room: HttpServerRoom;
  readonly #signal: AbortSignal;

  constructor(connection: Connection, room: HttpServerRoom, signal: AbortSignal) {
    this.#connection = connection;
    this.#room = room;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    while (await this.#exchange());
  }

  /** One request and its answer. Gives whether another may follow. */
  async #exchange(): Promise<boolean> {
    let head: RequestHead | undefined;
    let framing: RequestFraming;
    try {
      head = await readHead(this.#connection, this.#signal);
      if (head === undefined) return false;
      framing = requestFraming(head);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const context = { headerOnly: false, version: "1.0", keepAlive: false, date: this.#date } as const;
      const answer = plainPage(400, `What is wrong is ${error.message}.`);
      return sendAnswer(this.#connection, answer, context, this.#signal);
    }
    const recorder = this.#room.record(head);
    try {
      return await this.#answer(head, framing, recorder);
    } finally {
      recorder.over();
    }
  }

  async #answer(head: RequestHead, framing: RequestFraming, recorder: HttpRecorder): Promise<boolean> {
    const { pages, site } = this.#room;
    const body = recorded(readBody(this.#connection, framing, this.#signal), recorder);
    // RFC 9110 §10.1.1.
    if (/^100-continue$/i.test(field(head, "expect") ?? "")) {
      await this.#connection.write("HTTP/1.1 100 Continue\r\n\r\n", this.#signal);
    }
    const answer = pages.find(head) ?? (await answerPage({ head, framing, body }, site));
    if (typeof answer === "string") return this.#misbehave(answer);
    const headerOnly = head.method === "HEAD";
    const context = { headerOnly, version: head.version, keepAlive: keepsAlive(head), date: this.#date };
    recorder.answered(answer.status);
    const again = await sendAnswer(this.#connection, answer, context, this.#signal);
    // What the page has not read must not be taken for the next request.
    for await (const _ of body);
    return again;
  }

  async #misbehave(how: Misbehaviour): Promise<boolean> {
    if (how === "reset") this.#connection.close(new ServiceError("RESET", "the server resets on purpose"));
    else if (how === "hang") while ((await this.#connection.read(this.#signal)) !== undefined);
    return false;
  }

  get #date(): string {
    return httpDate(this.#room.clock.now());
  }
}

/** Passes a body on while it is recorded. */
async function* recorded(body: AsyncIterable<Buffer>, recorder: HttpRecorder): AsyncGenerator<Buffer> {
  for await (const block of body) {
    recorder.body(block);
    yield block;
  }
}

/** RFC 9112 §9.3. */
function keepsAlive(head: RequestHead): boolean {
  const options = (field(head, "connection") ?? "").toLowerCase().split(/[ \t]*,[ \t]*/);
  if (options.includes("close")) return false;
  return head.version === "1.1" || options.includes("keep-alive");
}
