import { describe, expect, test } from "vitest";
import { SMS_CAPACITY } from "../../../src/module/sms/sms.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

async function quietModem() {
  const modem = await modemOnMemory();
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return { ...modem, sms: modem.modem.module.sms };
}

const PROMPT = "\r\n> ";
const cms = (code: number) => framed(`+CMS ERROR: ${code}`);
const PDU = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37";

describe("sending", () => {
  test("in PDU mode", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${PDU}\x1a`, info("+CMGS: 0"));
    await dte.command("AT+CMGS=23\r\n", PROMPT);
    await dte.command(`${PDU.toLowerCase()}\x1a\r\n`, info("+CMGS: 1"));
    const sent = { to: "+46708251358", text: "hellohello" };
    expect(sms.sent).toEqual([
      { ...sent, reference: 0 },
      { ...sent, reference: 1 },
    ]);
  });

  test.each([
    ["a length that is not the PDU's", "22", PDU],
    ["no hexadecimal", "23", `${PDU.slice(0, -1)}G`],
    ["half an octet", "23", PDU.slice(0, -1)],
    ["nothing", "23", ""],
  ])("in PDU mode: %s is 304", async (_, length, entered) => {
    const { dte, sms } = await quietModem();
    await dte.command(`AT+CMGS=${length}\r`, PROMPT);
    await dte.command(`${entered}\x1a`, cms(304));
    expect(sms.sent).toEqual([]);
  });

  test.each(["6", "165", "x", '"+1555"'])("in PDU mode AT+CMGS=%s is 304 without a prompt", async (length) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CMGS=${length}\r`, cms(304));
  });

  test("in text mode, with echo, erasing and lines", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CMGF=1;E1\r", OK);
    await dte.command('AT+CMGS="+1555"\r', `AT+CMGS="+1555"\r${PROMPT}`);
    await dte.command("abd\bc\rd\x1a", `abd\b \bc\r\n> d${info("+CMGS: 0")}`);
    expect(sms.sent).toEqual([{ to: "+1555", text: "abc\nd", reference: 0 }]);
  });

  test.each([
    ['"1555",145', "IRA", "hi", { to: "+1555", text: "hi" }],
    ["1555", "IRA", "hi", { to: "1555", text: "hi" }],
    ['"002B0031"', "UCS2", "044F", { to: "+1", text: "я" }],
    ['"+1555"', "UCS2", "044F", { to: "+1555", text: "я" }],
    ['"1"', "GSM", "\x00\x02", { to: "1", text: "" }],
  ])("in text mode to %s in %s", async (number, charset, entered, sent) => {
    const { dte, sms } = await quietModem();
    await dte.command(`AT+CMGF=1;+CSCS="${charset}"\r`, OK);
    await dte.command(`AT+CMGS=${number}\r`, PROMPT);
    await dte.command(`${entered}\x1a`, info("+CMGS: 0"));
    expect(sms.sent).toEqual([{ ...sent, reference: 0 }]);
  });

  test.each(["a".repeat(161), "a".repeat(100_000)])("a text too long for one message is 305", async (text) => {
    const { dte } = await quietModem();
    await dte.command('AT+CMGF=1;+CMGS="1"\r', PROMPT);
    await dte.command(`${text}\x1a`, cms(305));
  });

  test("ESC takes it back, and so does silence", async () => {
    const { dte, sms, clock } = await quietModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${PDU}\x1b`, OK);
    await dte.command("AT+CMGS=23\r", PROMPT);
    await clock.advance(120_000);
    await dte.expect(OK);
    expect(sms.sent).toEqual([]);
  });

  test("without a network it is 331", async () => {
    const { dte, modem } = await quietModem();
    modem.module.radio.move({ registration: "searching" });
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${PDU}\x1a`, cms(331));
  });
});

