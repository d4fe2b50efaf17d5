import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Modem } from "../../../src/modem/modem.ts";
import { composeIpv4, PROTOCOL, parseAddress, readIpv4 } from "../../../src/protocols/ip/ipv4.ts";
import { CODES, readOptions, writeOptions } from "../../../src/protocols/ppp/control-packet.ts";
import { framed, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";
import { PppHost, type PppHostOptions } from "../../support/ppp-host.ts";

const CONNECT = framed("CONNECT 115200");
const NO_CARRIER = framed("NO CARRIER");
/** The address that the network gives, and the name servers, as IPCP writes them. */
const GIVEN = { 3: "0a928299", 129: "0a404041", 131: "0a404042" };

async function bench() {
  const parts = await modemOnMemory();
  onTestFinished(() => parts.modem.close());
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

let modem: Modem;
let parts: Awaited<ReturnType<typeof bench>>;

beforeEach(async () => {
  parts = await bench();
  modem = parts.modem;
});

/** Lets the module and the host of a call speak, for so many milliseconds. */
async function talk(host: PppHost, milliseconds = 0): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await parts.clock.advance(milliseconds / 40);
    await new Promise(setImmediate);
    host.receive(parts.host.take());
  }
}

/** Dials, and gives the host that speaks PPP on the line from then on. */
async function dial(line = "ATD*99#\r", options?: PppHostOptions): Promise<PppHost> {
  await parts.dte.command(line, CONNECT);
  const host = new PppHost((bytes) => parts.dte.send(bytes), options);
  await talk(host);
  return host;
}

async function guarded(bytes: string): Promise<void> {
  await parts.clock.advance(1000);
  parts.dte.send(bytes);
  await parts.clock.advance(1000);
}

describe("a host comes to an address", () => {
  test.each([
    "ATD*99#\r",
    "ATDT*99#\r",
    "ATD*99***1#\r",
    "ATD *99*10.0.0.1*PPP*1#\r",
    "AT+CGDATA\r",
    'AT+CGDATA="PPP"\r',
    'AT+CGDATA="PPP",1\r',
  ])("%j", async (line) => {
    const host = await dial(line);
    expect(host.isUp).toBe(true);
    expect(Object.fromEntries(host.given)).toEqual(GIVEN);
    expect(modem.module.packetService.isActivated(1)).toBe(true);
  });

  test.each<readonly [string, number, PppHostOptions, readonly string[]]>([
    ["it logs in by CHAP unless the context says otherwise", 0, {}, ["CHAP 1", "CHAP 3"]],
    ["by PAP where the context says so", 1, {}, ["PAP 2"]],
    ["without a log-in where it has no secrets", 2, { logsInBy: [] }, []],
  ])("%s", async (_, type, options, logIn) => {
    if (type > 0) await parts.dte.command(`AT+CGAUTH=1,${type},"x","y"\r`, OK);
    const host = await dial("ATD*99#\r", options);
    expect(host.isUp).toBe(true);
    expect(host.heard.filter((name) => /CHAP|PAP/.test(name))).toEqual(logIn);
  });

  test("the module speaks first: request 0, with these options", async () => {
    const host = await dial();
    const [first] = host.lcp;
    const types = readOptions(first?.data ?? Buffer.alloc(0))?.map(({ type }) => type);
    expect([first?.code, first?.id, types]).toEqual([CODES.configureRequest, 0, [2, 3, 5, 7, 8]]);
    // And discards what nobody answers, once the link is there.
    expect(host.heard).toContain(`LCP ${CODES.discardRequest}`);
  });

  test("it is asked again and again, and given up with NO CARRIER where it never answers", async () => {
    const { dte, clock } = parts;
    await dte.command("ATD*99#\r", CONNECT);
    let said = "";
    for (let turn = 0; turn < 40 && !said.includes("NO CARRIER"); turn++) {
      await clock.advance(1000);
      said += dte.take();
    }
    expect(said.match(/\x7e\xff\x7d\x23\xc0\x21\x7d\x21/g)).toHaveLength(10);
    expect(said.endsWith(NO_CARRIER)).toBe(true);
    expect(modem.module.packetService.isActivated(1)).toBe(false);
    await dte.command("AT\r", OK);
  });
});

describe("on the link", () => {
  test("options that the module does not know are refused, and it does without them", async () => {
    const unknown = { type: 13, data: Buffer.from("06", "hex") };
    const host = await dial("ATD*99#\r", { lcp: [unknown] });
    const refusal = host.lcp.find(({ code }) => code === CODES.configureReject);
    expect(refusal?.data.toString("hex")).toBe(writeOptions([unknown]).toString("hex"));
  });

  test("an echo comes back, and what the module does not speak is refused", async () => {
    const host = await dial();
    host.sendLcp(CODES.echoRequest, Buffer.from("0102030468656c6c6f", "hex"));
    // CCP.
    host.send(0x80fd, Buffer.from("01010004", "hex"));
    await talk(host);
    const reply = host.lcp.find(({ code }) => code === CODES.echoReply);
    expect(reply?.data.subarray(4).toString()).toBe("hello");
    const refused = host.lcp.find(({ code }) => code === CODES.protocolReject);
    expect(refused?.data.toString("hex")).toBe("80fd01010004");
  });

  test("packets of the host come to the gateway, and its answers to the host", async () => {
    const host = await dial();
    const [ours, gateway] = ["10.146.130.153", "10.64.64.64"].map(parseAddress) as [number, number];
    const ping = Buffer.from("0800f7fe00000001", "hex");
    host.sendIp(composeIpv4(ours, gateway, PROTOCOL.icmp, ping));
    // Not from the host's address.
    host.sendIp(composeIpv4(gateway, gateway, PROTOCOL.icmp, ping));
    await talk(host);
    const answers = host.packets.map((packet) => readIpv4(packet));
    expect(answers).toMatchObject([
      { source: gateway, destination: ours, payload: Buffer.from("0000fffe00000001", "hex") },
    ]);
  });

  test("garbage, frames without end and a flood of requests leave the module answering", async () => {
    const host = await dial();
    parts.dte.send(Buffer.alloc(100_000, 0x7e));
    parts.dte.send(Buffer.alloc(100_000, 0x41));
    for (let count = 0; count < 2000; count++) host.sendLcp(CODES.echoRequest, Buffer.alloc(1000));
    await talk(host);
    host.sendLcp(CODES.echoRequest, Buffer.from("00000000616c697665", "hex"));
    await talk(host);
    expect(host.lcp.at(-1)?.data.subarray(4).toString()).toBe("alive");
  });
});

