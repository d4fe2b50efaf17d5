import { afterEach, describe, expect, test } from "vitest";
import type { FaultSpec } from "../../../src/faults/fault.ts";
import { type Pop3Bench, type Pop3BenchOptions, pop3Bench } from "../../support/pop3-bench.ts";
import { turns } from "../../support/recording-network.ts";

const plain = "From: Ann <ann@example.com>\r\nDate: Mon, 17 Aug 2009 14:09:27 +0800\r\nSubject: one\r\n\r\nHello\r\n";
const short = "Subject: two\r\n\r\nx\r\n";

let bench: Pop3Bench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

async function start(options: Pop3BenchOptions & { logIn?: boolean } = {}): Promise<Pop3Bench> {
  const { logIn = true, ...rest } = options;
  bench = await pop3Bench({ mails: [plain, short], ...rest });
  await bench.begin({ logIn });
  return bench;
}

const ok = "\r\nOK\r\n";
const error = "\r\nERROR\r\n";
const says = (text: string, final = ok) => `\r\n${text}\r\n${final}`;

describe("forms", () => {
  test.each([
    ["AT+POP3SRV=?", says("+POP3SRV: (1-65535)")],
    ["AT+POP3IN=?", ok],
    ["AT+POP3NUM=?", ok],
    ["AT+POP3LIST=?", ok],
    ["AT+POP3HDR=?", ok],
    ["AT+POP3GET=?", ok],
    ["AT+POP3DEL=?", ok],
    ["AT+POP3OUT=?", ok],
    ["AT+POP3STOP=?", ok],
    ["AT+POP3READ=?", ok],
    ["AT+POP3SRV?", says('+POP3SRV: "mail", "user", "password", 110')],
    ["AT+POP3IN?", says("+POP3IN: NULL")],
    ['AT+POP3SRV="m","u"', error],
    ['AT+POP3SRV="","u","p"', error],
    ['AT+POP3SRV="m","","p"', error],
    ['AT+POP3SRV="m","u",""', error],
    ['AT+POP3SRV="m","u","p",0', error],
    ['AT+POP3SRV="m\xc3\xa4il.example","u","p",110', error],
    ['AT+POP3SRV="\xe9","u","p"', error],
    ['AT+POP3SRV="m","u","p",65536', error],
    ['AT+POP3SRV="m","u","p",110,1', error],
    [`AT+POP3SRV="${"m".repeat(129)}","u","p"`, error],
    ["AT+POP3NUM?", error],
    ["AT+POP3HDR", error],
    ["AT+POP3HDR=x", error],
    ["AT+POP3GET", error],
    ["AT+POP3GET=1,0", error],
    ["AT+POP3GET=1,4", error],
    ["AT+POP3DEL=", error],
    ["AT+POP3STOP", error],
    ["AT+POP3READ", error],
    ['AT+POP3READ=2,"a/b"', error],
    ['AT+POP3READ=0,""', error],
    ["AT+POP3READ=0", error],
    ["AT+POP3NUM", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3LIST", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3LIST=1", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3HDR=1", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3GET=1", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3DEL=1", says("+POP3: NETWORK ERROR", error)],
    ["AT+POP3OUT", says("+POP3: NETWORK ERROR", error)],
  ])("%s without a session", async (line, answer) => {
    const { dte } = await start({ logIn: false });
    await dte.command(`${line}\r`, answer);
    await dte.command("AT+POP3SRV?\r", says('+POP3SRV: "mail", "user", "password", 110'));
  });

  test.each([
    ["AT+POP3NUM", says("+POP3: 2, 110")],
    ["AT+POP3LIST", says("+POP3: 2 110\r\n1 91\r\n2 19")],
    ["AT+POP3LIST=1", says("+POP3: 1, 91")],
    ["AT+POP3LIST=3", says("+POP3: SERVER ERROR", error)],
    ["AT+POP3LIST=0", says("+POP3: SERVER ERROR", error)],
    ["AT+POP3HDR=1", says("From: Ann <ann@example.com>\r\nDate: Mon, 17 Aug 2009 14:09:27 +0800\r\nSubject: one")],
    ["AT+POP3HDR=2", says("From: \r\nDate: \r\nSubject: two")],
    ["AT+POP3HDR=3", says("+POP3: SERVER ERROR", error)],
    ["AT+POP3DEL=2", says("+POP3: SUCCESS")],
    ["AT+POP3DEL=3", says("+POP3: SERVER ERROR", error)],
    ["AT+POP3GET=3", `${ok}${"\r\n+POP3: FAILURE\r\n"}`],
    ["at$pop3num", says("+POP3: 2, 110")],
    ["AT+POP3IN?", says('+POP3IN: "mail"')],
    ["AT+POP3IN", says("+POP3: SUCCESS")],
    ["AT+POP3IN;+POP3NUM", "\r\n+POP3: SUCCESS\r\n\r\n+POP3: 2, 110\r\n\r\nOK\r\n"],
    ["AT+POP3OUT", says("+POP3: SUCCESS")],
    ["AT+POP3STOP", ok],
  ])("%s with a session", async (line, answer) => {
    const { dte } = await start();
    await dte.command(`${line}\r`, answer);
    await dte.expectNothing();
  });

  test("server, user and password are cleared by the execution command, and read back as written", async () => {
    const { dte } = await start({ logIn: false });
    await dte.command('AT+POP3SRV= "a\\22b" , "\\5C22\\x", "p w", 995 \r', ok);
    await dte.command("AT+POP3SRV?\r", says('+POP3SRV: "a\\22b", "\\5C22\\x", "p w", 995'));
    await dte.command("AT+POP3SRV\r", ok);
    await dte.command("AT+POP3SRV?\r", says('+POP3SRV: "", "", "", 110'));
    await dte.command("AT+POP3IN\r", says("+POP3: NETWORK ERROR", error));
  });

  test.each([
    [[plain, short], says("+POP3:\r\n1 91\r\n2 19")],
    [[], says("+POP3: EMPTY")],
  ])("the list in the field, %#", async (mails, answer) => {
    const { dte } = await start({ mails, dialect: "field" });
    await dte.command("AT+POP3LIST\r", answer);
  });

  test("the list of an empty box in the manual's way", async () => {
    const { dte } = await start({ mails: [] });
    await dte.command("AT+POP3LIST\r", says("+POP3: 0 0"));
  });
});

describe("log-in", () => {
  test.each([
    ["manual", '"mail","user","wrong"', "INVALID UNPWD"],
    ["field", '"mail","user","wrong"', "INVALID UN/PWD"],
    ["manual", '"mail","nobody","password"', "INVALID UN"],
    ["manual", '"no.such.name.invalid","user","password"', "NETWORK ERROR"],
  ] as const)("%s: %s is %s", async (dialect, account, code) => {
    const { dte } = await start({ logIn: false, dialect });
    await dte.command(`AT+POP3SRV=${account}\r`, ok);
    await dte.command("AT+POP3IN\r", says(`+POP3: ${code}`, error));
    await dte.command("AT+POP3IN?\r", says("+POP3IN: NULL"));
    await dte.command("AT+POP3STOP\r", error);
  });

  test.each<[FaultSpec, string]>([
    [{ kind: "reply", verb: "GREETING", text: "-ERR too busy" }, "SERVER ERROR"],
    [{ kind: "reply", verb: "GREETING", text: "220 smtp" }, "SERVER ERROR"],
    [{ kind: "hang_up", verb: "GREETING" }, "SERVER ERROR"],
    [{ kind: "reply", verb: "USER", text: "noise" }, "SERVER ERROR"],
    [{ kind: "hang_up", verb: "USER" }, "SERVER ERROR"],
    [{ kind: "reply", verb: "PASS", text: "-ERR [IN-USE] locked" }, "INVALID UNPWD"],
    [{ kind: "limit_data", bytes: "+OK vmodem POP3 server ready\r\n+OK password?\r\n+OK".length }, "SERVER ERROR"],
  ])("%j is %s", async (fault, code) => {
    const bench = await start({ logIn: false });
    bench.faults.add(fault);
    await bench.dte.command("AT+POP3IN\r", says(`+POP3: ${code}`, error));
    bench.faults.clear();
    await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
  });

  test("no answer in time is SERVER ERROR", async () => {
    const bench = await start({ logIn: false });
    bench.faults.add({ kind: "silence", verb: "PASS" });
    bench.dte.send("AT+POP3IN\r");
    await bench.dte.expectNothing(59_000);
    await bench.dte.expect(says("+POP3: SERVER ERROR", error), { within: 2000 });
  });

  test("a refused connection is NETWORK ERROR", async () => {
    const { dte } = await start({ logIn: false, server: { host: "127.0.0.1", port: 1 } });
    await dte.command("AT+POP3IN\r", says("+POP3: NETWORK ERROR", error));
  });

  test("user and password go out as the bytes that were given", async () => {
    const bench = await start({ logIn: false });
    await bench.dte.command('AT+POP3SRV="mail","us\xe9r","\xff\xc3\xa4"\r', ok);
    await bench.dte.command("AT+POP3SRV?\r", says('+POP3SRV: "mail", "us\xe9r", "\xff\xc3\xa4", 110'));
    await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
  });
});

describe("a session", () => {
  test("survives other commands", async () => {
    const { dte } = await start();
    await dte.command("AT+IPR=4800\r", ok);
    await dte.command("AT+CSQ\r", says("+CSQ: 22,0"));
    await dte.command("AT+POP3SRV\r", ok);
    await dte.command("AT+POP3NUM\r", says("+POP3: 2, 110"));
  });

  test("deletes at log-out, not at a stop", async () => {
    const { dte, store } = await start();
    await dte.command("AT+POP3DEL=1\r", says("+POP3: SUCCESS"));
    await dte.command("AT+POP3STOP\r", ok);
    await dte.command("AT+POP3STOP\r", error);
    await dte.command("AT+POP3NUM\r", says("+POP3: NETWORK ERROR", error));
    await turns(50);
    await dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
    await dte.command("AT+POP3NUM\r", says("+POP3: 2, 110"));
    await dte.command("AT+POP3DEL=1\r", says("+POP3: SUCCESS"));
    await dte.command("AT+POP3OUT\r", says("+POP3: SUCCESS"));
    expect(store.list("user").map(({ id }) => id)).toEqual([2]);
    await dte.command("AT+POP3NUM\r", says("+POP3: NETWORK ERROR", error));
  });

  test.each(["AT+POP3NUM", "AT+POP3LIST", "AT+POP3HDR=1", "AT+POP3DEL=1", "AT+POP3OUT", "AT+POP3GET=1"])(
    "that the server has ended is SERVER ERROR at %s, and a fresh log-in works",
    async (line) => {
      const bench = await start();
      bench.faults.add({ kind: "hang_up", verb: "STAT" });
      await bench.dte.command("AT+POP3NUM\r", says("+POP3: SERVER ERROR", error));
      bench.faults.clear();
      await bench.dte.command("AT+POP3NUM\r", says("+POP3: NETWORK ERROR", error));
      await turns(50);
      await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
      await bench.dropClients();
      await bench.dte.command(`${line}\r`, says("+POP3: SERVER ERROR", error));
      await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
    },
  );

  test("that the server has ended is made anew by a log-in", async () => {
    const bench = await start();
    await bench.dropClients();
    await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
    await bench.dte.command("AT+POP3NUM\r", says("+POP3: 2, 110"));
  });

  test.each<[string, FaultSpec]>([
    ["AT+POP3NUM", { kind: "reply", verb: "STAT", text: "-ERR no" }],
    ["AT+POP3NUM", { kind: "reply", verb: "STAT", text: "+OK what" }],
    ["AT+POP3LIST", { kind: "limit_data", direction: "down", bytes: 20 }],
    ["AT+POP3LIST", { kind: "reply", verb: "LIST", text: "-ERR no" }],
    ["AT+POP3HDR=1", { kind: "limit_data", direction: "down", bytes: 20 }],
    ["AT+POP3DEL=1", { kind: "reply", verb: "DELE", text: "-ERR locked" }],
    ["AT+POP3OUT", { kind: "reply", verb: "QUIT", text: "-ERR some not removed" }],
    ["AT+POP3OUT", { kind: "hang_up", verb: "QUIT" }],
  ])("%s with %j is SERVER ERROR", async (line, fault) => {
    const bench = await start();
    bench.faults.add(fault);
    await bench.dte.command(`${line}\r`, says("+POP3: SERVER ERROR", error));
  });

  test("shows a header where the server has no TOP", async () => {
    const bench = await start();
    bench.faults.add({ kind: "reply", verb: "TOP", text: "-ERR unknown command" });
    await bench.dte.command("AT+POP3HDR=2\r", says("From: \r\nDate: \r\nSubject: two"));
    await bench.dte.command("AT+POP3NUM\r", says("+POP3: 2, 110"));
  });

  test.each([
    ["folded", "Subject: a\r\n b\r\nFrom: x\r\n\r\n", "From: x\r\nDate: \r\nSubject: a b"],
    ["repeated", "From: a\r\nFrom: b\r\n\r\n", "From: a\r\nDate: \r\nSubject: "],
    ["encoded", "Subject: =?utf-8?B?w6Q=?=\r\n\r\n", "From: \r\nDate: \r\nSubject: =?utf-8?B?w6Q=?="],
    ["bare LF", "from: a\ndate: d\n\nFrom: body\n", "From: a\r\nDate: d\r\nSubject: "],
    ["8 bit", "Subject: \xe4\xff\r\n\r\n", "From: \r\nDate: \r\nSubject: \xe4\xff"],
    ["none", "\r\nFrom: body\r\n", "From: \r\nDate: \r\nSubject: "],
    ["empty", "", "From: \r\nDate: \r\nSubject: "],
    ["hostile", "Subject: a\rOK\r\n\r\n", "From: \r\nDate: \r\nSubject: a OK"],
  ])("shows a header that is %s", async (_, mail, shown) => {
    const { dte } = await start({ mails: [mail] });
    await dte.command("AT+POP3HDR=1\r", says(shown));
  });
});

describe("while an operation runs", () => {
  const busy = says("+POP3: ONGOING");

  test.each([
    ["AT+POP3IN", busy],
    ["AT+POP3NUM", busy],
    ["AT+POP3LIST", busy],
    ["AT+POP3LIST=1", busy],
    ["AT+POP3HDR=1", busy],
    ["AT+POP3GET=1", busy],
    ["AT+POP3DEL=1", busy],
    ["AT+POP3OUT", busy],
    ['AT+POP3SRV="a","b","c"', error],
    ["AT+POP3SRV", error],
    ["AT+POP3READ", error],
    ['AT+POP3READ=0,"a/b"', error],
    ["AT+POP3SRV?", says('+POP3SRV: "mail", "user", "password", 110')],
    ["AT+POP3NUM=?", ok],
    ["AT+CSQ", says("+CSQ: 22,0")],
  ])("%s is answered at once", async (line, answer) => {
    const bench = await start();
    bench.faults.add({ kind: "silence", verb: "STAT" });
    bench.dte.send("AT+POP3NUM\r");
    await bench.dte.expectNothing();
    await bench.dte.command(`${line}\r`, answer);
    await bench.dte.command("AT+POP3STOP\r", ok);
    await bench.dte.expectNothing(100_000);
  });

  test.each(["AT+POP3IN", "AT+POP3GET=1", "AT+POP3LIST", "AT+POP3OUT"])("%s can be stopped", async (line) => {
    const bench = await start({ logIn: line !== "AT+POP3IN" });
    for (const verb of ["USER", "RETR", "LIST", "QUIT"]) bench.faults.add({ kind: "silence", verb });
    await bench.dte.command(`${line}\r`, line.includes("GET") ? ok : "");
    await bench.dte.expectNothing();
    await bench.dte.command("AT+POP3STOP\r", ok);
    bench.faults.clear();
    await bench.dte.expectNothing(100_000);
    await bench.dte.command("AT+POP3STOP\r", error);
    await turns(50);
    await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
  });

  test("its answer comes in one piece, and not into a line that the host types", async () => {
    const bench = await start();
    bench.dte.send("AT+POP3NUM\rAT+C");
    await bench.dte.expectNothing();
    bench.dte.send("SQ\r");
    await bench.dte.expect(`${says("+CSQ: 22,0")}${says("+POP3: 2, 110")}`);
  });
});

describe("POP3GET", () => {
  test("saves a mail, and POP3READ prints it", async () => {
    const { dte, files } = await start();
    await dte.command("AT+POP3GET= 1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, EMAIL000.TXT\r\n`);
    expect(await files()).toEqual({ "Email/090901120000/EMAIL000.TXT": plain });
    await dte.command('AT+POP3READ=0,"090901120000/EMAIL000.TXT"\r', says(plain));
    await dte.command("AT+POP3READ\r", says(plain));
    await dte.command("AT+POP3GET=2\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120001/, EMAIL000.TXT\r\n`);
    await dte.command("AT+POP3READ\r", says(short));
    await dte.command("ATV0\r", "0\r");
    await dte.command("AT+POP3READ\r", `${short}\r\n0\r`);
  });

  test("saves it as the field does", async () => {
    const { dte, files } = await start({ dialect: "field" });
    const name = "EMAIL090901120000000.TXT";
    await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, ${name}\r\n`);
    const brief =
      "Subject: one\r\nDate: Mon, 17 Aug 2009 14:09:27 +0800\r\nFrom: Ann <ann@example.com>\r\nTo: \r\n\r\nHello\r\n";
    expect(await files()).toEqual({ [`Email/090901120000/${name}`]: brief });
  });

  test.each([
    [1, "EMAIL000.TXT", ["EMAIL000.TXT"]],
    [2, "090901120000.eml", ["090901120000.eml"]],
    [3, "EMAIL000.TXT", ["090901120000.eml", "EMAIL000.TXT"]],
  ])("in form %d", async (form, told, written) => {
    const { dte, files } = await start();
    await dte.command(`AT+POP3GET=1,${form}\r`, `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, ${told}\r\n`);
    expect(Object.keys(await files()).toSorted()).toEqual(written.map((name) => `Email/090901120000/${name}`));
    expect(Object.values(await files())).toEqual(written.map(() => plain));
    await dte.command("AT+POP3READ\r", says(plain));
  });

  test("uses the card with FSLOCA=1", async () => {
    const { dte, modem } = await start();
    await dte.command("AT+FSLOCA=1\r", ok);
    await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nD:/Email/090901120000/, EMAIL000.TXT\r\n`);
    await dte.command('AT+POP3READ=1,"090901120000/email000.txt"\r', says(plain));
    await dte.command('AT+POP3READ=0,"090901120000/EMAIL000.TXT"\r', error);
    await modem.pullCard();
    await dte.command("AT+POP3READ\r", error);
    await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: FILE SYSTEM ERROR\r\n`);
    await dte.command("AT+POP3NUM\r", says("+POP3: NETWORK ERROR", error));
  });

  test("of a mail that does not fit takes everything away and ends the session", async () => {
    const big = `Subject: big\r\n\r\n${"x".repeat(70)}\r\n`.padEnd(50_000, "0123456789\r\n");
    const bench = await start({ mails: [big, short], room: 20_000 });
    await bench.dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: FILE SYSTEM ERROR\r\n`);
    expect(await bench.files()).toEqual({});
    expect(await bench.mailDirectories()).toEqual([]);
    await bench.dte.command("AT+POP3NUM\r", says("+POP3: NETWORK ERROR", error));
    await bench.dte.command("AT+POP3STOP\r", error);
    await turns(50);
    await bench.dte.command("AT+POP3IN\r", says("+POP3: SUCCESS"));
    await bench.dte.command("AT+POP3GET=2\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, EMAIL000.TXT\r\n`);
  });

  test.each<[FaultSpec]>([
    [{ kind: "limit_data", direction: "down", bytes: 60 }],
    [{ kind: "reply", verb: "RETR", text: "-ERR no" }],
    [{ kind: "reply", verb: "RETR", text: "+OK\r\nSubject" }],
    [{ kind: "hang_up", verb: "RETR" }],
  ])("that fails with %j leaves nothing", async (fault) => {
    const bench = await start();
    bench.faults.add(fault);
    bench.dte.send("AT+POP3GET=1\r");
    await bench.dte.expect(`${ok}\r\n+POP3: FAILURE\r\n`, { within: 61_000 });
    expect(await bench.files()).toEqual({});
    await bench.dte.command("AT+POP3READ\r", error);
  });

  test("can be stopped in the middle, and nothing of it is left", async () => {
    const bench = await stuck();
    await bench.dte.command("AT+POP3STOP\r", ok);
    expect(await bench.files()).toEqual({});
    expect(await bench.mailDirectories()).toEqual([]);
    await bench.dte.expectNothing(100_000);
  });

  test("is dropped by a reset, and nothing of it is left", async () => {
    const bench = await stuck();
    await bench.modem.reset();
    expect(await bench.mailDirectories()).toEqual([]);
    expect(await bench.files()).toEqual({});
    expect(bench.clock.pendingAlarms).toBe(0);
    await bench.dte.expectNothing(100_000);
    await bench.dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
    await bench.dte.command("AT+POP3STOP\r", error);
  });

  /** In the middle of a mail whose server has fallen silent, with an attachment saved and another begun. */
  async function stuck(): Promise<Pop3Bench> {
    const part = (name: string) => `--b\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n${name}\r\n`;
    const head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n";
    const bench = await start();
    const text = `+OK\r\n${head}${part("a.txt")}${part("b.txt")}${"more\r\n".repeat(1000)}`;
    bench.faults.add({ kind: "reply", verb: "RETR", text });
    await bench.dte.command("AT+POP3GET=1\r", ok);
    // Text and second attachment are drafts.
    for (let turn = 0; Object.keys(await bench.files()).length < 3; turn++) expect(turn).toBeLessThan(1000);
    return bench;
  }
});

describe("POP3READ", () => {
  test.each([
    '"../Audio/x.txt"',
    '"090901120000/../../x.txt"',
    '"/x.txt"',
    '"C:/x.txt"',
    '"D:/Email/090901120000/EMAIL000.TXT"',
    '"090901120000"',
    '"090901120000/none.txt"',
    '".."',
    '"Email/090901120000/EMAIL000.TXT"',
    '"a*b"',
  ])("reaches nothing outside the mail root: %s", async (name) => {
    const { dte } = await start();
    await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, EMAIL000.TXT\r\n`);
    await dte.command(`AT+POP3READ=0,${name}\r`, error);
  });

  test("prints every byte, at the host's pace, and keeps URCs out", async () => {
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256)).toString("base64");
    const lines = body.replace(/.{76}/g, "$&\r\n");
    const mail = `Content-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
    const { dte, host } = await start({ mails: [mail] });
    await dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, EMAIL000.TXT\r\n`);
    host.pause();
    dte.send("AT+POP3READ\rAT+CSQ\r");
    await turns(200);
    host.resume();
    const text = Buffer.from(body, "base64").toString("latin1");
    await dte.expect(`${says(`Content-Transfer-Encoding: base64\r\n\r\n${text}`)}${says("+CSQ: 22,0")}`);
  });

  test("of a host that does not read is dropped by a reset", async () => {
    const bench = await start({ mails: ["x".repeat(200_000)] });
    await bench.dte.command("AT+POP3GET=1\r", `${ok}\r\n+POP3: SUCCESS\r\nC:/Email/090901120000/, EMAIL000.TXT\r\n`);
    bench.host.pause();
    bench.dte.send("AT+POP3READ\r");
    await turns(200);
    await bench.modem.reset();
    bench.host.resume();
    await turns(200);
    expect(bench.dte.take().length).toBeLessThan(200_000);
    await bench.dte.command("ATE0\r", "ATE0\r\r\nOK\r\n");
    await bench.dte.command("AT+POP3READ\r", error);
  });
});
