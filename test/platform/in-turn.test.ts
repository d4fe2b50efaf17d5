import { expect, test } from "vitest";
import { InTurn } from "../../src/platform/in-turn.ts";

test("work runs one after the other, whether the one before fails or not, and gives what it gives", async () => {
  const turns = new InTurn();
  const ran: string[] = [];
  const step = (name: string, fails = false) =>
    turns.run(async () => {
      ran.push(`${name} begins`);
      await Promise.resolve();
      ran.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  expect(await Promise.allSettled([step("a"), step("b", true), step("c")])).toEqual([
    { status: "fulfilled", value: "a" },
    { status: "rejected", reason: new Error("b") },
    { status: "fulfilled", value: "c" },
  ]);
  expect(ran).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
