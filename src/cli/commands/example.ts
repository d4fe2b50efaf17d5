import { encodeEtx } from "../../codec/etx/encoder.ts";
import type { EntryKind, ExampleStep } from "../../commands/reference/command-reference.ts";
import type { Journal } from "../../rig/journal.ts";
import { visibleBytes } from "../../rig/report/visible-bytes.ts";
import { Rig } from "../../rig/rig.ts";
import { type HostEnd, memoryPair } from "../../transport/memory.ts";
import { isFinalResult, isPrompt, splitLines } from "./host-view.ts";

/** What the host said in a step of an example, and the lines that the module printed. */
export interface Exchange {
  readonly host: string | undefined;
  readonly module: readonly string[];
}

/** How long a step may take, in milliseconds. */
const PATIENCE = 10_000;

/** A module of its own for examples: in memory, as it starts, with the sandbox around it. */
export class ExampleModule {
  readonly #rig: Rig;
  readonly #journal: Journal;
  readonly #host: HostEnd;
  #seen = 0;
  #text = "";
  /** What the module printed to the last thing that the host said. */
  #answer: readonly string[] = [];

  private constructor(rig: Rig, journal: Journal, host: HostEnd) {
    this.#rig = rig;
    this.#journal = journal;
    this.#host = host;
  }

  static async start(): Promise<ExampleModule> {
    const { module, host } = memoryPair();
    const rig = await Rig.start({ modems: [{ transport: module }], sandbox: true, journal: true, seed: 1 });
    if (rig.journal === undefined) throw new Error("a rig with a journal has none");
    return new ExampleModule(rig, rig.journal, host);
  }

  close(): Promise<void> {
    return this.#rig.close();
  }

  /** Carries out a step. Rejects when the module does not answer as the step expects. */
  async run(step: ExampleStep, entry: EntryKind | undefined): Promise<Exchange> {
    if (typeof step !== "string" && "until" in step) {
      const { until } = step;
      // It may have come together with the answer before it.
      const hasCome = this.#answer.some((line) => line.includes(until));
      const module = hasCome ? [] : await this.#read((text) => text.includes(until) && text.endsWith("\r\n"));
      return { host: undefined, module };
    }
    const bytes = typeof step === "string" ? Buffer.from(`${step}\r`, "latin1") : entered(step.data, entry);
    void this.#host.write(bytes);
    const module = await this.#read(isAnswer);
    this.#answer = module;
    const said = bytes.toString("latin1");
    // What is echoed is shown once.
    const echoed = module[0] === said.replace(/\r$/, "") ? module.slice(1) : module;
    return { host: typeof step === "string" ? step : visibleBytes(said), module: echoed };
  }

  /** What the module prints until `done` holds for all of it. */
  async #read(done: (text: string) => boolean): Promise<readonly string[]> {
    const signal = AbortSignal.timeout(PATIENCE);
    while (!done(this.#text)) {
      const query = { after: this.#seen, types: ["module"] as const };
      await this.#journal.next(query, signal);
      const { events, next } = this.#journal.query(query);
      this.#seen = next;
      for (const event of events) if (event.type === "module") this.#text += event.bytes;
    }
    const { lines, rest } = splitLines(this.#text);
    this.#text = "";
    this.#host.take();
    return rest === "" ? lines : [...lines, rest];
  }
}

function entered(data: string, entry: EntryKind | undefined): Buffer {
  const bytes = Buffer.from(data, "latin1");
  const counted = entry === undefined || entry === "counted";
  return counted ? bytes : Buffer.concat([entry === "etx" ? encodeEtx(bytes) : bytes, Buffer.from("\x1a", "latin1")]);
}

function isAnswer(text: string): boolean {
  const { lines, rest } = splitLines(text);
  if (rest !== "") return isPrompt(rest, false);
  const last = lines.at(-1) ?? "";
  return isPrompt(last, true) || lines.some(isFinalResult);
}
