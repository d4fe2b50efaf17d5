import type { FaultSpec } from "../../faults/fault.ts";
import type { ScenarioStep } from "../../rig/scenario/scenario.ts";
import { type Answer, answerOf } from "./answer-of.ts";
import { type Reply, replyOf } from "./entered-data.ts";
import type { Exchange } from "./exchange.ts";
import { type LateLine, partLate } from "./late-lines.ts";
import type { Lessons } from "./learn.ts";

/** The names that a fault of the kind `answer` takes. */
const NAME = /^(?:\+[A-Za-z][A-Za-z0-9]*|[&%]?[A-Za-z]|[Ss]\d{1,3})$/;

type Command = Exchange["taken"]["commands"][number];

/** What one line of the host is answered. */
interface Rule {
  readonly line: string;
  /** How many lines like it came before. */
  readonly before: number;
  readonly commands: readonly Command[];
  /** Absent where our module's own answer is the same. */
  readonly answer?: Answer & Pick<Reply, "entry">;
  /** What comes unsolicited behind the answer. */
  readonly late: readonly LateLine[];
  /** Which of the rules to try it is. */
  readonly attempt: number;
}

type Says = Pick<Rule, "answer" | "late">;
type AnsweringRule = Rule & Required<Pick<Rule, "answer">>;

/** The answers and unsolicited lines that make a module of ours say what theirs said, as they are found. */
export class Rules {
  readonly #rules = new Map<string, Rule>();
  /** How often each command came, alone on a line. */
  readonly #uses = new Map<string, number>();
  /**
   * Lines of this round, and of the one before, that differ in a way that may be chance: our module was late, as on a busy
   * machine, the line came behind one of which that is so, or its data may be cut otherwise the next time. Such a line is
   * learned when it differs in two rounds on end.
   */
  #doubts = new Set<string>();
  #doubtedBefore: ReadonlySet<string> = new Set();
  #isDoubtful = false;
  readonly #hasTimeLine: boolean;

  constructor({ hasTimeLine }: { readonly hasTimeLine: boolean }) {
    this.#hasTimeLine = hasTimeLine;
  }

  /** Begins a round: counts anew what the session has. */
  restart(): void {
    this.#uses.clear();
    this.#doubtedBefore = this.#doubts;
    this.#doubts = new Set();
    this.#isDoubtful = false;
  }

  /** Counts the command of an exchange. */
  count({ taken: { lines, commands } }: Exchange): void {
    const [command] = commands;
    if (lines.length !== 1 || commands.length !== 1 || command === undefined) return;
    this.#uses.set(keyOf(command), (this.#uses.get(keyOf(command)) ?? 0) + 1);
  }

  /** Finds the answer to an exchange that differs, or awaits that it differs again. Gives in words why neither can help. */
  learn(exchange: Exchange): string | undefined {
    const { isWhole, taken } = exchange;
    const [line] = taken.lines;
    if (!isWhole) return "it says too much";
    if (line === undefined || taken.lines.length !== 1) return "it is not one command line";
    if (taken.commands.length === 0) return "it has no command";
    const wrong = taken.commands.find(({ name }) => !NAME.test(name));
    if (wrong !== undefined) return `${wrong.name} is not the name of a command`;
    const reply = replyOf(exchange);
    if (typeof reply === "string") return reply;
    const attempts = this.#attempts(reply, exchange, line.before);
    if (attempts.length === 0) {
      if (reply.entry?.binary === true) return "the module echoes the data otherwise than they were entered";
      return "what the module said is not an answer of lines and a result";
    }
    const key = `${line.before} ${line.text}`;
    if (!this.#doubtedBefore.has(key)) {
      this.#isDoubtful ||= exchange.isLate;
      if (this.#isDoubtful || reply.entry !== undefined) {
        this.#doubts.add(key);
        return undefined;
      }
    }
    const rules = attempts.map(
      (says, attempt): Rule => ({ line: line.text, before: line.before, commands: taken.commands, ...says, attempt }),
    );
    const known = this.#rules.get(key);
    const tried = known === undefined ? -1 : known.attempt;
    const isTried = JSON.stringify(known) === JSON.stringify(rules[tried]);
    const rule = rules[isTried ? tried + 1 : tried];
    if (rule === undefined) {
      this.#doubts.add(key);
      return "an answer alone does not make it the same";
    }
    this.#rules.set(key, rule);
    return undefined;
  }

  /** What may make an exchange the same, the least first. A step of a time line follows the first of equal lines. */
  #attempts({ entry, said, start }: Reply, { times, errorLevel }: Exchange, before: number): readonly Says[] {
    const own = times.map((piece) => ({ start: piece.start - start, after: piece.after }));
    const parted = this.#hasTimeLine && before === 0 ? partLate(said, own) : undefined;
    const attempts: Says[] = [];
    const add = (answer: Answer | undefined, late: readonly LateLine[]) => {
      if (answer !== undefined) attempts.push({ answer: { ...answer, ...(entry && { entry }) }, late });
    };
    if (parted !== undefined) {
      attempts.push({ late: parted.late });
      add(answerOf(parted.answer, errorLevel), parted.late);
    }
    add(answerOf(said, errorLevel), []);
    return attempts;
  }

  lessons(): Lessons {
    return { faults: this.#faults(), timeline: [...this.#rules.values()].flatMap(stepsOf) };
  }

  /** The faults, for a person to edit: one for a command that is always answered alike, else one for each line. */
  #faults(): readonly FaultSpec[] {
    const lasting = new Map<string, FaultSpec>();
    const single: FaultSpec[] = [];
    const groups = new Map<string, AnsweringRule[]>();
    for (const rule of this.#rules.values()) {
      if (!isAnswering(rule)) continue;
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

/** Data and the whole answer come with the first command of a line; the others, where it goes on to them, say nothing. */
function faultsOfLine({ line, before, commands, answer }: AnsweringRule): readonly FaultSpec[] {
  const last = commands.length - 1;
  return commands.map((command, index) => ({
    ...faultOf(command, {
      ...(index === 0 ? answer : { lines: [] }),
      result: index === last || isFailure(answer.result) ? answer.result : "OK",
    }),
    on: { type: "line", text: line },
    ...(before === 0 ? {} : { after: before }),
    times: 1,
  }));
}

function faultOf({ name, form }: Command, { lines, result, entry }: AnsweringRule["answer"]): FaultSpec {
  return {
    kind: "answer",
    command: name,
    ...(form === undefined ? {} : { form }),
    ...(entry === undefined ? {} : { entry }),
    ...(lines.length === 0 ? {} : { lines }),
    result,
  };
}

function isAnswering(rule: Rule): rule is AnsweringRule {
  return rule.answer !== undefined;
}

function stepsOf({ line, late }: Rule): readonly ScenarioStep[] {
  return late.map(({ text, after }) => ({ when: { type: "line", text: line }, after, do: { urc: text } }));
}

function isFailure(result: string): boolean {
  return result !== "OK" && result !== "NONE";
}

function keyOf({ name, form }: Command): string {
  return `${name} ${form}`;
}
