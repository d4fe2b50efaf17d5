import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { works } from "../support/project.ts";
import { type Lab, PYTHON, startLab } from "./labgrid.ts";

const isThere = await works(PYTHON, "-c", "import autobahn, labgrid, pytest");

describe.skipIf(!isThere)("modems as places of labgrid", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
    await lab.client("ann", "-p", "modem1", "create");
    await lab.client("ann", "-p", "modem1", "add-match", "*/modem1/NetworkSerialPort");
  });
  afterAll(() => lab?.close());
  afterEach(() => lab.client("ann", "-p", "modem1", "release", "--kick").catch(() => undefined));

  const acquire = (user: string, place = "modem1") => lab.client(user, "-p", place, "acquire");

  test("the exporter offers each modem of a fleet", async () => {
    const names = [1, 2, 3, 4].map((number) => `farm1/modem${number}/NetworkSerialPort`);
    expect((await lab.client("ann", "resources")).trim().split("\n").toSorted()).toEqual(names);
  });

  test("tests talk to the modem of the place that they hold, one session after the other", async () => {
    await acquire("ann");
    for (const _ of [1, 2]) {
      const { code, output } = await lab.pytest("ann", "modem1");
      expect(output).toMatch(/\n=+ 2 passed/);
      expect(code).toBe(0);
    }
  });

  test("a place that another user holds is refused, and so are the tests of others", async () => {
    await acquire("ann");
    await expect(acquire("bob")).rejects.toThrow(/place modem1 is already acquired by \S+\/ann/);
    await expect(lab.client("bob", "-p", "modem1", "release")).rejects.toThrow(/acquired by a different user/);
    const { code, output } = await lab.pytest("bob", "modem1");
    expect(output).toContain("place modem1 is not acquired by your user, acquired by ann");
    expect(code).not.toBe(0);
  });

  test("another place with the same modem is refused, too", async () => {
    await acquire("ann");
    await lab.client("bob", "-p", "other", "create");
    await lab.client("bob", "-p", "other", "add-match", "*/modem1/NetworkSerialPort");
    await expect(acquire("bob", "other")).rejects.toThrow(/failed to acquire place other/);
  });

  test("a place that was released is there for the next user", async () => {
    await acquire("ann");
    await lab.client("ann", "-p", "modem1", "release");
    await acquire("bob");
    expect((await lab.pytest("bob", "modem1")).output).toMatch(/\n=+ 2 passed/);
  });
});
