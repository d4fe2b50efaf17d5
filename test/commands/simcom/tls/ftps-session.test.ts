import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Action, fakeServer } from "../../../protocols/ftp/fake-server.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { until } from "../../../support/loopback.ts";
import { socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";
const LOGIN = 'AT+CFTPSLOGIN="ftp.example",21,"me","secret",0\r';
const done = (name: string, code = 0) => framed(`+CFTPS${name}: ${code}`);

interface Surroundings {
  readonly identity?: "sim5216" | "sim5218";
  /** The client is started with these settings, and not logged in. */
  readonly settings?: string;
  readonly efs?: { readonly sizes: { readonly C: number } };
}

/** A modem whose FTPS client is at a server that answers like this. */
async function against(actions: Record<string, Action>, { settings, ...options }: Surroundings = {}) {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  const parts = await socketModem({ server, ...options });
  const says = options.identity === undefined ? done : () => "";
  await parts.dte.command("AT+CFTPSSTART\r", OK + says("START"));
  if (settings === undefined) await parts.dte.command("AT+CFTPSSINGLEIP=1\r", OK);
  else if (settings !== "") await parts.dte.command(`AT${settings}\r`, OK);
  if (settings === undefined) await parts.dte.command(LOGIN, OK + says("LOGIN"));
  return { ...parts, server };
}

/** Sends what a test gives it, and replies when it says so. */
function controlled(bytes: number) {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const action: Action = async (dialogue) => {
    dialogue.say("150 coming");
    const data = await dialogue.data();
    data.write(Buffer.alloc(bytes, "x"));
    await finished;
    data.end();
    dialogue.say("226 done");
  };
  return { action, finish };
}

describe("with cache", () => {
  test("a file waits until the host asks for it, in blocks of 1024, and its code comes after its last byte", async () => {
    const { action, finish } = controlled(1500);
    const { dte } = await against({ RETR: action });
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + framed("+CFTPS: RECV EVENT"));
    await dte.command("AT+CFTPSCACHERD?\r", info("+CFTPSCACHERD: 1500"));
    const block = (length: number) => `\r\n+CFTPSGET: DATA,${length}\r\n${"x".repeat(length)}${OK}`;
    await dte.command("AT+CFTPSCACHERD\r", block(1024));
    finish();
    await dte.expectNothing();
    await dte.command("AT+CFTPSCACHERD\r", block(476) + done("GET"));
    await dte.command("AT+CFTPSCACHERD\r", OK);
    await dte.command("AT+CFTPSCACHERD?\r", info("+CFTPSCACHERD: 0"));
  });

  test("an empty cache is OK alone while the server sends nothing, and what comes then is reported again", async () => {
    const { action, finish } = controlled(3);
    const { dte } = await against({ RETR: action });
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + framed("+CFTPS: RECV EVENT"));
    await dte.command("AT+CFTPSCACHERD\r", `\r\n+CFTPSGET: DATA,3\r\nxxx${OK}`);
    await dte.command("AT+CFTPSCACHERD\r", OK);
    await dte.command('AT+CFTPSGET="/b"\r', done("GET", 3) + ERROR);
    await dte.command('AT+CFTPSMKD="/b"\r', done("MKD", 3) + ERROR);
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 3,9"));
    finish();
    await dte.expect(done("GET"));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 3,0"));
  });

  test("a listing has its own name; a refusal has its code at once", async () => {
    const { dte } = await against({ RETR: "550 none" });
    const listing = "-rw-r--r-- 1 a b 5 Jan  1  2010 f\r\n";
    await dte.command('AT+CFTPSLIST="/",1\r', OK + framed("+CFTPS: RECV EVENT"));
    await dte.command("AT+CFTPSCACHERD\r", `\r\n+CFTPSLIST: DATA,${listing.length}\r\n${listing}${OK}${done("LIST")}`);
    await dte.command("AT+CFTPSLIST\r", `${OK}\r\n+CFTPSLIST: DATA,${listing.length}\r\n${listing}${done("LIST")}`);
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + done("GET", 9));
  });

  test.each<[string, string, number]>([
    ["a directory that does not exist", "550 none", 9],
    ["an empty directory", "450 no files", 0],
  ])("the listing of %s", async (_, LIST, code) => {
    const { dte } = await against({ LIST });
    await dte.command('AT+CFTPSLIST="/d",1\r', OK + done("LIST", code));
    await dte.command("AT+CFTPSCACHERD\r", OK);
    await dte.command('AT+CFTPSLIST="/d"\r', OK + done("LIST", code));
  });

  test("550 to a listing of the current directory means that it is empty", async () => {
    const { dte } = await against({ LIST: "550 no files" });
    await dte.command("AT+CFTPSLIST\r", OK + done("LIST"));
  });

  test("what came before the server broke off can be read, and then the code", async () => {
    const RETR: Action = async (dialogue) => {
      dialogue.say("150 coming");
      (await dialogue.data()).end("part", () => dialogue.end());
    };
    const { dte } = await against({ RETR });
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + framed("+CFTPS: RECV EVENT"));
    await dte.command("AT+CFTPSCACHERD\r", `\r\n+CFTPSGET: DATA,4\r\npart${OK}${done("GET", 4)}`);
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
  });

  test("a host that does not ask holds the server back, and a reset of the module ends it", async () => {
    const TOTAL = 64 * 1024 * 1024;
    let sent = 0;
    const RETR: Action = async (dialogue) => {
      dialogue.say("150 coming");
      const data = await dialogue.data();
      const block = Buffer.alloc(1024 * 1024);
      while (sent < TOTAL) {
        sent += block.length;
        if (!data.write(block)) await new Promise((resolve) => data.once("drain", resolve));
      }
    };
    const { dte, modem, recording } = await against({ RETR });
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + framed("+CFTPS: RECV EVENT"));
    let before = -1;
    await until(() => {
      const isStill = sent === before;
      before = sent;
      return isStill;
    });
    expect(sent).toBeLessThan(TOTAL);
    dte.send("AT+CFTPSCACHERD?\r");
    await until(() => /\+CFTPSCACHERD: \d+/.test(dte.take()));
    await modem.reset();
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });

  test("older firmware has none", async () => {
    const { dte } = await against({}, { identity: "sim5216" });
    await dte.command('AT+CFTPSGET="/a",0,1\r', ERROR);
    await dte.command("AT+CFTPSCACHERD\r", ERROR);
    await dte.command("AT+CFTPSSTATE\r", ERROR);
  });
});

