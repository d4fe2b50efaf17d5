import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../../../../src/platform/network/service-error.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { readAll, until } from "../../../support/loopback.ts";
import { echoServer, handServer, openLink, openNetwork, socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";

async function connected() {
  const server = await handServer();
  const parts = await socketModem({ server: server.local });
  await openNetwork(parts);
  const peer = await openLink(parts, server);
  return { ...parts, server, peer };
}

/** What a block of received data looks like with both headers. */
const block = (data: string) => `\r\nRECV FROM:127.0.0.1:80\r\n+IPD${data.length}\r\n${data}`;

describe("a link of TCP", () => {
  test("opens after OK, carries data both ways and closes", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPSEND=0,5\r", PROMPT);
    await dte.command("hello", `${OK}${framed("+CIPSEND: 0,5,5")}`);
    expect((await peer.readExactly(5, server.signal)).toString()).toBe("hello");
    await peer.write("world!", server.signal);
    await dte.expect(block("world!"));
    await dte.command("AT+CIPSTAT=0\r", info("+CIPSTAT: 5, 6"));
    await dte.command("AT+CIPCLOSE=0\r", `${OK}${framed("+CIPCLOSE: 0,0")}`);
    expect((await readAll(peer, server.signal)).length).toBe(0);
    await dte.command("AT+CIPCLOSE=0\r", framed("+CIPCLOSE: 0,4") + ERROR);
    await dte.command("AT+NETCLOSE\r", OK + framed("+NETCLOSE: 0"));
  });

  test("what was sent before CIPCLOSE arrives", async () => {
    const { dte, peer, server } = await connected();
    for (let packet = 0; packet < 20; packet++) {
      await dte.command("AT+CIPSEND=0,1500\r", PROMPT);
      await dte.command("x".repeat(1500), `${OK}${framed("+CIPSEND: 0,1500,1500")}`);
    }
    await dte.command("AT+CIPCLOSE=0\r", `${OK}${framed("+CIPCLOSE: 0,0")}`);
    expect((await readAll(peer, server.signal)).length).toBe(30_000);
  });

  test.each([
    ["the peer ends", "end", 1],
    ["the peer resets", "reset", 3],
  ] as const)("%s: +IPCLOSE tells the cause", async (_, how, cause) => {
    const { dte, peer } = await connected();
    peer.close(how === "reset" ? new ServiceError("RESET", "test") : undefined);
    await dte.expect(framed(`+IPCLOSE: 0,${cause}`));
    await dte.command("AT+CIPCLOSE?\r", info("+CIPCLOSE: 0,0,0,0,0,0,0,0,0,0"));
    await dte.command("AT+CIPSEND=0,1\r", framed("+CIPERROR: 4") + ERROR);
  });

  test("a block has at most 1500 bytes, header and data in one piece", async () => {
    const { dte, peer, server } = await connected();
    const data = Buffer.alloc(4000, "0123456789").toString("latin1");
    await peer.write(data, server.signal);
    let received = "";
    await until(() => {
      received += dte.take();
      return received.replace(/\r\nRECV FROM:127\.0\.0\.1:80\r\n\+IPD\d+\r\n/g, "") === data;
    });
    for (const [, length] of received.matchAll(/\+IPD(\d+)/g)) expect(Number(length)).toBeLessThanOrEqual(1500);
  });

  test.each([
    ["AT+CIPHEAD=0", "\r\nRECV FROM:127.0.0.1:80\r\nabc"],
    ["AT+CIPSRIP=0", "\r\n+IPD3\r\nabc"],
    ["AT+CIPSRIP=0;+CIPCCFG=,,,,1", "\r\n+RECEIVE,0,3\r\nabc"],
    ["AT+CIPSRIP=0;+CIPHEAD=0", "abc"],
  ])("%s changes the header", async (command, printed) => {
    const { dte, peer, server } = await connected();
    await dte.command(`${command}\r`, OK);
    await peer.write("abc", server.signal);
    await dte.expect(printed);
  });

  test("data wait while a command line is typed or a prompt is up", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPSEND=0,2\r", PROMPT);
    await peer.write("abc", server.signal);
    await dte.expectNothing();
    await dte.command("hi", `${OK}${framed("+CIPSEND: 0,2,2")}${block("abc")}`);
  });
});

