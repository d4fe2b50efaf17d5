import { expect, onTestFinished, test } from "vitest";
import { Modem } from "../../../src/modem/modem.ts";
import type { LineSettings } from "../../../src/platform/serial-line.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { until } from "../../support/loopback.ts";

/** A modem on a line that has a rate, and what was printed when each was set. */
async function modemWithRate() {
  const { module, host } = memoryPair();
  const sets: Array<{ readonly settings: Partial<LineSettings>; readonly printed: string }> = [];
  const port = {
    settings: async () => ({}),
    set: async (settings: Partial<LineSettings>) => void sets.push({ settings, printed: host.take().toString() }),
  };
  const modem = new Modem({ transport: Object.assign(module, { port }) });
  onTestFinished(() => modem.close());
  await modem.start();
  return { host, sets };
}

test.each(["AT+IPR=9600", "AT+IPREX=9600"])("%s sets the rate of the line, after its result code", async (line) => {
  const { host, sets } = await modemWithRate();
  void host.write(`${line}\r`);
  // AT+IPREX is answered when its value is stored.
  await until(() => sets.length > 0, "the rate to be set");
  expect(sets).toEqual([{ settings: { rate: 9600 }, printed: `${line}\r\r\nOK\r\n` }]);
});

test.each(["AT+IPR=0", "AT+IPR=12345", "AT+IPR?"])("%s leaves the rate of the line alone", async (line) => {
  const { host, sets } = await modemWithRate();
  await host.write(`${line}\r`);
  expect(sets).toEqual([]);
});
