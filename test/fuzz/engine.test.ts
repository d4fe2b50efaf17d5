import { expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { type LogRecord, silentLog } from "../../src/platform/log.ts";
import type { Connection, Endpoint } from "../../src/platform/network/network.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { rounds } from "../support/rounds.ts";
import { type ConnectionScript, ScriptedNetwork } from "../support/scripted-network.ts";
import { yieldToIo } from "../support/session-on-memory.ts";
import { showBytes } from "../support/show-bytes.ts";
import { cut, Dice, hostInput } from "./engine-inputs.ts";

const INPUTS = rounds(10_000, 100_000);
const INPUTS_PER_MODEM = 500;
const SEED = 20_100_205;

/** Ends data entry, even after an ETX, and any line. Then factory values, whatever S5 erases by now. */
const RECOVERY = "\x1b\x1a\x1a\r\rAT&F0\rat&f0\rATS5=8\rats5=8\rAT&F0\r";
const ALIVE = "AT\r\r\nOK\r\n";
/** How often the longest of the module's time-outs may pass until it answers. */
const ATTEMPTS = 4;
const LONGEST_TIMEOUT = 120_000;

const SCRIPTS: readonly ConnectionScript[] = [
  { refused: "REFUSED" },
  { refused: "UNRESOLVED" },
  { unanswered: true },
  { acts: [], takesNothing: true },
  { acts: [] },
  { acts: ["silence"] },
  { acts: ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "he\x03\x1ao"] },
  { acts: [`ICY 200 OK\r\n\r\n${"x".repeat(5000)}`] },
  { acts: ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", { fails: "RESET" }] },
];

/** Every connection goes in one of many ways. */
class CapriciousNetwork extends ScriptedNetwork {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    super();
    this.#dice = dice;
  }

  override connect(target: Endpoint, signal: AbortSignal): Promise<Connection> {
    this.script(this.#dice.pick(SCRIPTS));
    return super.connect(target, signal);
  }
}

async function start(dice: Dice, logged: LogRecord[]) {
  const clock = new VirtualClock();
  const network = new CapriciousNetwork(dice);
  const { module, host } = memoryPair();
  const modem = new Modem({
    transport: module,
    clock,
    network,
    dialect: dice.pick(["manual", "field"]),
    log: { ...silentLog, error: (record) => logged.push(record) },
  });
  await modem.start();
  return { modem, clock, host, network };
}

test(`${INPUTS} inputs neither stop the module nor leave a handler failed`, { timeout: 240_000 }, async () => {
  const dice = new Dice(SEED);
  const logged: LogRecord[] = [];
  let survived = 0;
  let connections = 0;
  while (survived < INPUTS) {
    const { modem, clock, host, network } = await start(dice, logged);
    for (let index = 0; index < INPUTS_PER_MODEM; index++) {
      const input = hostInput(dice);
      const waits = dice.roll(2) === 0;
      for (const piece of cut(input, dice)) {
        void host.write(piece);
        if (waits && piece.length > 1) await yieldToIo();
      }
      if (dice.roll(200) === 0) await modem.reset();
      // A silent server keeps the client busy for its whole time-out.
      if (dice.roll(10) === 0) await clock.advance(LONGEST_TIMEOUT);
      if (!(await answers(modem, host, clock)))
        expect.fail(`no answer after input ${survived}: ${showBytes(input.toString("latin1"))}`);
      survived++;
    }
    await modem.close();
    await yieldToIo();
    expect(clock.pendingAlarms).toBe(0);
    connections += network.connections.length;
  }
  expect(logged).toEqual([]);
  expect(survived).toBe(INPUTS);
  expect(connections).toBeGreaterThan(INPUTS / 20);
});

/** Whether the module comes back to a line on which AT is answered with OK. */
async function answers(
  modem: Modem,
  host: ReturnType<typeof memoryPair>["host"],
  clock: VirtualClock,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    void host.write(RECOVERY);
    await yieldToIo();
    // AT+CPOF is among the commands.
    await modem.powerOn();
    host.take();
    void host.write("AT\r");
    await yieldToIo();
    if (host.take().toString("latin1").includes(ALIVE)) return true;
    await clock.advance(LONGEST_TIMEOUT);
  }
  return false;
}