describe("what comes", () => {
  test("is stored and told, listed, read and deleted in text mode", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CMGF=1\r", OK);
    expect(sms.receive({ from: "+1555", text: "one" })).toBe(true);
    await dte.expect(framed('+CMTI: "SM",1'));
    sms.receive({ from: "Operator", text: "two\nlines" });
    await dte.expect(framed('+CMTI: "SM",2'));
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",2,40,"SM",2,40,"SM",2,40'));
    const one = ['"+1555",,"10/02/05,12:00:00+00"', "one"] as const;
    await dte.command("AT+CMGR=1\r", info(`+CMGR: "REC UNREAD",${one[0]}`, one[1]));
    await dte.command("AT+CMGR=1\r", info(`+CMGR: "REC READ",${one[0]}`, one[1]));
    await dte.command(
      'AT+CMGL="ALL"\r',
      info(
        `+CMGL: 1,"REC READ",${one[0]}`,
        one[1],
        '+CMGL: 2,"REC UNREAD","Operator",,"10/02/05,12:00:00+00"',
        "two\nlines",
      ),
    );
    await dte.command("AT+CMGL\r", OK);
    await dte.command('AT+CMGL="STO SENT"\r', OK);
    await dte.command("AT+CSDH=1;+CMGR=1\r", info(`+CMGR: "REC READ",${one[0]},145,3`, one[1]));
    await dte.command("AT+CMGD=?\r", info("+CMGD: (1,2),(0-4)"));
    await dte.command("AT+CMGD=1\r", OK);
    await dte.command("AT+CMGR=1\r", cms(321));
    await dte.command("AT+CMGD=0,4\r", OK);
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",0,40,"SM",0,40,"SM",0,40'));
  });

  test("is read in PDU mode", async () => {
    const { dte, sms } = await quietModem();
    sms.receive({ from: "+46708251358", text: "hellohello" });
    const pdu = "07915155550501F0040B916407281553F80000012050210000000AE8329BFD4697D9EC37";
    await dte.expect(framed('+CMTI: "SM",1'));
    await dte.command("AT+CMGL=4\r", info("+CMGL: 1,0,,28", pdu));
    await dte.command("AT+CMGR=1\r", info("+CMGR: 1,,28", pdu));
    await dte.command('AT+CMGL="ALL"\r', cms(304));
    await dte.command("AT+CMGL=?\r", info("+CMGL: (0-4)"));
  });

  test("goes straight to the host with CNMI=2,2, and nowhere with CNMI=2,0 but the storage", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CNMI=2,2;+CMGF=1\r", OK);
    sms.receive({ from: "+1555", text: "now" });
    await dte.expect(framed('+CMT: "+1555",,"10/02/05,12:00:00+00"\r\nnow'));
    await dte.command("AT+CMGF=0\r", OK);
    sms.receive({ from: "+46708251358", text: "hellohello" });
    await dte.expect(framed("+CMT: ,28\r\n07915155550501F0040B916407281553F80000012050210000000AE8329BFD4697D9EC37"));
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",0,40,"SM",0,40,"SM",0,40'));
    await dte.command("AT+CNMI=2,0\r", OK);
    sms.receive({ from: "+1555", text: "quiet" });
    await dte.expectNothing();
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",1,40,"SM",1,40,"SM",1,40'));
  });

  test("waits while the host enters a message", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    sms.receive({ from: "+1", text: "x" });
    await dte.expectNothing();
    await dte.command(`${PDU}\x1a`, info("+CMGS: 0") + framed('+CMTI: "SM",1'));
  });

  test("is refused when the storage is full, when there is no network, and when it is no single message", async () => {
    const { sms, modem } = await quietModem();
    sms.storages = ["ME", "ME", "ME"];
    for (let count = 0; count < SMS_CAPACITY.ME; count++) expect(sms.receive({ from: "1", text: "x" })).toBe(true);
    expect(sms.receive({ from: "1", text: "x" })).toBe(false);
    sms.delete("ME", 7);
    expect(sms.receive({ from: "1", text: "new" })).toBe(true);
    expect(sms.get("ME", 7)?.text).toBe("new");
    modem.module.radio.move({ registration: "denied" });
    expect(sms.receive({ from: "1", text: "x" })).toBe(false);
    expect(() => sms.receive({ from: "1", text: "x".repeat(161) })).toThrow(RangeError);
  });

  test("CMGD spares what is unread unless told otherwise", async () => {
    const { dte, sms } = await quietModem();
    await dte.command("AT+CNMI=2,0\r", OK);
    sms.receive({ from: "1", text: "a" });
    sms.receive({ from: "1", text: "b" });
    sms.markRead("SM", 1);
    await dte.command("AT+CMGD=1,3\r", OK);
    expect(sms.list("SM").map(({ text }) => text)).toEqual(["b"]);
    await dte.command("AT+CMGD=41\r", cms(321));
    await dte.command("AT+CMGD=0\r", cms(321));
  });

  test("the storages are chosen one by one", async () => {
    const { dte, sms } = await quietModem();
    await dte.command('AT+CPMS="SM","SM","ME"\r', info("+CPMS: 0,40,0,40,0,23"));
    sms.receive({ from: "1", text: "a" });
    await dte.expect(framed('+CMTI: "ME",1'));
    await dte.command('AT+CPMS="ME"\r', info("+CPMS: 1,23,0,40,1,23"));
    await dte.command('AT+CPMS="XX"\r', ERROR);
    await dte.command("AT+CPMS=?\r", info('+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'));
  });
});

test.each([
  ["+CSMS?", info("+CSMS: 0,1,1,0")],
  ["+CSMS=0", info("+CSMS: 1,1,0")],
  ["+CSMS=1", ERROR],
  ["+CSCA?", info('+CSCA: "+15555550100",145')],
  ['+CSCA="27381",145;+CSCA?', info('+CSCA: "+27381",145')],
  ['+CSCA="x"', cms(305)],
  ["+CNMI?", info("+CNMI: 2,1,0,0,0")],
  ["+CNMI=3", ERROR],
  ["+CSMP?", info("+CSMP: 17,167,0,0")],
  ["+CSMP=49,1;+CSMP?", info("+CSMP: 49,1,0,0")],
  ["+CMMS=?", info("+CMMS: (0-2)")],
  ["+CSCS=?", info('+CSCS: ("IRA","GSM","UCS2")')],
  ['+CSCS="UCS2";+COPS?', info('+COPS: 0,0,"005400650073007400200050004C004D004E00200031002D0031",2')],
  ["+CUSD=1;+CUSD?", info("+CUSD: 1")],
  ['+CUSD=1,"*100#",15', framed("+CME ERROR: 4")],
  ["D*99#", framed("NO CARRIER")],
  ["D5551234;", OK],
  ["A", framed("NO CARRIER")],
  ["+CHUP", OK],
  ["T", OK],
  ["P", OK],
  ["&S1\\V1", OK],
  ["+FCLASS=0", OK],
  ["+FCLASS=1", ERROR],
  ["+CBST?", info("+CBST: 0,0,1")],
  ["+CRLP?", info("+CRLP: 61,61,48,6")],
  ["+WS46?", info("+WS46: 12")],
  ["+CLIP=1;+CLIP?", info("+CLIP: 1,1")],
  ["+CPAS", info("+CPAS: 0")],
  ["+CBC", info("+CBC: 0,94,4.145V")],
  ["+CNMP?", info("+CNMP: 2")],
  ["+CIPCLOSE=0", framed("+CIPCLOSE: 0,4") + ERROR],
])("AT%s", async (line, answer) => {
  const { dte } = await quietModem();
  dte.send(`AT${line}\r`);
  await dte.expect(answer);
  await dte.expectNothing();
});
