import { setImmediate as yieldToIo } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log, LogRecord } from "../../../src/platform/log.ts";
import { silentLog } from "../../../src/platform/log.ts";
import type { Connection, Network } from "../../../src/platform/network/network.ts";
import type { SerialLine } from "../../../src/platform/serial-line.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { openRfc2217 } from "../../../src/transport/rfc2217.ts";
import { pattern, transportContract } from "../contract.ts";
import { Recorder } from "../recorder.ts";
import { Rfc2217Client } from "./client.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240] as const;
const [BRK, AYT, AO] = [243, 246, 245] as const;
const [DCD, RI, DSR, CTS] = [128, 64, 32, 16] as const;
/** DSR and CTS are on, DCD and RI are off. */
const IDLE = DSR | CTS;

transportContract("rfc2217", async () => {
  const transport = await openRfc2217(LOOPBACK);
  const host = await Rfc2217Client.connect(transport);
  return { transport, host, ready: async () => void (await host.negotiate()) };
});

describe("the rfc2217 transport", () => {
  let line: SerialLine;
  let recorder: Recorder;
  let clock: VirtualClock;
  let logged: LogRecord[];
  const clients: Rfc2217Client[] = [];

  beforeEach(async () => {
    clock = new VirtualClock();
    logged = [];
    const keep = (record: LogRecord) => void logged.push(record);
    const log: Log = { ...silentLog, info: keep, warn: keep };
    line = await openRfc2217(LOOPBACK, { clock, log });
    recorder = new Recorder();
    line.start(recorder);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await line.close();
  });

  async function call(): Promise<Rfc2217Client> {
    const client = await Rfc2217Client.connect(line);
    clients.push(client);
    return client;
  }

  const negotiated = async () => (await call()).negotiate();

  describe("negotiation", () => {
    test("the server asks at once for what serial servers ask for", async () => {
      const client = await call();
      await client.ask(0);
      expect(client.words).toEqual(["WILL 0", "DO 0", "WILL 3", "DO 3", "WILL 1", "DO 44"]);
    });

    test("agreeing is not answered again, and what is unknown is refused each time", async () => {
      const client = await negotiated();
      const before = client.words.length;
      await client.raw(IAC, DO, 0, IAC, WILL, 0, IAC, DO, 24, IAC, WILL, 31, IAC, DO, 24, IAC, DONT, 24, IAC, WONT, 31);
      await client.ask(0);
      expect(client.words.slice(before)).toEqual(["WONT 24", "DONT 31", "WONT 24"]);
    });

    test("an option that is switched off is confirmed once, and may be switched on again", async () => {
      const client = await negotiated();
      const before = client.words.length;
      await client.raw(IAC, DONT, 0, IAC, DONT, 0, IAC, DO, 0);
      await client.ask(0);
      expect(client.words.slice(before)).toEqual(["WONT 0", "WILL 0"]);
    });

    test("a client that agrees to nothing still talks, as a network virtual terminal", async () => {
      const client = await call();
      await client.raw(IAC, DONT, 0, IAC, WONT, 0, 0x41, 0x54, 0x0d, 0x00, 0x41, 0x0d, 0x0a, 0x00);
      expect((await recorder.received(7)).toString("latin1")).toBe("AT\rA\r\n\0");
      void line.write(Buffer.from("A\r"));
      void line.write(Buffer.from("\r\nOK\r\nB\r"));
      void line.write(Buffer.from("C"));
      expect((await client.readExactly(13)).toString("latin1")).toBe("A\r\0\r\nOK\r\nB\r\0C");
    });

    test.each([
      ["NOP, GA and DM are nothing", [IAC, 241, IAC, 249, IAC, 242, 0x61], "a"],
      ["a subnegotiation that is too long is dropped", [IAC, SB, 44, 0, ...Array(300).fill(0x78), IAC, SE, 0x61], "a"],
      ["one of another option is dropped", [IAC, SB, 24, 1, IAC, SE, 0x61], "a"],
      ["one whose end was lost is dropped at the next command", [IAC, SB, 44, 1, 0, IAC, 241, 0x61], "a"],
      ["one that is empty is nothing", [IAC, SB, 44, IAC, SE, 0x61], "a"],
      ["an unknown command is nothing", [IAC, SB, 44, 99, 1, IAC, SE, 0x61], "a"],
    ])("%s", async (_, bytes, data) => {
      const client = await negotiated();
      await client.raw(...bytes);
      expect((await recorder.received(data.length)).toString()).toBe(data);
    });

    test("ARE YOU THERE is answered, also while the module is silent", async () => {
      const client = await negotiated();
      await client.raw(IAC, AYT);
      expect((await client.readExactly(22)).toString()).toBe("\r\n[the port is open]\r\n");
    });
  });

  describe("settings", () => {
    test.each([
      ["the rate is asked for", 1, [0, 0, 0, 0], [0, 1, 194, 0]],
      ["the rate is set", 1, [0, 0, 0x25, 0x80], [0, 0, 0x25, 0x80]],
      ["a rate with 255 in it is set", 1, [0, 0, 0xff, 0xff], [0, 0, 0xff, 0xff]],
      ["a rate that is too low stays what it was", 1, [0, 0, 0, 1], [0, 1, 194, 0]],
      ["a rate that no UART has stays what it was", 1, [0xff, 0xff, 0xff, 0xff], [0, 1, 194, 0]],
      ["the data bits are asked for", 2, [0], [8]],
      ["7 data bits", 2, [7], [7]],
      ["9 data bits are refused", 2, [9], [8]],
      ["even parity", 3, [3], [3]],
      ["space parity", 3, [5], [5]],
      ["an unknown parity", 3, [6], [1]],
      ["2 stop bits", 4, [2], [2]],
      ["1.5 stop bits", 4, [3], [3]],
      ["the flow control is asked for", 5, [0], [1]],
      ["hardware flow control", 5, [3], [3]],
      ["XON and XOFF inbound", 5, [15], [15]],
      ["DTR is asked for", 5, [7], [8]],
      ["DTR off", 5, [9], [9]],
      ["RTS is asked for", 5, [10], [11]],
      ["RTS off", 5, [12], [12]],
      ["break is asked for", 5, [4], [6]],
      ["the inbound flow control is asked for", 5, [13], [14]],
      ["the line state mask", 10, [0xff], [0xff]],
      ["the modem state mask", 11, [DCD], [DCD]],
      ["purge of both", 12, [3], [3]],
    ])("%s", async (_, code, values, answer) => {
      const client = await negotiated();
      expect(await client.ask(code, ...values)).toEqual(answer);
    });

    test.each([
      ["a rate of two bytes", 1, [1, 2]],
      ["a control that does not exist", 5, [77]],
      ["a purge that does not exist", 12, [9]],
    ])("%s is not answered", async (_, code, values) => {
      const client = await negotiated();
      await client.command(code, ...values);
      await client.ask(0);
      expect(client.messages).toEqual([]);
    });

    test("the module sees what the host has set, and nothing before", async () => {
      const told: unknown[] = [];
      line.port?.onSettings?.((settings) => told.push(settings));
      const client = await negotiated();
      expect(await line.port?.settings()).toEqual({});
      await client.ask(1, 0, 0, 0x25, 0x80);
      await client.ask(2, 7);
      await client.ask(3, 2);
      await client.ask(4, 3);
      expect(await line.port?.settings()).toEqual({ rate: 9600, dataBits: 7, parity: "odd", stopBits: 1.5 });
      expect(told).toEqual([{ rate: 9600 }, { dataBits: 7 }, { parity: "odd" }, { stopBits: 1.5 }]);
    });

    test("signatures are exchanged", async () => {
      const client = await negotiated();
      await client.command(0, ...Buffer.from("a host 1.0"));
      expect(Buffer.from(await client.ask(0)).toString()).toMatch(/^vmodem \d+\.\d+\.\d+$/);
      expect(logged).toContainEqual({ event: "host-signature", text: "a host 1.0" });
    });
  });

  describe("lines", () => {
    test("DTR and RTS come with the host, are driven by it, and go with it", async () => {
      const seen: string[] = [];
      line.lines?.onDtr((on) => seen.push(`dtr ${on}`));
      line.lines?.onRts?.((on) => seen.push(`rts ${on}`));
      expect(line.lines?.inputs).toEqual({ dtr: false, rts: false });
      const client = await negotiated();
      expect(line.lines?.inputs).toEqual({ dtr: true, rts: true });
      await client.ask(5, 9);
      await client.ask(5, 9);
      await client.ask(5, 12);
      await client.ask(5, 8);
      client.end();
      await recorder.until(() => recorder.heard.includes("closed"));
      expect(seen).toEqual(["dtr true", "rts true", "dtr false", "rts false", "dtr true", "dtr false"]);
    });

    test("the host hears what the lines are, and each change with what has changed", async () => {
      const client = await call();
      await client.raw(IAC, WILL, 44);
      expect(await client.message(107)).toEqual([IDLE]);
      for (const [lines, state] of [
        [{ dcd: true }, IDLE | DCD | 8],
        [{ ri: true }, IDLE | DCD | RI],
        [{ ri: false }, IDLE | DCD | 4],
        [{ dsr: false, cts: false }, DCD | 2 | 1],
        [{ dcd: false, dsr: true, cts: true }, IDLE | 8 | 2 | 1],
      ] as const) {
        line.lines?.set(lines);
        expect(await client.message(107)).toEqual([state]);
      }
    });

    test("nothing is said that the mask leaves out, and a question is answered by the mask", async () => {
      const client = await negotiated();
      await client.ask(11, RI);
      line.lines?.set({ dcd: true });
      line.lines?.set({ ri: true });
      expect(await client.message(107)).toEqual([RI]);
      await client.ask(11, 255);
      expect(await client.ask(7)).toEqual([IDLE | DCD | RI]);
      expect(client.messages).toEqual([]);
    });

    test("without COM-PORT-OPTION the host hears of no line", async () => {
      const client = await call();
      await client.raw(IAC, AYT);
      await client.readExactly(22);
      line.lines?.set({ ri: true });
      await client.raw(IAC, AYT);
      await client.readExactly(22);
      expect(client.messages).toEqual([]);
    });

    test("a break of the host reaches the module, by either way of sending one, once each", async () => {
      let breaks = 0;
      line.port?.onBreak?.(() => breaks++);
      const client = await negotiated();
      expect(await client.ask(5, 5)).toEqual([5]);
      expect(await client.ask(5, 5)).toEqual([5]);
      expect(await client.ask(5, 4)).toEqual([5]);
      expect(await client.ask(5, 6)).toEqual([6]);
      expect(breaks).toBe(1);
      await client.raw(IAC, BRK);
      await client.ask(0);
      expect(breaks).toBe(2);
    });

    test("a break of the module is a line state, where the mask asks for it", async () => {
      const client = await negotiated();
      await client.ask(10, 16);
      const sending = line.port?.sendBreak?.(300);
      expect(await client.message(106)).toEqual([16 | 64 | 32]);
      await clock.advance(300);
      await sending;
      expect(await client.message(106)).toEqual([64 | 32]);
    });

    test("the line state tells when the module has taken everything", async () => {
      const client = await negotiated();
      await client.ask(10, 64);
      expect(await client.message(106)).toEqual([96]);
      const release = recorder.hold();
      await client.write("a");
      await recorder.received(1);
      await client.write("b");
      expect(await client.message(106)).toEqual([0]);
      release();
      expect(await client.message(106)).toEqual([96]);
      await client.ask(10, 0);
      expect(await client.ask(6)).toEqual([96]);
    });
  });

  describe("flow", () => {
    test("suspended data wait, answers pass, and resumed data follow", async () => {
      const client = await negotiated();
      await client.command(8);
      await client.ask(0);
      void line.write(Buffer.from("OK"));
      expect(await client.ask(2, 0)).toEqual([8]);
      expect(line.backlog).toBe(2);
      await client.command(9);
      expect((await client.readExactly(2)).toString()).toBe("OK");
    });

    test("a suspended host holds the module back", async () => {
      const client = await negotiated();
      await client.command(8);
      await client.ask(0);
      let room: Promise<void> | undefined;
      while (room === undefined) room = line.write(Buffer.alloc(8192));
      expect(line.backlog).toBeLessThan(65_536 + 8192);
      await client.command(9);
      await room;
    });

    test.each([
      ["PURGE-DATA drops", (client: Rfc2217Client) => client.ask(12, 1)],
      ["ABORT OUTPUT drops", async (client: Rfc2217Client) => client.raw(IAC, AO).then(() => client.ask(0))],
    ])("%s what is on its way to the host", async (_, purge) => {
      const client = await negotiated();
      await client.command(8);
      await client.ask(0);
      void line.write(Buffer.from("old"));
      await purge(client);
      expect(line.backlog).toBe(0);
      await client.command(9);
      void line.write(Buffer.from("new"));
      expect((await client.readExactly(3)).toString()).toBe("new");
    });

    test("PURGE-DATA drops what the module has not taken, and commands overtake it", async () => {
      const client = await negotiated();
      const release = recorder.hold();
      await client.write("a");
      await recorder.received(1);
      await client.write("lost");
      await client.ask(5, 9);
      expect(line.lines?.inputs.dtr).toBe(false);
      await client.ask(12, 2);
      release();
      await client.write("z");
      await recorder.received(2);
      expect(recorder.heard).toEqual(["opened", "a", "z"]);
    });

    test("a chunk full of 255 and commands keeps its data, in order", async () => {
      const client = await negotiated();
      const bytes = pattern(5000).map((byte) => (byte % 3 === 0 ? 255 : byte));
      for (let from = 0; from < bytes.length; from += 777) {
        void client.write(bytes.subarray(from, from + 777));
        void client.command(1, 0, 0, 0xff, 0xff);
      }
      expect((await recorder.received(bytes.length)).equals(Buffer.from(bytes))).toBe(true);
    });
  });

  describe("hosts", () => {
    test("a second host is told who has the port, and the first keeps it", async () => {
      const first = await negotiated();
      const second = await call();
      await second.raw(IAC, WILL, 44, IAC, DO, 0);
      expect(await second.untilEnd()).toMatch(/^\r\nthe port is in use by 127\.0\.0\.1:\d+\r\n$/);
      expect(second.words).toEqual(["DONT 44", "WONT 44"]);
      expect(logged.map(({ event }) => event)).toEqual(["host-refused"]);
      void line.write(Buffer.from("OK"));
      expect((await first.readExactly(2)).toString()).toBe("OK");
    });

    test("a refused host that stays is dropped after a second", async () => {
      await negotiated();
      const second = await call();
      await second.untilEnd();
      await clock.advance(1000);
      await expect(async () => {
        for (;;) await second.write("x".repeat(10_000));
      }).rejects.toThrow();
    });

    test("hosts come and go, each with a clean negotiation and open flow", async () => {
      for (let visit = 0; visit < 20; visit++) {
        const client = await negotiated();
        expect(client.words.filter((word) => word === "WILL 0")).toHaveLength(1);
        await client.command(8);
        await client.write(`${visit};`);
        await recorder.until(() => recorder.heard.includes(`${visit};`));
        const from = recorder.heard.length;
        client.end();
        await recorder.until(() => recorder.heard.slice(from).includes("closed"));
      }
      expect(recorder.losses).toEqual([]);
      expect(recorder.heard.slice(0, 6)).toEqual(["opened", "0;", "closed", "opened", "1;", "closed"]);
    });

    test("what is written while no host is there is lost, and nobody waits for it", async () => {
      expect(line.write(Buffer.alloc(1_000_000))).toBeUndefined();
      expect(line.backlog).toBe(0);
      line.lines?.set({ ri: true });
      const client = await call();
      await client.raw(IAC, WILL, 44);
      expect(await client.message(107)).toEqual([IDLE | RI]);
    });
  });
});

