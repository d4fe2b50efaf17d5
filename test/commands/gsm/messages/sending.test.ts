import { describe, expect, test } from "vitest";
import { framed, info, OK } from "../../../support/framing.ts";
import { cms, DELIVERED, messageModem, NOW, OWN, PROMPT, SUBMITTED } from "../../../support/message-modem.ts";

describe("sending", () => {
  test("in PDU mode", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${SUBMITTED}\x1a`, info("+CMGS: 0"));
    await dte.command("AT+CMGS=23\r\n", PROMPT);
    await dte.command(`${SUBMITTED.toLowerCase()}\x1a\r\n`, info("+CMGS: 1"));
    const sent = { to: "+46708251358", text: "hellohello" };
    expect(sms.sent).toMatchObject([
      { ...sent, reference: 0 },
      { ...sent, reference: 1 },
    ]);
  });

  test.each([
    ["a length that is not the PDU's", "22", SUBMITTED],
    ["no hexadecimal", "23", `${SUBMITTED.slice(0, -1)}G`],
    ["half an octet", "23", SUBMITTED.slice(0, -1)],
    ["a message that comes", "28", DELIVERED],
    ["nothing", "23", ""],
  ])("in PDU mode: %s is 304", async (_, length, entered) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGS=${length}\r`, PROMPT);
    await dte.command(`${entered}\x1a`, cms(304));
    expect(sms.sent).toEqual([]);
  });

  test.each(["6", "165", "x", '"+1555"'])("in PDU mode AT+CMGS=%s is 304 without a prompt", async (length) => {
    const { dte } = await messageModem();
    await dte.command(`AT+CMGS=${length}\r`, cms(304));
  });

  test("in text mode, with echo, erasing and lines", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGF=1;E1\r", OK);
    await dte.command('AT+CMGS="+1555"\r', `AT+CMGS="+1555"\r${PROMPT}`);
    await dte.command("abd\bc\rd\x1a", `abd\b \bc\rd${info("+CMGS: 0")}`);
    expect(sms.sent).toMatchObject([{ to: "+1555", text: "abc\nd", reference: 0 }]);
  });

  test.each([
    ["IRA", "17,167,0,0", '"1555",145', "hi", { to: "+1555", text: "hi", coding: 0 }],
    ["IRA", "17,167,0,0", "1555", "hi", { to: "1555", text: "hi", coding: 0, validity: "A7" }],
    ["IRA", "1,167,5,0", "1555", "hi", { protocol: 5, validity: "" }],
    ["IRA", "17,167,0,16", "1555", "hi", { coding: 16 }],
    ["UCS2", "17,167,0,0", '"002B0031"', "044F", { to: "+1", text: "я", coding: 8 }],
    ["UCS2", "17,167,0,0", '"0035003500350031"', "044F", { to: "5551" }],
    ["UCS2", "17,167,0,0", "5551", "044F", { to: "5551" }],
    ["UCS2", "17,167,0,8", '"+1555"', "044F", { to: "+1555", text: "я", coding: 8 }],
    ["IRA", "17,167,0,8", '"+1555"', "044F", { text: "я", coding: 8 }],
    ["IRA", "17,167,0,4", '"+1555"', "41FF", { text: "A\xff", coding: 4 }],
    ["IRA", "81,167,0,4", '"+1555"', "050003BE020141", { text: "A", coding: 4, header: "0003BE0201" }],
    ["GSM", "17,167,0,0", '"1"', "user\x00a\x11b \x02\x05", { to: "1", text: "user@a_b $é" }],
    ["IRA", "17,167,0,0", '"1"', "user@a_b\x00\x02", { to: "1", text: "user@a_b" }],
  ])("in text mode in %s with CSMP=%s to %s", async (charset, parameters, number, entered, sent) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGF=1;+CSCS="${charset}";+CSMP=${parameters}\r`, OK);
    await dte.command(`AT+CMGS=${number}\r`, PROMPT);
    dte.send(`${entered}\x1a`);
    await dte.expect(info("+CMGS: 0"));
    expect(sms.sent).toMatchObject([{ ...sent, reference: 0 }]);
  });

  test.each([
    ["too long for one message", 0, "a".repeat(161)],
    ["longer than any", 0, "a".repeat(100_000)],
    ["no hexadecimal where the coding wants it", 8, "hello"],
    ["half a character", 8, "044F04"],
  ])("a text that is %s is 305", async (_, coding, text) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGF=1;+CSMP=17,167,0,${coding};+CMGS="1"\r`, PROMPT);
    await dte.command(`${text}\x1a`, cms(305));
    expect(sms.sent).toEqual([]);
  });

  test("ESC takes it back, and silence fails as a time-out", async () => {
    const { dte, sms, clock } = await messageModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${SUBMITTED}\x1b`, OK);
    await dte.command("AT+CMGS=23\r", PROMPT);
    await clock.advance(120_000);
    await dte.expect(cms(332));
    expect(sms.sent).toEqual([]);
  });

  test("without a network it is 331", async () => {
    const { dte, modem } = await messageModem();
    modem.module.radio.move({ registration: "searching" });
    await dte.command("AT+CMGS=23\r", PROMPT);
    await dte.command(`${SUBMITTED}\x1a`, cms(331));
  });

  test("in the command line", async () => {
    const { dte, sms } = await messageModem();
    await dte.command('AT+CMGSO="+1555","hello, \\22you\\22"\r', info("+CMGSO: 0"));
    expect(sms.sent).toMatchObject([{ to: "+1555", text: 'hello, "you"' }]);
    await dte.command(`AT+CMGSO="+1555","${"a".repeat(161)}"\r`, cms(305));
    await dte.command('AT+CMGSO="x","a"\r', cms(305));
  });
});

describe("in dialect field", () => {
  test("the reference comes 500 ms after the text, and each CR has a prompt of its own, without echo too", async () => {
    const { dte, clock } = await messageModem({ dialect: "field" });
    await dte.command("AT+CMGF=1\r", OK);
    dte.send('AT+CMGS="+1555"\r');
    await clock.advance(50);
    await dte.expect(PROMPT);
    await dte.command("hello\r\n\r\n", PROMPT + PROMPT);
    dte.send("\x1a");
    await dte.expectNothing(499);
    await clock.advance(1);
    await dte.expect(info("+CMGS: 0"));
  });

  test("PDU mode has one prompt", async () => {
    const { dte, clock } = await messageModem({ dialect: "field" });
    dte.send("AT+CMGS=23\r");
    await clock.advance(50);
    await dte.expect(PROMPT);
    await dte.command(`${SUBMITTED}\r`, "");
    await dte.expectNothing();
  });
});

describe("a message to an own number comes back", () => {
  test("after a second, with its coding", async () => {
    const { dte, sms } = await messageModem();
    await dte.command('AT+CMGF=1;+CSMP=17,167,0,8;+CMGS="15555550123"\r', PROMPT);
    await dte.command("044F\x1a", info("+CMGS: 0"));
    await dte.expectNothing(999);
    await dte.expect(framed('+CMTI: "SM",0'), { within: 1 });
    expect(sms.store.get("SM", 0)?.message).toMatchObject({ from: OWN, text: "я", coding: 8 });
  });

  test("when the module has a network and room again", async () => {
    const { dte, sms, modem, clock } = await messageModem();
    await dte.command("AT+CNMI=2,0\r", OK);
    for (let count = 0; count < 40; count++) await sms.receive({ from: "1", text: "x" });
    await dte.command(`AT+CMGSO="${OWN}","back"\r`, info("+CMGSO: 0"));
    await clock.advance(1000);
    await dte.expect(framed("+SMS_FULL"));
    modem.module.radio.move({ registration: "searching" });
    await dte.command("AT+CMGD=7\r", OK);
    expect(sms.store.get("SM", 7)).toBeUndefined();
    modem.module.radio.move({ registration: "home" });
    await clock.advance(0);
    expect(sms.store.get("SM", 7)?.message).toMatchObject({ text: "back" });
  });

  test("one that is on its way when the power goes arrives after the next start", async () => {
    const { dte, sms, modem, clock } = await messageModem();
    await dte.command(`AT+CMGSO="${OWN}","late"\r`, info("+CMGSO: 0"));
    await modem.powerOff();
    expect(clock.pendingAlarms).toBe(0);
    await clock.advance(60_000);
    expect(sms.store.list("SM")).toEqual([]);
    await modem.powerOn();
    await clock.advance(0);
    expect(sms.store.list("SM")).toMatchObject([{ message: { text: "late" } }]);
  });
});

describe("long messages", () => {
  test("part by part, and back again", async () => {
    const { dte, sms, clock } = await messageModem();
    await dte.command("AT+CMGF=1;+CNMI=2,0\r", OK);
    await dte.command("AT+CMGENREF\r", info("+CMGENREF:0"));
    await dte.command("AT+CMGENREF\r", info("+CMGENREF:1"));
    for (const [part, text] of ["one ", "two"].entries()) {
      await dte.command(`AT+CMGSEX="${OWN}",190,${part + 1},2\r`, PROMPT);
      await dte.command(`${text}\x1a`, info(`+CMGSEX: ${part}`));
    }
    await clock.advance(1000);
    expect(sms.store.list("SM").map(({ message }) => message)).toMatchObject([
      { header: "0003BE0201", text: "one " },
      { header: "0003BE0202", text: "two" },
    ]);
    const head = `"${OWN}","",${NOW}`;
    await dte.command("AT+CMGR=1\r", info(`+CMGR: "REC UNREAD",${head}`, "050003BE0202E8F737"));
    await dte.command("AT+CMGREX=1\r", info(`+CMGREX: "REC READ",${head},190,2,2`, "two"));
  });

  test.each([
    [`"${OWN}",145,190,1,2`, { to: OWN, header: "0003BE0201" }],
    ['"15555550123",145,190,2,2', { to: OWN, header: "0003BE0202" }],
    ["1555,,190,2,2", { to: "1555", header: "0003BE0202" }],
    ["1555", { to: "1555", header: "" }],
  ])("AT+CMGSEX=%s", async (parameters, sent) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGF=1;+CMGSEX=${parameters}\r`, PROMPT);
    await dte.command("a\x1a", info("+CMGSEX: 0"));
    expect(sms.sent).toMatchObject([sent]);
  });

  test.each(["1555,190,3,2", "1555,190,0,2", "1555,190,1", "1555,190", "x,190,1,2"])(
    "AT+CMGSEX=%s is 305",
    async (parameters) => {
      const { dte } = await messageModem();
      await dte.command(`AT+CMGSEX=${parameters}\r`, cms(305));
    },
  );

  test.each([
    ["153 characters fit into a part", "a".repeat(153), info("+CMGSEX: 0")],
    ["154 do not", "a".repeat(154), cms(305)],
  ])("%s", async (_, text, answer) => {
    const { dte } = await messageModem();
    await dte.command('AT+CMGF=1;+CMGSEX="1",1,1,2\r', PROMPT);
    await dte.command(`${text}\x1a`, answer);
  });

  test("a long text from the network comes in parts, each in a place of its own; parts wait for room", async () => {
    const { dte, sms, clock } = await messageModem();
    await dte.command("AT+CNMI=2,0\r", OK);
    for (let count = 0; count < 38; count++) await sms.receive({ from: "1", text: "x" });
    expect(await sms.receive({ from: "1", text: "a".repeat(400) })).toBe(true);
    await clock.advance(0);
    await dte.expect(framed("+SMS_FULL"));
    expect(
      sms.store
        .list("SM")
        .slice(38)
        .map(({ message }) => message),
    ).toMatchObject([{ text: "a".repeat(153) }, { text: "a".repeat(153) }]);
    await dte.command("AT+CMGD=0\r", OK);
    expect(sms.store.get("SM", 0)?.message).toMatchObject({ text: "a".repeat(94) });
  });
});