describe("AT+CFTPSABORT", () => {
  test("ends a download to the cache, which is not reported any more, and the session", async () => {
    const { dte, recording } = await against({ RETR: controlled(3).action });
    await dte.command('AT+CFTPSGET="/a",0,1\r', OK + framed("+CFTPS: RECV EVENT"));
    await dte.command("AT+CFTPSABORT\r", OK + done("ABORT"));
    await dte.command("AT+CFTPSCACHERD?\r", info("+CFTPSCACHERD: 0"));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await dte.expectNothing(120_000);
  });

  test.each([
    ['+CFTPSGETFILE="/a"', "3,7"],
    ['+CFTPSPUTFILE="/a"', "3,8"],
  ])("ends AT%s, and leaves no part of a file", async (command, state) => {
    const hang: Action = (dialogue) => dialogue.say("150 wait");
    const { dte, server, modem } = await against({ RETR: hang, STOR: hang });
    if (command.startsWith("+CFTPSPUT")) {
      await dte.command('AT+CFTRANRX="C:/a",1\r', PROMPT);
      await dte.command("x", OK);
    }
    await dte.command(`AT${command}\r`, OK);
    await server.received(command.startsWith("+CFTPSGET") ? "RETR" : "STOR");
    await dte.command("AT+CFTPSSTATE\r", info(`+CFTPSSTATE: ${state}`));
    await dte.command("AT+CFTPSABORT\r", OK + done("ABORT"));
    await dte.command(LOGIN, OK + done("LOGIN"));
    if (command.startsWith("+CFTPSGET")) await dte.command("AT+FSATTRI=a\r", ERROR);
    await modem.reset();
  });

  test("ends a log-in that the server does not answer", async () => {
    const { dte, server } = await against({ PASS: () => undefined }, { settings: "" });
    await dte.command(LOGIN, OK);
    await server.received("PASS");
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 2,0"));
    await dte.command("AT+CFTPSABORT\r", OK + done("ABORT"));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    await dte.expectNothing(120_000);
  });
});

describe("+CFTPSNOTIFY: PEER CLOSED", () => {
  const NOTIFY = framed("+CFTPSNOTIFY: PEER CLOSED");

  test.each(["end", "reset", "421"] as const)("reports a server that goes by itself: %s", async (how) => {
    let leave: () => void = () => undefined;
    const PASS: Action = (dialogue) => {
      dialogue.say("230 in");
      leave = () => {
        if (how === "421") dialogue.say("421 too long");
        else dialogue[how]();
      };
    };
    const { dte, recording } = await against({ PASS });
    leave();
    await dte.expect(NOTIFY);
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    await dte.command("AT+CFTPSLOGOUT\r", OK + done("LOGOUT", 2));
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
    await dte.command(LOGIN, OK + done("LOGIN"));
  });

  test("also after operations, some of which have asked the server nothing", async () => {
    const CWD: Action = (dialogue) => {
      dialogue.say("250 there");
      setImmediate(() => dialogue.end());
    };
    const { dte } = await against({ CWD });
    await dte.command('AT+CFTPSGET="/a"\r', `${OK}\r\n+CFTPSGET: DATA,5\r\nhello${done("GET")}`);
    await dte.command('AT+CFTPSPUTFILE="/none"\r', OK + done("PUTFILE", 6));
    await dte.command('AT+CFTPSMKD="/d"\r', OK);
    await dte.command('AT+CFTPSCWD="/d"\r', OK + NOTIFY);
  });

  test("not after the host has logged out", async () => {
    const { dte } = await against({});
    await dte.command("AT+CFTPSLOGOUT\r", OK + done("LOGOUT"));
    await dte.expectNothing(1000);
  });
});

