import type { RigEvent } from "../../rig/events.ts";
import { EchoState } from "./echo.ts";
import { headLines } from "./head-lines.ts";
import { moduleLines, rawLines } from "./module-lines.ts";
import { NetworkLines } from "./network-lines.ts";
import { TRANSCRIPT_LINE } from "./to-events.ts";

/** A command line, as far as the host has typed it. */
const LINE = /^[!-~](?:[ -~]*[!-~])?\r$/;
const BEGUN = /^[!-~][ -~]*$/;
/** Pauses on a real clock that are no pauses, in milliseconds. */
const NOISE = 20;
/** Most bytes of the module that are collected for one piece. */
const PIECE = 64 * 1024;

type EventOf<Type> = Extract<RigEvent, { readonly type: Type }>;

/**
 * Turns the events of a record into the lines of a golden transcript: what host and module said, what servers did, and how
 * much time passed. A record of a session in real time gives its pauses as upper bounds, and pieces that came in one go as
 * one.
 */
export class TranscriptWriter {
  readonly #echo = new EchoState();
  readonly #network = new NetworkLines();
  #head: EventOf<"rig"> | undefined;
  #begun = false;
  /** Whether times are those of a clock that only moves when it is told to. */
  #isExact = false;
  #at: number | undefined;
  /** What the host has sent and the module has not echoed in whole, as long as it may still do that. */
  #typed: { readonly bytes: string; readonly echoed: number } | undefined;
  /** What the module has said since. */
  #said = "";
  #pause: string | undefined;

  /** The lines that are complete with this event. */
  push(event: RigEvent): readonly string[] {
    switch (event.type) {
      case "rig":
        return this.#rig(event);
      case "log":
        return event.event === TRANSCRIPT_LINE ? this.#literal(event) : [];
      case "host":
        return [...this.#open(event), ...this.#host(event.bytes)];
      case "module":
        return [...this.#open(event), ...this.#module(event.bytes)];
      case "connection":
      case "sent":
      case "received": {
        const lines = this.#network.lines(event);
        return lines.length === 0 ? [] : [...this.#open(event), ...this.#settle(), ...lines];
      }
      case "state":
        return [...this.#open(event), ...this.#settle(), `# ${event.what} is ${JSON.stringify(event.value)}`];
      case "fault":
        return [...this.#open(event), ...this.#settle(), `# the fault ${event.id} (${event.kind})`];
      default:
        return [];
    }
  }

  /** The last lines. */
  end(): readonly string[] {
    return [...this.#beginning(), ...this.#settle()];
  }

  #rig(event: EventOf<"rig">): readonly string[] {
    if (this.#begun) return [...this.#settle(), "# the rig was reset"];
    this.#head = event;
    this.#isExact = (event.options as { readonly time?: unknown } | undefined)?.time === "manual";
    // On a real clock the time until something is said is no pause.
    this.#at = this.#isExact ? event.at : undefined;
    return [];
  }

  /** A line that a transcript said. Notes before all else stay before the options. */
  #literal(event: EventOf<"log">): readonly string[] {
    const [line = ""] = String(event.line).split("\n", 1);
    if (!this.#begun && line.startsWith("#")) return [line];
    const before = [...this.#beginning(), ...this.#settle()];
    if (line.startsWith("~<")) {
      this.#pause = line;
      return before;
    }
    if (!line.startsWith("~")) return [...before, ...this.#passed(event.at), line];
    this.#at = event.at;
    return [...before, line];
  }

  #beginning(): readonly string[] {
    if (this.#begun) return [];
    this.#begun = true;
    return headLines(this.#head);
  }

  /** Begins, and lets time pass; what was said before the time is complete then. */
  #open({ at, type }: RigEvent): readonly string[] {
    const head = this.#beginning();
    const gap = at - (this.#at ?? at);
    // On a real clock an echo may take its time.
    const isEcho = type === "module" && this.#typed !== undefined && this.#said === "";
    const isPause = this.#isExact ? gap > 0 : gap >= NOISE && !isEcho;
    if (!isPause) {
      if (!this.#isExact) this.#at = at;
      return head;
    }
    return [...head, ...this.#settle(), ...this.#passed(at)];
  }

  #passed(at: number): readonly string[] {
    const gap = at - (this.#at ?? at);
    const pause = this.#pause;
    this.#at = at;
    this.#pause = undefined;
    if (pause !== undefined) return [pause];
    if (this.#isExact) return gap > 0 ? [`~ ${gap}`] : [];
    return gap >= NOISE ? [`~< ${Math.ceil(gap)}`] : [];
  }

  #host(bytes: string): readonly string[] {
    const typed = this.#typed;
    if (typed !== undefined && !this.#isExact && typed.echoed === typed.bytes.length && this.#said === "") {
      const joined = typed.bytes + bytes;
      if (BEGUN.test(joined) || LINE.test(joined)) {
        this.#typed = { ...typed, bytes: joined };
        return [];
      }
    }
    const before = this.#settle();
    const isLine = LINE.test(bytes);
    if (this.#echo.on && (isLine || (!this.#isExact && BEGUN.test(bytes)))) {
      this.#typed = { bytes, echoed: 0 };
      return before;
    }
    this.#echo.sent(bytes);
    return [...before, ...(isLine && !this.#echo.on ? [`> ${bytes.slice(0, -1)}`] : rawLines(">", bytes))];
  }

  #module(bytes: string): readonly string[] {
    const lines = this.#echoed(bytes);
    if (this.#said.length < PIECE && !this.#isExact) return lines;
    return [...lines, ...this.#settle()];
  }

  /** Takes the echo of what was typed off what the module says, and keeps the rest. */
  #echoed(bytes: string): readonly string[] {
    const typed = this.#typed;
    if (typed === undefined || this.#said !== "" || typed.echoed === typed.bytes.length) {
      this.#said += bytes;
      return [];
    }
    const awaited = typed.bytes.slice(typed.echoed);
    const echo = bytes.slice(0, awaited.length);
    if (!awaited.startsWith(echo)) {
      const lines = this.#settle();
      this.#said = bytes;
      return lines;
    }
    this.#typed = { ...typed, echoed: typed.echoed + echo.length };
    if (echo.length < awaited.length || !typed.bytes.endsWith("\r")) {
      this.#said = bytes.slice(echo.length);
      return [];
    }
    this.#typed = undefined;
    this.#echo.sent(typed.bytes);
    this.#said = bytes.slice(echo.length);
    return [`> ${typed.bytes.slice(0, -1)}`];
  }

  /** Writes what is kept back. */
  #settle(): readonly string[] {
    const typed = this.#typed;
    const said = this.#said;
    this.#typed = undefined;
    this.#said = "";
    if (typed === undefined) return moduleLines(said);
    this.#echo.sent(typed.bytes);
    return [...rawLines(">", typed.bytes), ...moduleLines(typed.bytes.slice(0, typed.echoed) + said)];
  }
}
