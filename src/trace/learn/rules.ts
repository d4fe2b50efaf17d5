import type { FaultSpec } from "../../faults/fault.ts";
import { type Answer, answerOf } from "./answer-of.ts";
import type { Exchange } from "./exchange.ts";

/** The names that a fault of the kind `answer` takes. */
const NAME = /^(?:\+[A-Za-z][A-Za-z0-9]*|[&%]?[A-Za-z]|[Ss]\d{1,3})$/;

type Command = Exchange["taken"]["commands"][number];

/** What one line of the host is answered. */
interface Rule {
  readonly line: string;
  /** How many lines like it came before. */
  readonly before: number;
  readonly commands: readonly Command[];
  readonly answer: Answer;
}

/** The answers that make a module of ours say what theirs said, as they are found. */
export class Rules {
  readonly #rules = new Map<string, Rule>();
  /** How often each command came, alone on a line. */
  readonly #uses = new Map<string, number>();

  /** Begins to count anew what a session has. */
  restart(): void {
    this.#uses.clear();
  }

  /** Counts the command of an exchange. */
  count({ taken: { lines, commands } }: Exchange): void {
    const [command] = commands;
    if (lines.length !== 1 || commands.length !== 1 || command === undefined) return;
    this.#uses.set(keyOf(command), (this.#uses.get(keyOf(command)) ?? 0) + 1);
  }

  /** Finds the answer to an exchange that differs. Gives in words why there is none, or none yet that helps. */
  learn(exchange: Exchange): string | undefined {
    const { host, theirs, isWhole, taken, errorLevel } = exchange;
    const [line] = taken.lines;
    if (!isWhole) return "it says too much";
    if (line === undefined || taken.lines.length !== 1) return "it is not one command line";
    if (!/^\s*[^\r]*\r\n?$/.test(host)) return "it enters data";
    if (taken.commands.length === 0) return "it has no command";
    const wrong = taken.commands.find(({ name }) => !NAME.test(name));
    if (wrong !== undefined) return `${wrong.name} is not the name of a command`;
    const answer = answerOf(withoutEcho(theirs, host), errorLevel);
    if (answer === undefined) return "what the module said is not an answer of lines and a result";
    const key = `${line.before} ${line.text}`;
    const rule: Rule = { line: line.text, before: line.before, commands: taken.commands, answer };
    if (JSON.stringify(this.#rules.get(key)) === JSON.stringify(rule))
      return "an answer alone does not make it the same";
    this.#rules.set(key, rule);
    return undefined;
  }

  get size(): number {
    return this.#rules.size;
  }

  /** The faults, for a person to edit: one for a command that is always answered alike, else one for each line. */
  faults(): readonly FaultSpec[] {
    const lasting = new Map<string, FaultSpec>();
    const single: FaultSpec[] = [];
    const groups = new Map<string, Rule[]>();
    for (const rule of this.#rules.values()) {
      const [command] = rule.commands;
      const key = rule.commands.length === 1 && command !== undefined ? keyOf(command) : "";
      groups.set(key, [...(groups.get(key) ?? []), rule]);
    }
    for (const [key, rules] of groups) {
      const [first] = rules;
      const answers = new Set(rules.map(({ answer }) => JSON.stringify(answer)));
      const isLasting = key !== "" && answers.size === 1 && rules.length === this.#uses.get(key);
      const [command] = first?.commands ?? [];
      if (isLasting && first !== undefined && command !== undefined) lasting.set(key, faultOf(command, first.answer));
      else single.push(...rules.flatMap(faultsOfLine));
    }
    return [...single, ...lasting.values()];
  }
}

/** The whole answer comes with the first command of a line; the others, where it goes on to them, say nothing. */
function faultsOfLine({ line, before, commands, answer }: Rule): readonly FaultSpec[] {
  const last = commands.length - 1;
  return commands.map((command, index) => ({
    ...faultOf(command, {
      lines: index === 0 ? answer.lines : [],
      result: index === last || isFailure(answer.result) ? answer.result : "OK",
    }),
    on: { type: "line", text: line },
    ...(before === 0 ? {} : { after: before }),
    times: 1,
  }));
}

function faultOf({ name, form }: Command, { lines, result }: Answer): FaultSpec {
  return {
    kind: "answer",
    command: name,
    ...(form === undefined ? {} : { form }),
    ...(lines.length === 0 ? {} : { lines }),
    result,
  };
}

function isFailure(result: string): boolean {
  return result !== "OK" && result !== "NONE";
}

function keyOf({ name, form }: Command): string {
  return `${name} ${form}`;
}

/** What was said without the echo of the line, which a record may show masked. */
function withoutEcho(said: string, host: string): string {
  const line = host.trimStart().replace(/\n$/, "");
  const echo = said.slice(0, line.length);
  const isEcho = [...line].every((byte, at) => echo[at] === byte || echo[at] === "*");
  return isEcho && echo.endsWith("\r") ? said.slice(line.length) : said;
}
