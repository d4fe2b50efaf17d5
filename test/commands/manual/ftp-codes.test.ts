import { describe, expect, onTestFinished, test } from "vitest";
import { FTP_LIMITS } from "../../../src/protocols/ftp/limits.ts";
import { type Action, type FakeServer, fakeServer } from "../../protocols/ftp/fake-server.ts";
import { ERROR, framed, OK } from "../../support/framing.ts";
import { type FtpModemOptions, ftpModem, ftpServer } from "../../support/ftp-modem.ts";
import { until } from "../../support/loopback.ts";

async function playing(actions: Record<string, Action> = {}): Promise<FakeServer> {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  return server;
}

/** A modem that is set to use a server which answers like this. */
async function against(actions: Record<string, Action>, options: Partial<FtpModemOptions> = {}) {
  const server = await playing(actions);
  return { server, ...(await ftpModem({ server, mode: "passive", ...options })) };
}

const cme = (code: number) => framed(`+CME ERROR: ${code}`);
const NUMBERS = { send: "AT+CMEE=1\r", answer: OK };

/** The four transfers, and how each says that it failed at the server before any data. */
const TRANSFERS = [
  { command: '+CFTPGETFILE="a.txt",0', failed: (code: number) => `${OK}${framed(`+CFTPGETFILE: ${code}`)}` },
  { command: '+CFTPPUTFILE="a.txt",0', failed: (code: number) => `${OK}${framed(`+CFTPPUTFILE: ${code}`)}` },
  { command: '+CFTPGET="a.txt"', failed: (code: number) => `${OK}${framed(`+CFTPGET: ${code}`)}` },
  { command: '+CFTPPUT="a.txt"', failed: cme },
] as const;

