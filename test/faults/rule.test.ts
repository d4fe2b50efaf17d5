import { describe, expect, test } from "vitest";
import { FaultError, type FaultSpec } from "../../src/faults/fault.ts";
import { OK } from "../support/framing.ts";
import { bench, SESSIONS } from "./bench.ts";

const REFUSED: FaultSpec = { kind: "refused" };

/** Logs in at the POP3 server so many times; gives for each whether it failed. */
async function logIns({ dte }: Awaited<ReturnType<typeof bench>>, count: number): Promise<readonly boolean[]> {
  await dte.command(`${SESSIONS.pop3[0]}\r`, OK);
  const failed: boolean[] = [];
  for (let n = 0; n < count; n++) {
    dte.send("AT+POP3IN;+POP3STOP\r");
    await dte.expect("\r\n+POP3: ");
    let rest = "";
    while (!/(OK|ERROR)\r\n$/.test(rest.replace(/^NETWORK ERROR\r\n/, ""))) {
      await dte.clock.advance(0);
      rest += dte.take();
    }
    failed.push(rest.startsWith("NETWORK"));
  }
  return failed;
}

describe("when a fault holds", () => {
  test.each<[string, Partial<FaultSpec>, readonly boolean[]]>([
    ["from now on", {}, [true, true, true]],
    ["so many times", { times: 2 }, [true, true, false]],
    ["after so many uses", { after: 1, times: 1 }, [false, true, false]],
    [
      "from the event on, which may be the command that suffers",
      { on: { type: "command", name: "+POP3IN" } },
      [true, true, true],
    ],
    ["after so many events", { on: { type: "command", name: "+POP3IN" }, after: 2 }, [false, false, true]],
    ["never, without such an event", { on: { type: "line", text: "/XYZ/" } }, [false, false, false]],
    ["never, by chance", { probability: 0 }, [false, false, false]],
  ])("%s", async (_, spec, failed) => {
    const rig = await bench([{ ...REFUSED, ...spec }], { sandbox: true });
    expect(await logIns(rig, 3)).toEqual(failed);
    expect(rig.fired()).toEqual([failed.filter(Boolean).length]);
  });

  test("for a time of the rig's clock", async () => {
    const rig = await bench([{ ...REFUSED, for: 5000 }], { sandbox: true });
    expect(await logIns(rig, 1)).toEqual([true]);
    await rig.clock.advance(5000);
    expect(await logIns(rig, 1)).toEqual([false]);
    expect(rig.rig.faults.list()[0]?.state).toBe("ended");
  });

  test("by chance, the same for the same seed and again after a reset", async () => {
    const one = await bench([], { sandbox: true, seed: 11, fault: [{ ...REFUSED, probability: 0.5 }] });
    const first = await logIns(one, 12);
    await one.rig.reset();
    one.dte.take();
    await one.dte.command("ATE0\r", `ATE0\r${OK}`);
    const again = await logIns(one, 12);
    const other = await bench([], { sandbox: true, seed: 12, fault: [{ ...REFUSED, probability: 0.5 }] });
    expect(again).toEqual(first);
    expect(new Set(first).size).toBe(2);
    expect(await logIns(other, 12)).not.toEqual(first);
  });
});

test("each firing is an event, of its modem", async () => {
  const rig = await bench([{ ...REFUSED, id: "no" }], { sandbox: true, journal: true });
  await logIns(rig, 1);
  const [event] = rig.rig.journal?.query({ types: ["fault"] }).events ?? [];
  expect(event).toMatchObject({ type: "fault", id: "no", kind: "refused", modem: "m1" });
});

test("a reset forgets what was added at run time, and begins the others anew", async () => {
  const { rig } = await bench([REFUSED], { fault: ['{"kind":"refused","id":"lasting","times":1}'] });
  await rig.reset();
  expect(rig.faults.list()).toEqual([{ kind: "refused", id: "lasting", times: 1, state: "active", fired: 0 }]);
});

describe("a wrong fault is refused, with the field named", () => {
  test.each<[unknown, string]>([
    [{}, "/kind is missing"],
    [{ kind: "latencie" }, "/kind must be one of latency, bandwidth"],
    [{ kind: "latency" }, "/latency is missing"],
    [{ kind: "latency", latency: -1 }, "/latency must be an integer from 0"],
    [{ kind: "latency", latency: 1, rate: 3 }, "/rate is unknown here"],
    [{ kind: "latency", latency: 1, probability: 2 }, "/probability must be a number from 0 to 1"],
    [{ kind: "latency", latency: 1, times: 0 }, "/times must be"],
    [{ kind: "refused", on: { type: "comand" } }, "/on/type"],
    [{ kind: "refused", direction: "up" }, "/direction is unknown here"],
    [{ kind: "link", preset: "5g" }, "/preset must be one of gprs, edge, umts, hspa"],
    [{ kind: "refused", id: "taken" }, "/id is the id of another fault"],
  ])("%j", async (fault, message) => {
    const { rig } = await bench([{ kind: "refused", id: "taken" }]);
    expect(() => rig.faults.add(fault)).toThrow(FaultError);
    expect(() => rig.faults.add(fault)).toThrow(message);
    expect(rig.faults.list()).toHaveLength(1);
  });

  test("at the start, too", async () => {
    await expect(bench([], { fault: '{"kind":"link","preset":"5g"}' })).rejects.toThrow("/preset must be one of");
    await expect(bench([], { fault: "latency" })).rejects.toThrow("not JSON like");
  });
});