/** A network with one host, which asks without end whether we are there, and takes answers only when it is told to. */
function floodingNetwork() {
  const questions = Buffer.from(Array.from({ length: 2000 }, (_, at) => (at % 2 === 0 ? IAC : AYT)));
  let reads = 0;
  let release: () => void = () => undefined;
  const end = { host: "127.0.0.1", port: 1 };
  const connection = {
    local: end,
    remote: end,
    async read() {
      await yieldToIo();
      reads++;
      return Buffer.from(questions);
    },
    write: () => new Promise<void>((resolve) => (release = resolve)),
    end: () => undefined,
    close: () => undefined,
  } as unknown as Connection;
  const waiting = [connection];
  const accept = () => Promise.resolve(waiting.pop() ?? new Promise<Connection>(() => undefined));
  const network = { listen: async () => ({ local: end, accept, close: () => undefined }) } as unknown as Network;
  return { network, reads: () => reads, release: () => release() };
}

test("a flood of questions holds back a host that reads no answer, and goes on when it does", async () => {
  const { network, reads, release } = floodingNetwork();
  const line = await openRfc2217(LOOPBACK, { network });
  line.start(new Recorder());
  for (let turns = 0; turns < 200; turns++) await yieldToIo();
  const held = reads();
  // Each read asks for 22 KB of answers.
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(8);
  for (let turns = 0; turns < 100; turns++) {
    release();
    await yieldToIo();
  }
  expect(reads()).toBeGreaterThan(held);
  await line.close();
});