describe.each(TRANSFERS)("$command is", ({ command, failed }) => {
  /** Gives the command and takes exactly the failure; once `waited` has come, so many milliseconds pass. */
  async function fails(
    modem: Awaited<ReturnType<typeof ftpModem>>,
    code: number,
    waited: Promise<unknown> = Promise.resolve(),
    passing = 0,
  ) {
    await modem.files.write("C/a.txt", Buffer.from("a"));
    await modem.dte.command(NUMBERS.send, NUMBERS.answer);
    modem.dte.send(`AT${command}\r`);
    await waited;
    await modem.clock.advance(passing);
    await modem.dte.expect(failed(code));
    await modem.dte.command("AT\r", OK);
  }

  test("201 when the server says what is no FTP", async () => {
    await fails(await against({ TYPE: "what?" }), 201);
  });

  test("203 when the server's name has no address", async () => {
    const server = await playing();
    const modem = await ftpModem({ server, mode: "passive", rules: [] });
    await modem.dte.command('AT+CFTPSERV="no..such..name"\r', OK);
    await fails(modem, 203);
  });

  test("204 when the server falls silent", async () => {
    const modem = await against({ PASS: () => undefined });
    await fails(modem, 204, modem.server.received("PASS"), FTP_LIMITS.reply);
  });

  test("207 when no server is set", async () => {
    const server = await playing();
    const modem = await ftpModem({ server });
    await modem.dte.command(NUMBERS.send, NUMBERS.answer);
    await modem.dte.command(`AT${command}\r`, cme(207));
  });

  test.each([530, 332])("208 when the server replies %d at the log-in", async (reply) => {
    await fails(await against({ PASS: `${reply} no` }), 208);
  });

  test("209 when the server ignores QUIT; that it refuses it is no failure", async () => {
    for (const [QUIT, code] of [
      ["500 stay", 0],
      [() => undefined, 209],
    ] as const) {
      const { dte, files, clock, server } = await against({ QUIT });
      await files.write("C/a.txt", Buffer.from("a"));
      dte.send(`AT${command}\r`);
      if (command.startsWith("+CFTPPUT=")) await dte.command("", framed("+CFTPPUT: BEGIN"));
      if (command.startsWith("+CFTPPUT=")) dte.send("a\x1a");
      else await dte.expect(OK);
      if (command.startsWith("+CFTPGET=")) await dte.expect(`${framed("+CFTPGET: DATA, 5")}hello`);
      const put = code === 0 ? OK : framed("+CME ERROR: Failed to logout");
      const end = command.startsWith("+CFTPPUT=") ? put : framed(`${command.split("=")[0]}: ${code}`);
      await server.received("QUIT");
      if (code !== 0) await clock.advance(FTP_LIMITS.parting);
      await dte.expect(end);
    }
  });

  test("212 when a reply is larger than a module can hold", async () => {
    await fails(await against({ PASS: `230 ${"x".repeat(5000)}` }), 212);
  });

  test("210 when the server refuses for the moment", async () => {
    await fails(await against({ RETR: "450 busy", STOR: "450 busy" }), 210);
  });

  test("211 when the server refuses for good", async () => {
    await fails(await against({ RETR: "550 no", STOR: "553 no" }), 211);
  });

  test.each([
    ["no parameter", ""],
    ["no quotes", "=a.txt,0"],
    ["an empty path", '="",0'],
    ["a path that ends in /", '="/pub/",0'],
    ["a path whose last byte is /", '={non-ascii}"612F",0'],
    ["a parameter too many", '="a.txt",0,0,0'],
    ["a number out of range", '="a.txt",9,2147483648'],
    ["odd hexadecimal digits", '={non-ascii}"ABC",0'],
    ["no hexadecimal digits", '={non-ascii}"GG",0'],
    ["a line feed in the path", '={non-ascii}"610A62",0'],
    ["a zero byte in the path", '={non-ascii}"00",0'],
  ])("213 for %s", async (_, parameters) => {
    const { dte, server } = await against({});
    await dte.command(NUMBERS.send, NUMBERS.answer);
    const hasDirectory = /FILE=/.test(command);
    const mine = hasDirectory ? parameters : parameters.replace(/,0$/, "");
    await dte.command(`AT${command.split("=")[0]}${mine}\r`, cme(213));
    expect(server.commands).toEqual([]);
  });

  test("214 when nobody listens", async () => {
    const server = await playing();
    await server.close();
    await fails(await ftpModem({ server, mode: "passive" }), 214);
  });

  test("214 when the module is not attached to a network", async () => {
    const modem = await against({});
    await modem.dte.command("AT+CGATT=0\r", OK);
    await fails(modem, 214);
    expect(modem.server.commands).toEqual([]);
  });

  test("214 when the server breaks the connection", async () => {
    await fails(await against({ USER: (dialogue) => dialogue.reset() }), 214);
  });

  test.each([
    ["manual", 204],
    ["field", 219],
  ] as const)("in the dialect %s %d when the server does not answer at all", async (dialect, code) => {
    const server = await playing();
    const modem = await ftpModem({ server, mode: "passive", dialect, packetGap: 0 });
    modem.recording.unanswered = true;
    const asked = until(() => modem.recording.asked > 0);
    await fails(modem, code, asked, FTP_LIMITS.connect);
  });
});

/** Every step of a session, and what each mishap there is. EPSV stands for EPSV and PASV both, EPRT for EPRT and PORT. */
const STEPS = ["GREETING", "USER", "PASS", "TYPE", "EPSV", "EPRT", "RETR", "STOR"] as const;
const isLogIn = (step: string) => step === "USER" || step === "PASS";
const MISHAPS: ReadonlyArray<readonly [string, Action, (step: string) => number]> = [
  ["replies 421", "421 later", () => 210],
  ["replies 502", "502 no", (step) => (step === "GREETING" ? 201 : isLogIn(step) ? 208 : 211)],
  ["replies 530", "530 no", (step) => (step === "GREETING" || isLogIn(step) ? 208 : 211)],
  ["replies 332", "332 account?", (step) => (step === "GREETING" || isLogIn(step) ? 208 : 201)],
  ["says what is no FTP", "what?", () => 201],
  ["says more than fits", `200 ${"x".repeat(5000)}`, () => 212],
  ["ends the connection", (dialogue) => dialogue.end(), () => 201],
];

