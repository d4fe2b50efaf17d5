import { describe, expect, test } from "vitest";
import { EchoLoopDetector } from "../../../src/transport/flow/echo-loop.ts";

type Step = readonly ["sent" | "received", string];

function reports(steps: readonly Step[]): number {
  let count = 0;
  const detector = new EchoLoopDetector(() => count++);
  for (const [way, text] of steps) detector[way](Buffer.from(text, "latin1"));
  return count;
}

const repeat = (times: number, ...steps: Step[]): Step[] => Array.from({ length: times }, () => steps).flat();

describe("an echo loop is noticed", () => {
  test.each<[string, readonly Step[]]>([
    ["where the terminal sends it back unchanged", repeat(3, ["sent", "\r\nOK\r\n"], ["received", "\r\nOK\r\n"])],
    ["where it shows control characters", repeat(3, ["sent", "\r\nOK\r\n"], ["received", "^M\r\nOK^M\r\n"])],
    [
      "where the module runs its own echo as a command",
      repeat(3, ["sent", "AT\r\r\nOK\r\n"], ["received", "AT\r\r\n\r\nOK\r\n\r\n"]),
    ],
    [
      "where it comes back in pieces",
      repeat(
        3,
        ["sent", "\r\n+CREG: 0,1\r\n\r\nOK\r\n"],
        ["received", "\r\n+CRE"],
        ["received", "G: 0,1\r\n\r\nO"],
        ["received", "K\r\n"],
      ),
    ],
    ["once, however long it lasts", repeat(50, ["sent", "\r\nOK\r\n"], ["received", "\r\nOK\r\n"])],
  ])("%s", (_, steps) => {
    expect(reports(steps)).toBe(1);
  });
});

describe("no echo loop is", () => {
  test.each<[string, readonly Step[]]>([
    [
      "a dialogue with the module's echo",
      repeat(50, ["received", "AT+CSQ\r"], ["sent", "AT+CSQ\r\r\n+CSQ: 23,99\r\n\r\nOK\r\n"]),
    ],
    [
      "a host that types the same command by single keys",
      repeat(20, ["received", "A"], ["sent", "A"], ["received", "T\r"], ["sent", "T\r\r\nOK\r\n"]),
    ],
    [
      "a host that once sends what the module has printed",
      [["sent", "\r\nOK\r\n"], ...repeat(5, ["received", "OK\r"])],
    ],
    ["noise that no output resembles", repeat(20, ["sent", "\r\nOK\r\n"], ["received", "noise\r\n"])],
    [
      "a file that goes out and comes back",
      repeat(5, ["sent", "x\r\n".repeat(400)], ["received", "x\r\n".repeat(400)]),
    ],
    ["data that comes back among other text", repeat(5, ["sent", "\r\nOK\r\n"], ["received", "OK\rDear reader\r"])],
  ])("%s", (_, steps) => {
    expect(reports(steps)).toBe(0);
  });
});