describe("a call ends", () => {
  test("when the host terminates it: an acknowledgement, then NO CARRIER", async () => {
    const host = await dial();
    host.sendLcp(CODES.terminateRequest);
    const said = await lastWords(host);
    expect(host.heard.at(-1)).toBe(`LCP ${CODES.terminateAck}`);
    expect(said.endsWith(NO_CARRIER)).toBe(true);
    await parts.dte.command("AT+CGACT?\r", framed("+CGACT: 1,0") + OK);
  });

  test.each<readonly [string, () => unknown]>([
    ["detached", () => modem.module.packetService.attach(false)],
    ["not registered any more", () => modem.patch({ radio: { registration: "denied" } })],
    ["told that its context is not active", () => modem.module.packetService.deactivate()],
  ])("when the module is %s: it asks the host to terminate, then NO CARRIER", async (_, lose) => {
    const host = await dial();
    await lose();
    const said = await lastWords(host);
    expect(host.heard).toContain(`LCP ${CODES.terminateRequest}`);
    expect(said.endsWith(NO_CARRIER)).toBe(true);
  });

  test.each(["AT+CGACT=0,1\r", "AT+CGATT=0\r"])(
    "while it is suspended: NO CARRIER without ATO after %j",
    async (line) => {
      const { dte, clock } = parts;
      await dial();
      await guarded("+++");
      dte.take();
      await dte.command(line, OK);
      await clock.advance(10_000);
      await dte.expect(NO_CARRIER);
      await dte.command("ATO\r", NO_CARRIER);
    },
  );

  test("where the host never asks for an address: one request to terminate, which it acknowledges", async () => {
    const host = await dial("ATD*99#\r", { wantsAddress: false });
    await talk(host, 60_000);
    expect(host.lcp.filter(({ code }) => code === CODES.terminateRequest)).toHaveLength(1);
    await parts.dte.command("ATO\r", NO_CARRIER);
  });

  test("by ATH, and with another one under way none is begun", async () => {
    const { dte } = parts;
    await dial();
    await guarded("+++");
    dte.take();
    await dte.command("ATD*99#\r", NO_CARRIER);
    await dte.command("ATH\r", OK);
    await dte.command("ATO\r", NO_CARRIER);
    expect((await dial()).isUp).toBe(true);
  });

  test("with the power, without a word", async () => {
    await dial();
    await modem.powerOff();
    await parts.dte.expectNothing(20_000);
    expect(parts.clock.pendingAlarms).toBe(0);
  });
});

test("+++ suspends a call, and ATO goes on with it", async () => {
  const { dte } = parts;
  const host = await dial();
  await guarded("+++");
  await dte.expect(OK);
  host.sendLcp(CODES.echoRequest, Buffer.from("00000000", "hex"));
  await dte.expect("");
  dte.take();
  await dte.command("AT\r", OK);
  await dte.command("ATO\r", CONNECT);
  host.sendLcp(CODES.echoRequest, Buffer.from("000000006f6e", "hex"));
  await talk(host);
  expect(host.lcp.at(-1)?.data.subarray(4).toString()).toBe("on");
});

test.each<readonly [string, string]>([
  ["ATD*99***2#\r", NO_CARRIER],
  ["ATD*99***17#\r", framed("ERROR")],
  ["ATD*99***0#\r", framed("ERROR")],
  ["ATD*98#\r", NO_CARRIER],
  ['AT+CGDATA="PPP",2\r', NO_CARRIER],
  ['AT+CGDATA="PPP",17\r', framed("ERROR")],
  ['AT+CGDATA="M-HEX",1\r', framed("ERROR")],
  ["AT+CGDATA=?\r", framed('+CGDATA: ("PPP")') + OK],
])("%j is answered with %j", async (line, answer) => {
  await parts.dte.command(line, answer);
});

test("a module that is not attached calls nobody", async () => {
  await parts.dte.command("AT+CGATT=0\r", OK);
  await parts.dte.command("ATD*99#\r", NO_CARRIER);
});

/** What comes behind the frames of a call that ends. */
async function lastWords(host: PppHost): Promise<string> {
  let said = "";
  for (let turn = 0; turn < 40; turn++) {
    await new Promise(setImmediate);
    const bytes = Buffer.from(parts.host.take());
    host.receive(bytes);
    said += bytes.toString("latin1");
  }
  return said;
}