describe.each(MISHAPS)("a server that %s", (_what, action, code) => {
  test.each(STEPS)("at %s", async (step) => {
    const actions = {
      [step]: action,
      ...(step === "EPSV" && { PASV: action }),
      ...(step === "EPRT" && { PORT: action }),
    };
    const { dte, files } = await against(actions, { mode: step === "EPRT" ? "active" : "passive" });
    const command = step === "STOR" ? "+CFTPPUTFILE" : "+CFTPGETFILE";
    await files.write("C/a.txt", Buffer.from("a"));
    await dte.command(`AT${command}="a.txt",0\r`, `${OK}${framed(`${command}: ${code(step)}`)}`);
  });
});

test("205 is an EFS file that is not there, and one whose name the EFS cannot hold; the server is not asked", async () => {
  const { dte, server } = await against({});
  for (const argument of ['"/pub/missing.txt",0', '"a:b",0', '"a.txt",1', '"/Picture",0']) {
    await dte.command(`AT+CFTPPUTFILE=${argument}\r`, `${OK}${framed("+CFTPPUTFILE: 205")}`);
  }
  expect(server.commands).toEqual([]);
});

test("206 is a name that the EFS cannot hold; the server is not asked", async () => {
  const { dte, server } = await against({});
  for (const argument of ['"a:b",0', '"/pub/a.",0', '"/pub/..",0', `"${"x".repeat(300)}",0`]) {
    await dte.command(`AT+CFTPGETFILE=${argument}\r`, `${OK}${framed("+CFTPGETFILE: 206")}`);
  }
  expect(server.commands).toEqual([]);
});

test("206 is an EFS that is full, and nothing of the file is left", async () => {
  const { root, local } = await ftpServer();
  root.writeFile("/big.bin", Buffer.alloc(200_000));
  root.writeFile("/fits.bin", Buffer.alloc(100_000));
  const { dte, files } = await ftpModem({ server: local, mode: "active", sizes: { C: 150_000 } });
  await dte.command('AT+CFTPGETFILE="big.bin",1\r', `${OK}${framed("+CFTPGETFILE: 206")}`);
  expect(await files.list("C/Picture")).toEqual([]);
  await dte.command('AT+CFTPGETFILE="fits.bin",1\r', `${OK}${framed("+CFTPGETFILE: 0")}`);
});

test.each([
  ["wcdma", 256, 256, 256],
  ["sim5218", 100, 30, 40],
  ["sim5216", 100, 30, 40],
  ["sim5320", 100, 30, 40],
] as const)("213 is a setting that is too long for a %s", async (identity, server, user, password) => {
  const { dte } = await against({}, { identity });
  await dte.command(NUMBERS.send, NUMBERS.answer);
  for (const [name, longest] of [
    ["CFTPSERV", server],
    ["CFTPUN", user],
    ["CFTPPW", password],
  ] as const) {
    await dte.command(`AT+${name}="${"x".repeat(longest)}"\r`, OK);
    await dte.command(`AT+${name}="${"y".repeat(longest + 1)}"\r`, cme(213));
    await dte.command(`AT+${name}?\r`, `${framed(`+${name}: "${"x".repeat(longest)}"`)}${OK}`);
  }
});

test.each([450, 550])("%d to LIST is an empty listing", async (reply) => {
  const { dte } = await against({ LIST: `${reply} nothing here` });
  await dte.command('AT+CFTPLIST="/pub/"\r', `${OK}${framed("+CFTPLIST: 0")}`);
});

