import { describe, expect, test } from "vitest";
import { framed, info, OK } from "../../../support/framing.ts";
import { cms, DELIVERED, messageModem, NOW, PROMPT, SUBMITTED } from "../../../support/message-modem.ts";

const DETAILS = '145,4,0,0,"+15555550100",145';

describe("what comes", () => {
  test("is stored from place 0 on and reported, listed, read and deleted in text mode", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGF=1\r", OK);
    expect(await sms.receive({ from: "+1555", text: "one" })).toBe(true);
    await dte.expect(framed('+CMTI: "SM",0'));
    await sms.receive({ from: "Operator", text: "two\nlines" });
    await dte.expect(framed('+CMTI: "SM",1'));
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",2,40,"SM",2,40,"SM",2,40'));
    const one = [`"+1555","",${NOW}`, "one"] as const;
    await dte.command("AT+CMGR=0\r", info(`+CMGR: "REC UNREAD",${one[0]}`, one[1]));
    await dte.command("AT+CMGR=0\r", info(`+CMGR: "REC READ",${one[0]}`, one[1]));
    await dte.command(
      'AT+CMGL="ALL"\r',
      info(`+CMGL: 0,"REC READ",${one[0]}`, one[1], `+CMGL: 1,"REC UNREAD","Operator","",${NOW}`, "two\nlines"),
    );
    await dte.command("AT+CMGL\r", OK);
    await dte.command('AT+CMGL="STO SENT"\r', OK);
    await dte.command("AT+CSDH=1;+CMGR=0\r", info(`+CMGR: "REC READ",${one[0]},${DETAILS},3`, one[1]));
    await dte.command("AT+CMGD=?\r", info("+CMGD: (0,1),(0-4)"));
    // Hosts send three digits.
    await dte.command("AT+CMGD=000\r", OK);
    await dte.command("AT+CMGR=0\r", OK);
    await dte.command("AT+CMGD=,4\r", OK);
    await dte.command("AT+CPMS?\r", info('+CPMS: "SM",0,40,"SM",0,40,"SM",0,40'));
  });

  test.each([
    ["a text of the GSM alphabet in IRA", "IRA", "hi é", "hi ?", 4],
    ["UCS2 as hexadecimal", "IRA", "я", "044F", 4],
    ["everything in UCS2", "UCS2", "hi", "00680069", 8],
  ])("%s, and its length counts what is printed", async (_, charset, text, printed, length) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGF=1;+CSDH=1;+CNMI=2,0;+CSCS="${charset}"\r`, OK);
    await sms.receive({ from: "5", text });
    dte.send("AT+CMGR=0\r");
    const number = charset === "UCS2" ? "0035" : "5";
    const coding = text === "я" ? 8 : 0;
    const head = `"${number}","",${NOW},129,4,0,${coding},"+15555550100",145,${length}`;
    await dte.expect(info(`+CMGR: "REC UNREAD",${head}`, printed));
  });

  test("is read in PDU mode", async () => {
    const { dte, sms } = await messageModem();
    await sms.receive({ from: "+46708251358", text: "hellohello" });
    await dte.expect(framed('+CMTI: "SM",0'));
    await dte.command("AT+CMGL=4\r", info('+CMGL: 0,0,"",28', DELIVERED));
    await dte.command("AT+CMGR=0\r", info('+CMGR: 1,"",28', DELIVERED));
    await dte.command('AT+CMGL="ALL"\r', cms(304));
    await dte.command("AT+CMGL=?\r", info("+CMGL: (0-4)"));
    await dte.command('AT+CMGF=1;+CMGL="some"\r', cms(305));
  });

  test.each([
    [2, undefined, "+CMT"],
    [2, 2, '+CMTI: "SM",0'],
    [3, 3, "+CMT"],
    [3, 1, '+CMTI: "SM",0'],
    [1, 3, '+CMTI: "SM",0'],
    [0, 0, "+CMT"],
    [0, 1, undefined],
  ])("with <mt> %j a message of class %j is reported as %j", async (mt, kind, report) => {
    const { dte, sms } = await messageModem();
    await dte.command(`AT+CMGF=1;+CNMI=2,${mt}\r`, OK);
    await sms.receive({ from: "+1555", text: "now", class: kind });
    if (report === "+CMT") await dte.expect(framed(`+CMT: "+1555","",${NOW}\r\nnow`));
    else if (report !== undefined) await dte.expect(framed(report));
    await dte.expectNothing();
    expect(sms.store.list("SM")).toHaveLength(report === "+CMT" ? 0 : 1);
  });

  test("goes straight to the host with its details, and as a PDU", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CNMI=2,2,0,0,0;+CMGF=1;+CSDH=1\r", OK);
    await sms.receive({ from: "+1555", text: "now" });
    await dte.expect(framed(`+CMT: "+1555","",${NOW},${DETAILS},3\r\nnow`));
    await dte.command("AT+CMGF=0\r", OK);
    await sms.receive({ from: "+46708251358", text: "hellohello" });
    await dte.expect(framed(`+CMT: ,28\r\n${DELIVERED}`));
  });

  test("with service 1 each has to be acknowledged before the next", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGF=1;+CNMI=2,2\r", OK);
    await dte.command("AT+CSMS=1\r", info("+CSMS: 1,1,0"));
    await dte.command("AT+CSMS?\r", info("+CSMS: 1,1,1,0"));
    await dte.command("AT+CNMA\r", cms(340));
    await sms.receive({ from: "+1555", text: "a".repeat(161) });
    await dte.expect(framed(`+CMT: "+1555","",${NOW}\r\n${partOfAs(1)}`));
    expect(await sms.receive({ from: "+1555", text: "later" })).toBe(false);
    await dte.expectNothing();
    await dte.command("AT+CNMA\r", OK);
    await dte.expect(framed(`+CMT: "+1555","",${NOW}\r\n${partOfAs(2)}`));
    await dte.command("AT+CNMA=0\r", OK);
    await dte.command("AT+CNMA=0\r", cms(340));
  });

  test("waits while the host enters a message", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGS=23\r", PROMPT);
    await sms.receive({ from: "1", text: "x" });
    await dte.expectNothing();
    await dte.command(`${SUBMITTED}\x1a`, info("+CMGS: 0") + framed('+CMTI: "SM",0'));
  });

  test("is refused when the storage is full, when there is no network, and while the module is off", async () => {
    const { sms, modem, dte } = await messageModem();
    await dte.command('AT+CNMI=2,0;+CPMS="ME","ME","ME"\r', info("+CPMS: 0,23,0,23,0,23"));
    for (let count = 0; count < 23; count++) expect(await sms.receive({ from: "1", text: "x" })).toBe(true);
    expect(await sms.receive({ from: "1", text: "x" })).toBe(false);
    await dte.expect(framed("+SMS_FULL"));
    await sms.store.remove("ME", [7]);
    expect(await sms.receive({ from: "1", text: "new" })).toBe(true);
    expect(sms.store.get("ME", 7)?.message).toMatchObject({ text: "new" });
    modem.module.radio.move({ registration: "denied" });
    expect(await sms.receive({ from: "1", text: "x" })).toBe(false);
    modem.module.radio.move({ registration: "home" });
    await modem.powerOff();
    expect(await sms.receive({ from: "1", text: "x" })).toBe(false);
  });
});

/** The octets of the parts of 161 times `a`, of a message with reference 0. */
function partOfAs(part: 1 | 2): string {
  // A header of 7 septets, of which one bit is left over; then eight septets of `a` in seven octets, again and again.
  const header = `0500030002${part === 1 ? "01" : "02"}`;
  return part === 1 ? `${header}C2${"E170381C0E87C3".repeat(19)}` : `${header}C2E170381C0E8701`;
}

describe("status reports", () => {
  test.each([
    ["+15555550142", 1000, '"10/02/05,12:00:01+00"'],
    // One to an own number is delivered after a second, and reported another second later.
    ["+15555550123", 2000, '"10/02/05,12:00:01+00"'],
  ])("to %s are printed after %i ms with <ds> 1", async (number, ms, delivered) => {
    const { dte, clock } = await messageModem();
    await dte.command("AT+CMGF=1;+CNMI=2,0,0,1;+CSMP=49,167,0,0\r", OK);
    await dte.command(`AT+CMGSO="${number}","x"\r`, info("+CMGSO: 0"));
    await clock.advance(ms - 1);
    await dte.expectNothing();
    await clock.advance(1);
    await dte.expect(framed(`+CDS: 6,0,"${number}",145,${NOW},${delivered},0`));
  });

  test("are printed as a PDU", async () => {
    const { dte, clock } = await messageModem();
    await dte.command("AT+CMGF=0;+CNMI=2,0,0,1;+CSMP=49\r", OK);
    await dte.command('AT+CMGSO="123","x"\r', info("+CMGSO: 0"));
    await clock.advance(1000);
    const time = "01205021000000";
    await dte.expect(framed(`+CDS: 21\r\n07915155550501F00600038121F3${time}0120502100100000`));
  });

  test("are stored with <ds> 2, apart from messages", async () => {
    const { dte, clock } = await messageModem();
    await dte.command("AT+CMGF=1;+CNMI=2,1,0,2;+CSMP=49\r", OK);
    await dte.command('AT+CMGSO="123","x"\r', info("+CMGSO: 0"));
    await clock.advance(1000);
    await dte.expect(framed('+CDSI: "SR",0'));
    await dte.command('AT+CPMS="SR"\r', info("+CPMS: 1,20,0,40,0,40"));
    await dte.command("AT+CMGR=0\r", info(`+CMGR: "REC UNREAD",6,0,"123",129,${NOW},"10/02/05,12:00:01+00",0`));
  });

  test("come to nobody with <ds> 0, and without being asked for", async () => {
    const { dte } = await messageModem();
    await dte.command("AT+CNMI=2,1,0,0;+CSMP=49\r", OK);
    await dte.command('AT+CMGSO="123","x"\r', info("+CMGSO: 0"));
    await dte.expectNothing(10_000);
    await dte.command("AT+CNMI=2,1,0,1;+CSMP=17\r", OK);
    await dte.command('AT+CMGSO="123","x"\r', info("+CMGSO: 1"));
    await dte.expectNothing(10_000);
  });
});
