import type { ReadFile } from "../../platform/disk/files.ts";
import { ORIGIN_LINGER, ORIGIN_REMEMBERED, ORIGIN_REMEMBERED_BODY } from "../../platform/limits.ts";
import type { Log } from "../../platform/log.ts";
import type { Connection, Endpoint, Listener, Network } from "../../platform/network/network.ts";
import { ServiceError } from "../../platform/network/service-error.ts";
import { httpDate } from "../../platform/time/calendar.ts";
import type { Clock } from "../../platform/time/clock.ts";
import { Deadline } from "../../platform/time/deadline.ts";
import { plainPage, sendAnswer } from "./answer.ts";
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

export interface HttpOriginParts {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
  /** The files it serves, by path. */
  readonly site: ReadFile;
}

/** A request that the origin got. The body grows while it comes in, up to a bound; `bodyLength` counts all of it. */
export interface ReceivedRequest extends RequestHead {
  readonly body: Buffer;
  readonly bodyLength: number;
}

/**
 * The sandbox's HTTP/1.1 server: a site of files, pages that show what came in, and pages that misbehave on purpose. It
 * answers for every host name.
 *
 * @rfc 9112
 */
export class HttpOrigin {
  readonly #parts: HttpOriginParts;
  readonly #listener: Listener;
  readonly #controller = new AbortController();
  readonly #requests: Array<ReceivedRequest> = [];
  readonly #conversations = new Set<Promise<void>>();

  private constructor(parts: HttpOriginParts, listener: Listener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Listens on `local`; port 0 picks a free one. */
  static async listen(parts: HttpOriginParts, local: Endpoint, signal: AbortSignal): Promise<HttpOrigin> {
    const origin = new HttpOrigin(parts, await parts.network.listen(local, signal));
    void origin.#accept();
    return origin;
  }

  /** Where it listens. */
  get local(): Endpoint {
    return this.#listener.local;
  }

  /** The requests it got, the last ones, oldest first. */
  get requests(): readonly ReceivedRequest[] {
    return this.#requests;
  }

  /** Forgets the requests. */
  reset(): void {
    this.#requests.length = 0;
  }

  /** Stops listening and drops every connection. */
  async close(): Promise<void> {
    this.#listener.close();
    this.#controller.abort(new ServiceError("CLOSED", "the origin is closed"));
    await Promise.all(this.#conversations);
  }

  get #signal(): AbortSignal {
    return this.#controller.signal;
  }

  async #accept(): Promise<void> {
    for (;;) {
      let connection: Connection;
      try {
        connection = await this.#listener.accept(this.#signal);
      } catch {
        return;
      }
      const conversation = this.#converse(connection);
      this.#conversations.add(conversation);
      void conversation.then(() => this.#conversations.delete(conversation));
    }
  }

  async #converse(connection: Connection): Promise<void> {
    try {
      while (await this.#exchange(connection));
      await this.#takeLeave(connection);
    } catch (error) {
      this.#parts.log.debug({ event: "origin connection lost", error: String(error) });
    } finally {
      connection.close();
    }
  }

  /** One request and its answer. Gives whether another may follow. */
  async #exchange(connection: Connection): Promise<boolean> {
    let head: RequestHead | undefined;
    let framing: RequestFraming;
    try {
      head = await readHead(connection, this.#signal);
      if (head === undefined) return false;
      framing = requestFraming(head);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const context = { headerOnly: false, version: "1.0", keepAlive: false, date: this.#date } as const;
      return sendAnswer(connection, plainPage(400, `What is wrong is ${error.message}.`), context, this.#signal);
    }
    return this.#answer(connection, head, framing);
  }

  async #answer(connection: Connection, head: RequestHead, framing: RequestFraming): Promise<boolean> {
    const body = this.#remember(head, readBody(connection, framing, this.#signal));
    // RFC 9110 §10.1.1.
    if (/^100-continue$/i.test(field(head, "expect") ?? "")) {
      await connection.write("HTTP/1.1 100 Continue\r\n\r\n", this.#signal);
    }
    const answer = await answerPage({ head, framing, body }, this.#parts.site);
    if (typeof answer === "string") return this.#misbehave(connection, answer);
    const { version } = head;
    const headerOnly = head.method === "HEAD";
    const context = { headerOnly, version, keepAlive: keepsAlive(head), date: this.#date };
    const again = await sendAnswer(connection, answer, context, this.#signal);
    // What the page has not read must not be taken for the next request.
    for await (const _ of body);
    return again;
  }

  async #misbehave(connection: Connection, how: Misbehaviour): Promise<boolean> {
    if (how === "reset") connection.close(new ServiceError("RESET", "the page that resets"));
    else if (how === "hang") while ((await connection.read(this.#signal)) !== undefined);
    return false;
  }

  /** Writes the request down, and passes its body on while writing down the beginning of that. */
  #remember(head: RequestHead, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const received = { ...head, body: Buffer.alloc(0), bodyLength: 0 };
    this.#requests.push(received);
    if (this.#requests.length > ORIGIN_REMEMBERED) this.#requests.shift();
    this.#parts.log.debug({ event: "origin request", method: head.method, target: head.target });
    return (async function* () {
      for await (const block of body) {
        received.bodyLength += block.length;
        const room = ORIGIN_REMEMBERED_BODY - received.body.length;
        if (room > 0) received.body = Buffer.concat([received.body, block.subarray(0, room)]);
        yield block;
      }
    })();
  }

  /** Ends our side and waits a while for the client to end its own: a reset would destroy the answer under way. */
  async #takeLeave(connection: Connection): Promise<void> {
    connection.end();
    const deadline = new Deadline(this.#parts.clock, ORIGIN_LINGER, this.#signal);
    try {
      while ((await connection.read(deadline.signal)) !== undefined);
    } finally {
      deadline.dispose();
    }
  }

  get #date(): string {
    return httpDate(this.#parts.clock.now());
  }
}

/** RFC 9112 §9.3. */
function keepsAlive(head: RequestHead): boolean {
  const options = (field(head, "connection") ?? "").toLowerCase().split(/[ \t]*,[ \t]*/);
  if (options.includes("close")) return false;
  return head.version === "1.1" || options.includes("keep-alive");
}
