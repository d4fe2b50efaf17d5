import type { SerialLine } from "../../platform/serial-line.ts";
import type { Clock } from "../../platform/time/clock.ts";
import type { RigEvent } from "../../rig/events.ts";
import { Comparison } from "../compare/comparison.ts";
import { Surroundings } from "../compare/difference.ts";
import type { Mask } from "../compare/mask.ts";
import { serialEvents } from "../compare/serial-events.ts";
import { Answers } from "./answers.ts";

/** Bytes of the record that are read ahead of the module. */
const AHEAD = 64 * 1024;
/** Milliseconds in which a module that has said all says no more. */
const QUIET = 200;

export interface ReplayOptions {
  readonly mask: Mask;
  readonly modem?: string | undefined;
  /** Milliseconds by which an answer may take longer than in the record. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How a replay has ended: the lines that show the first difference; none where there is no difference. */
export interface ReplayResult {
  readonly difference?: readonly string[];
  /** What happened besides: the module was silent, or the port is gone. */
  readonly reason?: string;
}

/**
 * Plays the host's side of a session to a module, and compares what it answers. Each piece of the host is sent when the module
 * has said what it had said before that piece, however long that takes or how short.
 */
export async function replay(
  events: AsyncIterable<RigEvent>,
  port: Pick<SerialLine, "start" | "write">,
  { mask, modem, timeout, clock, signal }: ReplayOptions,
): Promise<ReplayResult> {
  const surroundings = new Surroundings();
  const comparison = new Comparison(mask, (line) => surroundings.add("module", line));
  const answers = new Answers(comparison, clock);
  port.start(answers);
  const result = (reason?: string) => resultOf(comparison, surroundings, reason);
  let before = 0;
  let sent = 0;
  for await (const event of serialEvents(events, modem)) {
    signal.throwIfAborted();
    const pause = event.at - before;
    before = event.at;
    if (event.type === "module") {
      comparison.await(event.bytes);
      answers.looked();
      if (comparison.backlog.awaited < AHEAD) continue;
    }
    // Until then more of the record may have to be said, or nothing.
    const patience = timeout + Math.max(pause, before - sent);
    const end = await answers.until(event.type === "host" ? "same" : AHEAD, patience, signal);
    if (end !== undefined) return result(end);
    if (event.type === "module") continue;
    surroundings.add("host", event.bytes);
    sent = event.at;
    const full = port.write(Buffer.from(event.bytes, "latin1"));
    if (full !== undefined && !(await answers.inTime(full, patience, signal)))
      return result("the module takes no more");
  }
  const end = await answers.until("same", timeout + before - sent, signal);
  if (end !== undefined) return result(end);
  await answers.quiet(QUIET, signal);
  return comparison.state === "same" ? {} : result();
}

function resultOf(comparison: Comparison, surroundings: Surroundings, reason: string | undefined): ReplayResult {
  const { awaited, said } = comparison.rest();
  const difference = surroundings.difference("module", { a: awaited, b: said });
  return { difference, ...(reason === undefined || reason === "different" ? {} : { reason }) };
}
