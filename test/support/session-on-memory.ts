import type { AtLine } from "../../src/at/at-line.ts";
import type { Command, CommandKind } from "../../src/at/command-definition.ts";
import { CommandTable } from "../../src/at/command-table.ts";
import type { Result } from "../../src/at/result-code.ts";
import { AtSession } from "../../src/at/session.ts";
import { Nvram } from "../../src/module/settings/nvram.ts";
import { Settings } from "../../src/module/settings/settings.ts";
import type { SimState } from "../../src/module/sim.ts";
import type { EventBody, Events } from "../../src/platform/events.ts";
import { type LogRecord, silentLog } from "../../src/platform/log.ts";
import { ownBytes } from "../../src/platform/long-bytes.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { WorkSet } from "../../src/platform/work-set.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "./dte.ts";

export interface LineContext {
  readonly line: AtLine;
}

/** A command of a test's own: `AT+<name>`. */
export function testCommand(
  name: string,
  kind: CommandKind,
  execute: (line: AtLine) => Result | Promise<Result>,
): Command<LineContext> {
  return {
    name: `+${name}`,
    summary: name,
    spec: { document: "field", section: "0" },
    kind,
    needsPin: false,
    parameters: [],
    execute: ({ line }) => execute(line),
  };
}

/** `AT+N`, which answers at once: shows that the line is free, and in which order. */
export const answersAtOnce = testCommand("N", "synchronous", () => "OK");

/** A command that goes on until the test says how it ends. */
export function endedByTest(name: string, kind: CommandKind) {
  let end: (result: Result) => void = () => undefined;
  const started = testCommand(name, kind, () => new Promise((resolve) => (end = resolve)));
  return { command: started, end: (result: Result) => end(result) };
}

/** Listens to events and keeps them. */
export class EventList implements Events {
  readonly active = true;
  readonly list: EventBody[] = [];

  emit(event: EventBody): void {
    this.list.push(ownBytes(event));
  }

  /** Those of some types, in order. */
  of(...types: readonly EventBody["type"][]): readonly EventBody[] {
    return this.list.filter(({ type }) => types.includes(type));
  }
}

/** An AT interface with these commands only. Echo is off. */
export function sessionOnMemory(
  commands: readonly Command<LineContext>[],
  options: { promptDelay?: number; sim?: SimState; events?: Events; carrier?: (on: boolean) => void } = {},
) {
  const { events, carrier } = options;
  const clock = new VirtualClock();
  const { module, host } = memoryPair();
  const power = new AbortController();
  const logged: LogRecord[] = [];
  const settings = new Settings(Nvram.inMemory({ profile: { E: 0 } }));
  const session = new AtSession<LineContext>({
    transport: module,
    settings,
    table: CommandTable.of([...commands, answersAtOnce]),
    clock,
    timing: { timeoutScale: 1, packetGap: 0, promptDelay: options.promptDelay ?? 0 },
    log: { ...silentLog, error: (record) => logged.push(record), warn: (record) => logged.push(record) },
    signal: power.signal,
    context: (line) => ({ line }),
    simState: () => options.sim ?? "ready",
    work: new WorkSet(),
    ...(events === undefined ? {} : { events }),
    ...(carrier === undefined ? {} : { carrier }),
  });
  module.start({ data: (chunk) => session.data(chunk), lost: () => undefined });
  return { session, settings, clock, host, power, logged, module, dte: new Dte(host, clock) };
}

/** Lets everything happen that is due. */
export function yieldToIo(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
