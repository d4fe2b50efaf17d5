import { test as base, type TestAPI, type TestContext } from "vitest";
import type { RigModemOptions } from "./rig/options.ts";
import { Rig } from "./rig/rig.ts";
import type { RigModem } from "./rig/rig-modem.ts";
import type { RigStart } from "./rig/rig-start.ts";
import { type HostEnd, memoryPair } from "./transport/memory.ts";

export { expect } from "vitest";

/** How many of the last events a failing test prints. */
const SHOWN_EVENTS = 40;

/** What a test gets from {@link rig}. */
export interface RigFixtures {
  /** Options of the modem: `test.extend({ modemOptions: { dialect: "field" } })`. Default: none. */
  modemOptions: RigModemOptions;
  /** Options of the rig: `test.extend({ rigOptions: { sandbox: true } })`. Default: none. The rig has a journal. */
  rigOptions: Omit<RigStart, "modems" | "journal">;
  /** The serial line between host and modem. */
  line: ReturnType<typeof memoryPair>;
  /** A rig with one modem on a line in memory. Its last events are printed when the test fails. */
  rig: Rig;
  /** Its modem. */
  modem: RigModem;
  /** The host's end of the line: `write`, `waitFor`, `take`. */
  host: HostEnd;
}

type Given<Names extends keyof RigFixtures> = Pick<RigFixtures, Names>;
type Use<Name extends keyof RigFixtures> = (value: RigFixtures[Name]) => Promise<void>;

/**
 * Fixtures for vitest. Every test that asks for one of them has a rig of its own, which starts within milliseconds and is
 * closed at the test's end; so no test finds what another one left, and tests may run concurrently.
 *
 * @example
 * import { test as base } from "vitest";
 * import { rig, type RigFixtures } from "vmodem/vitest";
 * const test = base.extend<RigFixtures>({ ...rig, rigOptions: { sandbox: true } });
 */
export const rig = {
  modemOptions: {} as RigFixtures["modemOptions"],
  rigOptions: {} as RigFixtures["rigOptions"],
  // vitest wants the parameter of a fixture to be destructured, also where nothing is taken from it.
  line: async ({ task: _ }: TestContext, use: Use<"line">) => use(memoryPair()),
  rig: async (
    { modemOptions, rigOptions, line, onTestFailed }: TestContext & Given<"modemOptions" | "rigOptions" | "line">,
    use: Use<"rig">,
  ) => {
    const started = await Rig.start({
      ...rigOptions,
      modems: [{ ...modemOptions, transport: line.module }],
      journal: true,
    });
    onTestFailed(() => print(started));
    try {
      await use(started);
    } finally {
      await started.close();
    }
  },
  modem: async ({ rig }: Given<"rig">, use: Use<"modem">) => use(rig.modem("m1")),
  // The modem listens before the host writes.
  host: async ({ line, rig: _ }: Given<"line" | "rig">, use: Use<"host">) => use(line.host),
};

/**
 * The `test` of vitest with the fixtures of {@link rig}.
 *
 * @example
 * import { expect, test } from "vmodem/vitest";
 * test("the modem is registered", async ({ host, modem }) => {
 *   await modem.patch({ radio: { rssi: 20 } });
 *   host.write("AT+CSQ\r");
 *   expect(String(await host.waitFor("OK\r\n"))).toContain("+CSQ: 20,");
 * });
 */
export const test: TestAPI<RigFixtures> = base.extend<RigFixtures>(rig);

function print({ journal }: Rig): void {
  const events = journal?.query().events.slice(-SHOWN_EVENTS) ?? [];
  const lines = events.map((event) => JSON.stringify(event));
  // biome-ignore lint/suspicious/noConsole: vitest shows the console's output with the test that wrote it.
  console.error(`The last events of the rig:\n${lines.join("\n")}`);
}