describe("settings", () => {
  test("AT+CFTPSTO bounds what the server may take, from the next log-in on", async () => {
    const { dte, server } = await against({ PASS: () => undefined }, { settings: "+CFTPSTO=20" });
    await dte.command("AT+CFTPSTO?\r", info("+CFTPSTO: 20"));
    dte.send(LOGIN);
    await dte.expect(OK);
    await server.received("PASS");
    await dte.expectNothing(19_900);
    await dte.clock.advance(100);
    await dte.expect(done("LOGIN", 5));
    for (const seconds of [9, 121]) await dte.command(`AT+CFTPSTO=${seconds}\r`, ERROR);
  });

  test("without it the server may take 120 s", async () => {
    const { dte, server } = await against({ PASS: () => undefined }, { settings: "" });
    await dte.command("AT+CFTPSTO?\r", info("+CFTPSTO: 120"));
    dte.send(LOGIN);
    await dte.expect(OK);
    await server.received("PASS");
    await dte.expectNothing(119_900);
    await dte.clock.advance(100);
    await dte.expect(done("LOGIN", 5));
  });

  test.each([
    [0, "elsewhere", "PASV"],
    [1, "hello", "EPSV"],
  ] as const)("AT+CFTPSSINGLEIP=%i: the data come from %s", async (single, content, verb) => {
    const elsewhere = createServer((socket) => socket.end("elsewhere"));
    elsewhere.listen(0, "127.0.0.2");
    await new Promise((resolve) => elsewhere.once("listening", resolve));
    onTestFinished(() => void elsewhere.close());
    const { port } = elsewhere.address() as { port: number };
    const PASV = `227 ok (127,0,0,2,${port >> 8},${port & 255})`;
    const RETR: Action = async (dialogue) => {
      dialogue.say("150 coming");
      if (single === 1) (await dialogue.data()).end("hello");
      dialogue.say("226 done");
    };
    const { dte, server } = await against({ PASV, RETR }, { settings: `+CFTPSSINGLEIP=${single}` });
    await dte.command("AT+CFTPSSINGLEIP?\r", info(`+CFTPSSINGLEIP:${single}`));
    await dte.command(LOGIN, OK + done("LOGIN"));
    const packet = `\r\n+CFTPSGET: DATA,${content.length}\r\n${content}`;
    await dte.command('AT+CFTPSGET="/a"\r', OK + packet + done("GET"));
    expect(server.commands).toContain(verb);
  });
});

describe("AT+CFTPSPUT", () => {
  test("takes the session until its end; what else is asked is busy", async () => {
    const { dte, server } = await against({});
    await dte.command("AT+CFTPSPUT\r", ERROR);
    await dte.command('AT+CFTPSPUT="/b",3\r', PROMPT);
    await dte.command("abc", OK);
    await dte.command("AT+CFTPSPUT?\r", info("+CFTPSPUT: 0"));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 3,10"));
    await dte.command('AT+CFTPSDELE="/b"\r', done("DELE", 3) + ERROR);
    await dte.command("AT+CFTPSLOGOUT\r", OK + done("LOGOUT", 3));
    await dte.command('AT+CFTPSPUT="/c",3\r', ERROR);
    await dte.command("AT+CFTPSPUT\r", OK + done("PUT"));
    expect(Buffer.concat(server.stored).toString()).toBe("abc");
  });

  test.each([
    [undefined, 1024],
    ["sim5216", 512],
  ] as const)("%s takes parts of %i bytes at most", async (identity, most) => {
    const { dte } = await against({}, identity === undefined ? {} : { identity });
    await dte.command("AT+CFTPSPUT=?\r", info(`+CFTPSPUT: ["PATH",](1-${most})`));
    await dte.command(`AT+CFTPSPUT="/b",${most + 1}\r`, ERROR);
    await dte.command(`AT+CFTPSPUT="/b",${most}\r`, PROMPT);
    await dte.command("x".repeat(most), OK);
    await dte.command(`AT+CFTPSPUT=${most + 1}\r`, ERROR);
  });

  test("a server that breaks off in the middle has its code, and no session is left", async () => {
    const STOR: Action = async (dialogue) => {
      dialogue.say("150 send");
      (await dialogue.data()).once("data", () => dialogue.reset());
    };
    const { dte, recording } = await against({ STOR });
    await dte.command('AT+CFTPSPUT="/b",3\r', PROMPT);
    await dte.command("abc", OK);
    await dte.command("AT+CFTPSPUT\r", OK + done("PUT", 4));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });
});

test("a full EFS ends the session in the middle of a transfer, and nothing of the file is left", async () => {
  const RETR: Action = async (dialogue) => {
    dialogue.say("150 coming");
    const data = await dialogue.data();
    for (let sent = 0; sent < 300; sent++) data.write(Buffer.alloc(1000));
  };
  const { dte, recording } = await against({ RETR }, { efs: { sizes: { C: 100_000 } } });
  await dte.command('AT+CFTPSGETFILE="/big"\r', OK + done("GETFILE", 6));
  await dte.command("AT+FSATTRI=big\r", ERROR);
  await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
  expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
});