describe("data entry of CIPSEND", () => {
  test("data before the prompt are data, and the prompt comes at once", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPSEND=0,5\r\nhello", `${PROMPT}${OK}${framed("+CIPSEND: 0,5,5")}`);
    expect((await peer.readExactly(5, server.signal)).toString()).toBe("hello");
  });

  test("a line feed is data for a host that ends lines with CR alone", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT\r", OK);
    await dte.command("AT+CIPSEND=0,3\r", PROMPT);
    await dte.command("\nab", `${OK}${framed("+CIPSEND: 0,3,3")}`);
    expect((await peer.readExactly(3, server.signal)).toString()).toBe("\nab");
  });

  test("counted data may hold any byte, and are echoed with ATE1", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("ATE1\r", OK);
    await dte.command("AT+CIPSEND=0,4\r", `AT+CIPSEND=0,4\r${PROMPT}`);
    await dte.command("\x1a\x1b\x03\x00", `\x1a\x1b\x03\x00${OK}${framed("+CIPSEND: 0,4,4")}`);
    expect((await peer.readExactly(4, server.signal)).toString("latin1")).toBe("\x1a\x1b\x03\x00");
  });

  test.each([
    ["abc\r\nd\x1a", "abc\r\nd"],
    ["a\x03\x1ab\x03\x1bc\x03\x03\x1a", "a\x1ab\x1bc\x03"],
  ])("Ctrl-Z ends %j", async (typed, sent) => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPSEND=0,\r", PROMPT);
    await dte.command(typed, `${OK}${framed(`+CIPSEND: 0,${sent.length},${sent.length}`)}`);
    expect((await peer.readExactly(sent.length, server.signal)).toString("latin1")).toBe(sent);
  });

  test("ESC gives up, and so does more than a packet; the line is the host's again", async () => {
    const { dte } = await connected();
    await dte.command("AT+CIPSEND=0\r", PROMPT);
    await dte.command("abc\x1b", ERROR);
    await dte.command("AT+CIPSEND=0\r", PROMPT);
    await dte.command(`${"x".repeat(1501)}\x1a`, ERROR);
    await dte.command("AT\r", OK);
  });

  test("any bytes survive any chunking, counted and up to Ctrl-Z", async () => {
    const { dte, peer, server } = await connected();
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.boolean(), async (pieces, counted) => {
        // The line feed behind a command line's CR is no data of a prompt that Ctrl-Z ends.
        if (!counted) pieces.unshift(Buffer.from("."));
        const content = Buffer.concat(pieces);
        await dte.command(counted ? `AT+CIPSEND=0,${content.length}\r` : "AT+CIPSEND=0,\r", PROMPT);
        for (const piece of pieces) dte.send(counted ? piece : quoted(piece));
        if (!counted) dte.send("\x1a");
        await dte.expect(`${OK}${framed(`+CIPSEND: 0,${content.length},${content.length}`)}`);
        expect(await peer.readExactly(content.length, server.signal)).toEqual(content);
      }),
      { numRuns: 60 },
    );
  });
});

/** As a host escapes data that end with Ctrl-Z. */
function quoted(bytes: Uint8Array): Buffer {
  return Buffer.from([...bytes].flatMap((byte) => ([0x03, 0x1a, 0x1b].includes(byte) ? [0x03, byte] : [byte])));
}

describe("manual receiving", () => {
  test("tells once that data wait, gives them in pieces and as digits", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPRXGET=1\r", OK);
    await peer.write("hello", server.signal);
    await dte.expect(framed("+CIPRXGET: 1,0") + framed("RECV FROM:127.0.0.1:80\r\n+IPD5"));
    await peer.write("xyz", server.signal);
    await dte.expect(framed("RECV FROM:127.0.0.1:80\r\n+IPD3"));
    await dte.command("AT+CIPRXGET=4,0\r", info("+CIPRXGET: 4,0,8"));
    await dte.command("AT+CIPRXGET=2,0,4\r", `\r\n+CIPRXGET: 2,0,4,4\r\nhell${OK}`);
    await dte.command("AT+CIPRXGET=3,0,2\r", `\r\n+CIPRXGET: 3,0,2,2\r\n6F78${OK}`);
    await dte.command("AT+CIPRXGET=2,0,1500\r", `\r\n+CIPRXGET: 2,0,2,0\r\nyz${OK}`);
    await dte.command("AT+CIPRXGET=2,0\r", framed("+IP ERROR: No data") + ERROR);
    await dte.command("AT+CIPRXGET?\r", info("+CIPRXGET: 1"));
  });

  test("data that came before +IPCLOSE stay readable", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPRXGET=1;+CIPHEAD=0;+CIPSRIP=0\r", OK);
    await peer.write("last", server.signal);
    peer.end();
    await dte.expect(framed("+CIPRXGET: 1,0") + framed("+IPCLOSE: 0,1"));
    await dte.command("AT+CIPRXGET=4,0\r", info("+CIPRXGET: 4,0,4"));
    await dte.command("AT+CIPRXGET=2,0\r", `\r\n+CIPRXGET: 2,0,4,0\r\nlast${OK}`);
    await dte.command("AT+CIPCLOSE=0\r", framed("+CIPCLOSE: 0,4") + ERROR);
  });

  test("what was not read is printed when the host leaves it", async () => {
    const { dte, peer, server } = await connected();
    await dte.command("AT+CIPRXGET=1\r", OK);
    await peer.write("abc", server.signal);
    await dte.expect(framed("+CIPRXGET: 1,0") + framed("RECV FROM:127.0.0.1:80\r\n+IPD3"));
    await dte.command("AT+CIPRXGET=0\r", OK + block("abc"));
  });
});

