import { isEventType, type RigEvent } from "../../rig/events.ts";
import { TranscriptEvents } from "../transcript/to-events.ts";
import { TranscriptError } from "../transcript/transcript.ts";
import { shapeProblem } from "./event-shape.ts";
import { type Line, RecordError, readLines } from "./lines.ts";

/** Reports, in a sentence, what was skipped of a session. */
export type Tell = (message: string) => void;

/**
 * The events of a record, or of a golden transcript, one at a time. Reports and skips an incomplete last line, which a killed
 * program leaves behind. Throws a {@link RecordError}, which names the line, for a file that is not a record or a transcript.
 */
export async function* readSession(pieces: AsyncIterable<Uint8Array>, tell: Tell): AsyncGenerator<RigEvent> {
  let form: SessionForm | undefined;
  for await (const line of readLines(pieces)) {
    if (form === undefined && line.text.trim() === "") continue;
    form ??= formOf(line, tell);
    yield* form.push(line);
  }
  if (form !== undefined) yield* form.end();
}

interface SessionForm {
  push(line: Line): readonly RigEvent[];
  end(): readonly RigEvent[];
}

function formOf({ text, number }: Line, tell: Tell): SessionForm {
  if (text.startsWith("{")) return new RecordForm(tell);
  if (/^[#@>]|^[<~!=?].? /.test(text)) return new TranscriptForm();
  throw new RecordError(number, "neither an event of a record (a line of JSON) nor a line of a golden transcript");
}

class RecordForm implements SessionForm {
  readonly #tell: Tell;
  /** A line that is wrong, which is cut when it is the last one. */
  #broken: { readonly number: number; readonly problem: string } | undefined;
  #count = 0;
  #toldUnknown = false;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  push(line: Line): readonly RigEvent[] {
    if (this.#broken !== undefined) throw new RecordError(this.#broken.number, this.#broken.problem);
    if (line.text.trim() === "") return [];
    const event = readEvent(line.text);
    if (typeof event === "string") {
      if (this.#count === 0) throw new RecordError(line.number, event);
      this.#broken = { number: line.number, problem: event };
      return [];
    }
    this.#count++;
    if (isEventType(event.type)) return [event];
    if (!this.#toldUnknown) this.#tell(`line ${line.number}: events of type ${event.type} are left out`);
    this.#toldUnknown = true;
    return [];
  }

  end(): readonly RigEvent[] {
    if (this.#broken !== undefined) this.#tell(`line ${this.#broken.number}, the last one, is cut; it is left out`);
    return [];
  }
}

/** Gives the event of a line, or the reason why the line is not an event. */
function readEvent(text: string): RigEvent | string {
  let event: Readonly<Record<string, unknown>>;
  try {
    event = JSON.parse(text);
  } catch {
    return "not an event: no JSON";
  }
  if (typeof event !== "object" || event === null || typeof event.type !== "string") return 'not an event: no "type"';
  const problem = isEventType(event.type) ? shapeProblem(event.type, event) : undefined;
  // `shapeProblem` has checked the fields.
  return problem === undefined ? (event as unknown as RigEvent) : `not an event: ${problem}`;
}

class TranscriptForm implements SessionForm {
  readonly #events = new TranscriptEvents();

  push({ text, number }: Line): readonly RigEvent[] {
    try {
      return this.#events.push(text, number);
    } catch (error) {
      if (error instanceof TranscriptError) throw new RecordError(error.line, error.reason);
      throw error;
    }
  }

  end(): readonly RigEvent[] {
    return this.#events.end();
  }
}
