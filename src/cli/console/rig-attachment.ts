import type { IncomingMessage } from "node:http";
import { callControl, formatControlAddress, readJsonResponse } from "../../control/client.ts";
import { isObject } from "../../platform/schema/check.ts";
import { UsageError } from "../../platform/usage-error.ts";
import type { RigEvent } from "../../rig/events.ts";
import { serverSentEvents } from "../ctl/server-sent-events.ts";
import type { Target } from "../ctl/target.ts";
import { explainError } from "../explain.ts";
import { type Attachment, Lost } from "./attachment.ts";

/** A modem of a rig that runs, by its control interface: the host that has its port keeps every byte. */
export class RigAttachment implements Attachment {
  readonly name: string;
  readonly greeting: string;
  readonly tellsEntries = true;
  readonly ctl: readonly string[];
  readonly #target: Target;
  /** The first event that is of interest. */
  readonly #after: number;

  private constructor(target: Target, modem: string, port: string, after: number) {
    const address = formatControlAddress(target.address);
    this.name = modem;
    this.greeting = `Attached to ${modem} (${port}) of the rig at ${address}.`;
    this.ctl = ["--control", address, ...(target.token === undefined ? [] : ["--control-token", target.token])];
    this.#target = target;
    this.#after = after;
  }

  /** @throws UsageError where no rig answers, or it has no such modem */
  static async open(target: Target, modem: string, signal: AbortSignal): Promise<RigAttachment> {
    const path = `/api/modems/${encodeURIComponent(modem)}`;
    const state = await readAnswer(await call(target, "GET", path, signal));
    const events = await readAnswer(await call(target, "GET", "/api/events?type=rig", signal));
    return new RigAttachment(target, modem, String(state.link ?? state.port), lastSeq(events));
  }

  async *sights(signal: AbortSignal): AsyncGenerator<RigEvent> {
    const query = `/api/events?after=${this.#after}`;
    try {
      const response = await call(this.#target, "GET", query, signal, { accept: "text/event-stream" });
      if (response.statusCode !== 200) await readAnswer(response);
      response.setEncoding("utf8");
      for await (const data of serverSentEvents(response)) {
        const event: RigEvent = JSON.parse(data);
        if (event.modem === undefined || event.modem === this.name) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof UsageError ? new Lost(error.message) : new Lost(`the rig is gone (${reasonOf(error)})`);
    }
    if (!signal.aborted) throw new Lost("the rig has ended");
  }

  async send(bytes: Buffer, signal: AbortSignal): Promise<string | undefined> {
    const path = `/api/modems/${encodeURIComponent(this.name)}/type`;
    try {
      const response = await call(this.#target, "POST", path, signal, { body: { bytes: bytes.toString("latin1") } });
      await readAnswer(response);
      return undefined;
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw new Lost(`the rig is gone (${reasonOf(error)})`);
    }
  }

  async close(): Promise<void> {
    // The signal of the sights has closed the stream.
  }
}

function call(
  { address, token }: Target,
  method: string,
  path: string,
  signal: AbortSignal,
  more: { readonly accept?: string; readonly body?: unknown } = {},
): Promise<IncomingMessage> {
  return callControl(address, { method, path, token, signal, ...more });
}

/** The answer as an object; a refusal is a {@link UsageError} with its message. */
async function readAnswer(response: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const answer = await readJsonResponse(response).catch(() => undefined);
  const fields = isObject(answer) ? answer : {};
  if ((response.statusCode ?? 0) < 400) return fields;
  const error = isObject(fields.error) ? fields.error : {};
  throw new UsageError(String(error.message ?? `the rig answered ${response.statusCode}`));
}

function lastSeq({ next }: Readonly<Record<string, unknown>>): number {
  return typeof next === "number" ? next : 0;
}

function reasonOf(error: unknown): string {
  return explainError(error) ?? (error instanceof Error ? error.message : String(error));
}
