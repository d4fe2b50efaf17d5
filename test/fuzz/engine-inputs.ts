import { ALL_COMMANDS } from "../../src/commands/all-commands.ts";
import { SeededRandom } from "../../src/platform/crypto.ts";

/** Chance with a seed: the same inputs every time. */
export class Dice {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** A whole number from 0 to `sides` - 1. */
  roll(sides: number): number {
    return this.#random.integer(sides);
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.roll(from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}

const LAUNCH = 'AT+CHTTPACT="a.example",80\r';
const TAILS = [
  "",
  "?",
  "=?",
  "=",
  "=0",
  "=1",
  "=2",
  '="a"',
  '=1,"IP","apn"',
  "=1,1",
  '="',
  "=9999999999",
  ",;",
  "= 1 , 2",
];
const PIECES = [
  "\r",
  "\n",
  "\r\n",
  "\x1a",
  "\x1b",
  "\b",
  "\x7f",
  "\x03",
  "\x03\x1a",
  "A/",
  "a/",
  "+++",
  ";",
  '"',
  "\\22",
  "AT",
  "at",
  " ",
];
const BODIES = ["GET / HTTP/1.1\r\n\r\n", "POST /\r\rabc", "\x03\x03\x03\x1a", "", "x".repeat(300)];

/** One input of the host: soup, a command, several, a launch with data, or any of these mutated. */
export function hostInput(dice: Dice): Buffer {
  const draft = drafts[dice.roll(drafts.length)]?.(dice) ?? "";
  const bytes = Buffer.from(dice.roll(2) === 0 ? draft : mutate(draft, dice), "latin1");
  // No "3" at all: whoever changes S3 can end no line with CR any more.
  return bytes.map((byte) => (byte === 0x33 ? 0x34 : byte)) as Buffer;
}

/** The input in one piece, or cut anywhere. */
export function cut(input: Buffer, dice: Dice): readonly Buffer[] {
  switch (dice.roll(4)) {
    case 0:
      if (input.length > 100) return [input];
      return Array.from(input, (_, at) => input.subarray(at, at + 1));
    case 1: {
      const at = dice.roll(input.length + 1);
      return [input.subarray(0, at), input.subarray(at)];
    }
    default:
      return [input];
  }
}

const drafts: ReadonlyArray<(dice: Dice) => string> = [
  (dice) => Buffer.from(Array.from({ length: dice.roll(40) }, () => dice.roll(256))).toString("latin1"),
  (dice) => Array.from({ length: dice.roll(12) }, () => dice.pick(PIECES)).join(""),
  (dice) => `AT${command(dice)}\r`,
  (dice) => `${dice.pick(["AT", "at", "\x1aAT", "\nAt"])}${command(dice)};${command(dice)}${command(dice)}\r\n`,
  (dice) => Array.from({ length: dice.roll(5) }, () => `AT${command(dice)}\r`).join(""),
  (dice) => `${LAUNCH}${dice.pick(["", "\n", "\x1a"])}`,
  (dice) => `${LAUNCH}${dice.pick(BODIES)}\x1a${dice.pick(["", "\r\n", "AT\r", LAUNCH])}`,
  (dice) => `${dice.pick(BODIES)}${dice.pick(["", "\x1a", "\x1a\r\n"])}`,
  (dice) => `AT${"X".repeat(2040 + dice.roll(16))}${dice.pick(PIECES)}\r`,
];

function command(dice: Dice): string {
  const { name } = dice.pick(ALL_COMMANDS);
  return (dice.roll(8) === 0 ? name.toLowerCase() : name) + dice.pick(TAILS);
}

function mutate(text: string, dice: Dice): string {
  let mutated = text;
  for (let times = 1 + dice.roll(3); times > 0; times--) {
    const at = dice.roll(mutated.length + 1);
    const length = dice.roll(4);
    const [before, after] = [mutated.slice(0, at), mutated.slice(at + length)];
    switch (dice.roll(4)) {
      case 0:
        mutated = before + after;
        break;
      case 1:
        mutated = before + dice.pick(PIECES) + mutated.slice(at);
        break;
      case 2:
        mutated = before + String.fromCharCode(dice.roll(256)) + after;
        break;
      default:
        mutated = mutated.slice(0, at + length) + mutated.slice(at);
    }
  }
  return mutated;
}
