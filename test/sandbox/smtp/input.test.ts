import { expect, test } from "vitest";
import type { Connection } from "../../../src/platform/network/network.ts";
import { Deadline } from "../../../src/platform/time/deadline.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { SmtpInput } from "../../../src/sandbox/smtp/input.ts";

function inputOf(chunks: readonly string[]): SmtpInput {
  const left = chunks.map((chunk) => Buffer.from(chunk, "latin1"));
  const connection: Pick<Connection, "read"> = { read: async () => left.shift() };
  const idle = new Deadline(new VirtualClock(), 1000, new AbortController().signal);
  return new SmtpInput(connection as Connection, idle);
}

async function lines(input: SmtpInput): Promise<string[]> {
  const found: string[] = [];
  for (let line = await input.line(10); line !== undefined; line = await input.line(10)) found.push(line);
  return found;
}

test.each([
  ["in one piece", ["one\r\ntwo\r\n"], ["one", "two"]],
  ["byte by byte", [..."one\r\ntwo\n"], ["one", "two"]],
  ["of the longest length", ["0123456789\r\n"], ["0123456789"]],
  ["one too long", ["0123456789x\r\nnext\r\n"], ["long", "next"]],
  ["one too long in pieces, the last like a command", ["x".repeat(50), "NOOP\r\nnext\r\n"], ["long", "next"]],
  ["unfinished", ["one\r\ntw"], ["one"]],
])("command lines %s", async (_, chunks, found) => {
  expect(await lines(inputOf(chunks))).toEqual(found);
});

test.each([
  ["a\r\n.\r\n", "a\r\n"],
  [".\r\n", ""],
  ["..\r\n...\r\n.a\r\n.\r\n", ".\r\n..\r\na\r\n"],
])("the message %j is %j, split anywhere, and what follows is the next command", async (sent, message) => {
  const all = `${sent}NEXT\r\n`;
  for (let at = 0; at <= all.length; at++) {
    const input = inputOf([all.slice(0, at), all.slice(at)].filter((chunk) => chunk !== ""));
    const data = await input.data(1000);
    expect([data?.raw.toString(), data?.fault]).toEqual([message, undefined]);
    expect(await lines(input)).toEqual(["NEXT"]);
  }
});

test("a message too long is a fault, however it is split", async () => {
  expect((await inputOf(["0123456789\r\n.\r\n"]).data(10))?.fault).toMatch(/^552/);
  expect((await inputOf([..."0123456789\r\n.\r\n"]).data(10))?.fault).toMatch(/^552/);
  expect((await inputOf(["01234567\r\n.\r\n"]).data(10))?.fault).toBeUndefined();
});