describe("ten links", () => {
  test("carry data of their own at the same time", async () => {
    const { rules } = await echoServer();
    const { dte } = await socketModem({ rules });
    await openNetwork({ dte });
    await dte.command("AT+CIPSRIP=0;+CIPCCFG=,,,,1\r", OK);
    for (let link = 0; link < 10; link++) {
      await dte.command(`AT+CIPOPEN=${link},"TCP","echo.example",7\r`, OK + framed(`+CIPOPEN: ${link},0`));
    }
    await dte.command("AT+CIPCLOSE?\r", info("+CIPCLOSE: 1,1,1,1,1,1,1,1,1,1"));
    for (let link = 9; link >= 0; link--) {
      await dte.command(`AT+CIPSEND=${link},3\r`, PROMPT);
      const sent = `${OK}${framed(`+CIPSEND: ${link},3,3`)}`;
      await dte.command(`no${link}`, `${sent}\r\n+RECEIVE,${link},3\r\nno${link}`);
    }
    await dte.command("AT+NETCLOSE\r", framed("+NETCLOSE: 9") + ERROR);
  });

  test("CIPOPEN? lists them all", async () => {
    const { dte } = await connected();
    await dte.command('AT+CIPOPEN=3,"UDP",,,5000\r', framed("+CIPOPEN: 3,0") + OK);
    const lines = Array.from({ length: 10 }, (_, link) => `+CIPOPEN: ${link}`);
    lines[0] = '+CIPOPEN: 0,"TCP","server.example",80,-1';
    lines[3] = '+CIPOPEN: 3,"UDP","",5000,-1';
    await dte.command("AT+CIPOPEN?\r", info(...lines));
  });
});

describe("UDP", () => {
  test("says its URC before OK, at opening and closing", async () => {
    const { rules } = await echoServer();
    const { dte } = await socketModem({ rules });
    await openNetwork({ dte });
    await dte.command('AT+CIPOPEN=1,"UDP",,,0\r', framed("+CIPOPEN: 1,0") + OK);
    await dte.command('AT+CIPSEND=1,4,"192.0.2.7",7\r', PROMPT);
    const answer = "\r\nRECV FROM:192.0.2.7:7\r\n+IPD4\r\nping";
    await dte.command("ping", `${OK}${framed("+CIPSEND: 1,4,4")}${answer}`);
    await dte.command("AT+CIPCLOSE=1\r", framed("+CIPCLOSE: 1,0") + OK);
  });

  test("a peer given at opening gets what is sent without one", async () => {
    const { rules } = await echoServer();
    const { dte } = await socketModem({ rules });
    await openNetwork({ dte });
    await dte.command('AT+CIPOPEN=0,"UDP","192.0.2.7",7,8000\r', framed("+CIPOPEN: 0,0") + OK);
    await dte.command("AT+CIPSEND=0,2\r", PROMPT);
    await dte.command("hi", `${OK}${framed("+CIPSEND: 0,2,2")}\r\nRECV FROM:192.0.2.7:7\r\n+IPD2\r\nhi`);
  });

  test("a local port is one link's until that is closed", async () => {
    const { dte } = await socketModem();
    await openNetwork({ dte });
    await dte.command('AT+CIPOPEN=1,"UDP",,,50123\r', framed("+CIPOPEN: 1,0") + OK);
    await dte.command('AT+CIPOPEN=2,"UDP",,,50123\r', framed("+CIPOPEN: 2,6") + ERROR);
    await dte.command('AT+CIPOPEN=1,"UDP",,,50123\r', framed("+CIPOPEN: 1,4") + ERROR);
    await dte.command('AT+CIPOPEN=3,"UDP",,,0\r', framed("+CIPOPEN: 3,0") + OK);
    await dte.command('AT+CIPOPEN=4,"UDP",,,0\r', framed("+CIPOPEN: 4,0") + OK);
    await dte.command("AT+CIPCLOSE=1\r", framed("+CIPCLOSE: 1,0") + OK);
    await dte.command('AT+CIPOPEN=2,"UDP",,,50123\r', framed("+CIPOPEN: 2,0") + OK);
  });

  test("nobody to send to is a wrong parameter", async () => {
    const { dte } = await socketModem();
    await openNetwork({ dte });
    await dte.command('AT+CIPOPEN=0,"UDP",,,0\r', framed("+CIPOPEN: 0,0") + OK);
    await dte.command("AT+CIPSEND=0,2\r", framed("+CIPERROR: 3") + ERROR);
  });
});
