import { expect, test } from "vitest";
import type { FaultSpec } from "../../../src/faults/fault.ts";
import { SystemClock } from "../../../src/platform/time/clock.ts";
import type { RigEvent } from "../../../src/rig/events.ts";
import type { RigModemOptions } from "../../../src/rig/options.ts";
import { Mask } from "../../../src/trace/compare/mask.ts";
import { learn } from "../../../src/trace/learn/learn.ts";
import { OurModule } from "../../../src/trace/learn/our-module.ts";

const CLOCK = new SystemClock();
/** A module that is too slow for the patience of the test. */
const SLOW: FaultSpec = { kind: "answer", command: "+CFUN", lines: ["+CFUN: 1"], result: "NONE" };

async function* session(answer: string): AsyncGenerator<RigEvent> {
  const said = `AT+CFUN?\r\r\n${answer}\r\n\r\nOK\r\n`;
  yield { seq: 1, at: 0, modem: "m1", type: "host", bytes: "AT+CFUN?\r" };
  yield { seq: 2, at: 1, modem: "m1", type: "module", bytes: said };
}

/** Learns a session; in the runs with these numbers, from 0, our module is slow. */
function learned(answer: string, unlucky: readonly number[], candidates: readonly RigModemOptions[]) {
  let runs = 0;
  return learn({
    events: () => session(answer),
    start(options, { faults }) {
      const fault = unlucky.includes(runs++) ? [SLOW] : faults;
      return OurModule.start({ modems: [options], fault }, CLOCK);
    },
    hasTimeLine: true,
    candidates: [candidates],
    mask: new Mask(),
    timeout: 1000,
    signal: new AbortController().signal,
  });
}

const MANUAL = { dialect: "manual" } as const;
const FIELD = { dialect: "field" } as const;

test.each([[[]], [[0]], [[1]], [[2]], [[0, 2]]])(
  "an answer that differs once is not learned (in the runs %j)",
  async (unlucky) => {
    const { options, faults, timeline, open } = await learned("+CFUN: 1", unlucky, [MANUAL, FIELD]);
    expect({ options, faults, timeline, open }).toEqual({ options: MANUAL, faults: [], timeline: [], open: [] });
  },
);

test("an answer that differs each time is learned once", async () => {
  const { options, faults, open } = await learned("+CFUN: 4", [], [MANUAL, FIELD]);
  expect([options, open]).toEqual([MANUAL, []]);
  expect(faults).toEqual([{ kind: "answer", command: "+CFUN", form: "read", lines: ["+CFUN: 4"], result: "OK" }]);
});

test("what cannot be learned is told, and ends the search", async () => {
  const { faults, open } = await learned("\u0001", [], [MANUAL]);
  expect([faults, open.map(({ reason }) => reason)]).toEqual([
    [],
    ["what the module said is not an answer of lines and a result"],
  ]);
});