test("210 is a data connection that breaks, and what had come is printed before it", async () => {
  const { root, local } = await ftpServer();
  root.writeFile("/a.txt", Buffer.alloc(5000, "x"));
  const { dte, faults } = await ftpModem({ server: local, mode: "passive" });
  faults.add({ kind: "limit_data", service: "ftp-data", bytes: 1500 });
  faults.add({ kind: "reply", verb: "END", text: "426 cut" });
  const payload = (length: number) => `${framed(`+CFTPGET: DATA, ${length}`)}${"x".repeat(length)}`;
  await dte.command('AT+CFTPGET="a.txt"\r', `${OK}${payload(1024)}${payload(476)}${framed("+CFTPGET: 210")}`);
});

describe("while a transfer runs", () => {
  test("every other operation is 202, and the first goes on", async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const RETR: Action = async (dialogue) => {
      dialogue.say("150 coming");
      const data = await dialogue.data();
      await released;
      data.end("hello");
      dialogue.say("226 done");
    };
    const { dte, files, server } = await against({ RETR });
    await files.write("C/a.txt", Buffer.from("a"));
    await dte.command(NUMBERS.send, NUMBERS.answer);
    await dte.command('AT+CFTPGETFILE="x.txt",0\r', OK);
    await server.received("RETR");
    for (const { command } of TRANSFERS) await dte.command(`AT${command}\r`, cme(202));
    for (const name of ["LIST", "MKD", "RMD", "DELE"]) await dte.command(`AT+CFTP${name}="x"\r`, cme(202));
    await dte.command('AT+CFTPSERV="other"\r', OK);
    release();
    await dte.expect(framed("+CFTPGETFILE: 0"));
    expect((await files.read("C/x.txt")).toString()).toBe("hello");
  });

  test("the text of 202 is the manual's", async () => {
    const { dte, server } = await against({ RETR: () => undefined });
    await dte.command('AT+CFTPGETFILE="x.txt",0\r', OK);
    await server.received("RETR");
    await dte.command('AT+CFTPGET="x"\r', framed("+CME ERROR: FTP task is busy"));
  });
});

describe("a failure of CFTPPUT after BEGIN", () => {
  const STOR: Action = async (dialogue) => {
    dialogue.say("150 send");
    (await dialogue.data()).resume();
    dialogue.say("552 full");
  };

  test.each([
    ["manual", framed("+CME ERROR: 211")],
    ["field", framed("+CFTPPUT: 211") + ERROR],
  ] as const)("is said as %s modules say it, after the last of the data", async (dialect, answer) => {
    const { dte } = await against({ STOR }, { dialect, packetGap: 0 });
    await dte.command(NUMBERS.send, NUMBERS.answer);
    dte.send('AT+CFTPPUT="a.txt"\r');
    await dte.expect(framed("+CFTPPUT: BEGIN"), { within: 50 });
    for (const data of ["some data", "AT+CFTPPORT=99\r", "more\x03\x1a"]) {
      dte.send(data);
      await dte.expectNothing(100);
    }
    await dte.command("\x1a", answer);
    await dte.command("AT+CFTPPORT?\r", framed(`+CFTPPORT:${dialect === "manual" ? " " : ""}21`) + OK);
  });

  test("is 204 when the host falls silent for 120 s, and the server does not take the part for the whole", async () => {
    const seen: string[] = [];
    const watched: Action = async (dialogue) => {
      dialogue.say("150 send");
      const data = await dialogue.data();
      for (const event of ["end", "error", "data"]) data.on(event, () => seen.push(event));
    };
    const { dte } = await against({ STOR: watched });
    await dte.command(NUMBERS.send, NUMBERS.answer);
    await dte.command('AT+CFTPPUT="a.txt"\r', framed("+CFTPPUT: BEGIN"));
    dte.send("the first half");
    await dte.expectNothing(119_000);
    await dte.clock.advance(1000);
    await dte.expect(cme(204));
    await until(() => seen.length > 1);
    expect(seen).toEqual(["data", "error"]);
    await dte.command("AT\r", OK);
  });
});
