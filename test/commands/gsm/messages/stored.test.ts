import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Nvram } from "../../../../src/module/settings/nvram.ts";
import { SystemDisk } from "../../../../src/platform/disk/system-disk.ts";
import { silentLog } from "../../../../src/platform/log.ts";
import { framed, info, OK } from "../../../support/framing.ts";
import { cms, DELIVERED, messageModem, NOW, PROMPT, SUBMITTED } from "../../../support/message-modem.ts";

describe("messages that the host stores", () => {
  test("are listed as unsent, sent as stored, and count as sent then", async () => {
    const { dte, sms } = await messageModem();
    await dte.command('AT+CMGF=1;+CMGW="+1555"\r', PROMPT);
    await dte.command("hello\x1a", info("+CMGW: 0"));
    await dte.command("AT+CMGR=0\r", info('+CMGR: "STO UNSENT","+1555",""', "hello"));
    await dte.command("AT+CMSS=0\r", info("+CMSS: 0"));
    await dte.command('AT+CMSS=0,"15556",145\r', info("+CMSS: 1"));
    expect(sms.sent).toMatchObject([
      { to: "+1555", text: "hello" },
      { to: "+15556", text: "hello" },
    ]);
    const details = ',145,17,0,0,167,"+15555550100",145,5';
    await dte.command("AT+CSDH=1;+CMGR=0\r", info(`+CMGR: "STO SENT","+1555",""${details}`, "hello"));
    await dte.command("AT+CMSSEX=0,0\r", info("+CMSSEX: 2,3"));
    await dte.command("AT+CMSSEX=0,1\r", cms(321));
    await dte.command("AT+CMSS=1\r", cms(321));
    await dte.command('AT+CMSS=0,"x"\r', cms(305));
  });

  test.each([
    ['"+1555",145,"STO SENT"', "STO SENT", ""],
    ['"+1555",,"rec read"', "REC READ", `,${NOW}`],
    ['"+1555",145,"REC UNREAD"', "REC UNREAD", `,${NOW}`],
  ])("AT+CMGW=%s", async (parameters, state, time) => {
    const { dte } = await messageModem();
    await dte.command(`AT+CMGF=1;+CMGW=${parameters}\r`, PROMPT);
    await dte.command("x\x1a", info("+CMGW: 0"));
    await dte.command("AT+CMGR=0\r", info(`+CMGR: "${state}","+1555",""${time}`, "x"));
  });

  test("without a number, and with one in the command line", async () => {
    const { dte } = await messageModem();
    await dte.command("AT+CMGF=1;+CMGW\r", PROMPT);
    await dte.command("x\x1a", info("+CMGW: 0"));
    await dte.command("AT+CMSS=0\r", cms(302));
    await dte.command('AT+CMSS=0,"1"\r', info("+CMSS: 0"));
    await dte.command('AT+CMGWO="1","y"\r', info("+CMGWO: 1"));
    await dte.command('AT+CMGL="STO UNSENT"\r', info('+CMGL: 1,"STO UNSENT","1",""', "y"));
  });

  test.each([
    ["23", SUBMITTED, `2,"",23\r\n07915155550501F0${SUBMITTED.slice(2)}`],
    ["23,3", SUBMITTED, `3,"",23\r\n07915155550501F0${SUBMITTED.slice(2)}`],
    ["28,1", DELIVERED, `1,"",28\r\n${DELIVERED}`],
  ])("in PDU mode: AT+CMGW=%s", async (parameters, pdu, read) => {
    const { dte } = await messageModem();
    await dte.command(`AT+CMGW=${parameters}\r`, PROMPT);
    await dte.command(`${pdu}\x1a`, info("+CMGW: 0"));
    await dte.command("AT+CMGR=0\r", info(`+CMGR: ${read}`));
  });

  test.each([
    ["0", "+CMGW=5", cms(304)],
    ["0", "+CMGW=23,4", cms(304)],
    ["0", "+CMGW", cms(304)],
    ["1", '+CMGW="1",129,"STO"', cms(305)],
    ["1", '+CMGW="x"', cms(305)],
    ["1", '+CMGWO="x","y"', cms(305)],
    ["1", '+CMGWEX="1",1,3,2', cms(305)],
  ])("CMGF=%s: AT%s is refused", async (mode, line, answer) => {
    const { dte } = await messageModem();
    await dte.command(`AT+CMGF=${mode};${line}\r`, answer);
  });

  test("do not fit into a full storage, nor into that of reports", async () => {
    const { dte, sms } = await messageModem();
    for (let count = 0; count < 40; count++) await sms.write({ ...STORED }, 2);
    await dte.command('AT+CMGWO="1","y"\r', cms(322));
    await dte.command('AT+CPMS="SM","SR"\r', info("+CPMS: 40,40,0,20,40,40"));
    await dte.command('AT+CMGWO="1","y"\r', cms(302));
  });
});

const STORED = {
  kind: "submit",
  to: "1",
  first: 17,
  protocol: 0,
  validity: "A7",
  coding: 0,
  header: "",
  text: "x",
} as const;

describe("reading", () => {
  test("CMGRO leaves the state, CMGMT changes it, CMGRD deletes", async () => {
    const { dte, sms } = await messageModem();
    await dte.command("AT+CMGF=1;+CNMI=2,0\r", OK);
    await sms.receive({ from: "1", text: "x" });
    const head = `"1","",${NOW}`;
    await dte.command("AT+CMGRO=0\r", info(`+CMGRO: "REC UNREAD",${head}`, "x"));
    await dte.command("AT+CMGMT=0\r", OK);
    await dte.command("AT+CMGRD=0\r", info(`+CMGRD: "REC READ",${head}`, "x"));
    await dte.command("AT+CMGRD=0\r", OK);
    await dte.command("AT+CMGMT=0\r", cms(321));
  });

  test.each(["+CMGR", "+CMGRO", "+CMGRD", "+CMGREX", "+CMGD"])(
    "%s: a place that is empty, and one that is none",
    async (name) => {
      const { dte } = await messageModem();
      await dte.command(`AT${name}=39\r`, OK);
      await dte.command(`AT${name}=40\r`, cms(321));
      await dte.command(`AT${name}=9999\r`, cms(321));
    },
  );

  test.each([
    ["0,1", ["unread", "unsent", "sent"]],
    [",2", ["unread", "unsent"]],
    ["7,3", ["unread"]],
    ["0,4", []],
    [",4", []],
    ["1", ["unread", "unsent", "sent"]],
  ])("CMGD=%s leaves %j", async (parameters, left) => {
    const { dte, sms } = await messageModem();
    for (const [status, text] of ["unread", "read", "unsent", "sent"].entries()) {
      await sms.write({ ...STORED, text }, status as 0);
    }
    await dte.command(`AT+CMGD=${parameters}\r`, OK);
    expect(sms.store.list("SM").map(({ message }) => message)).toMatchObject(left.map((text) => ({ text })));
  });

  test("MT shows the module's and the SIM's messages, one behind the other", async () => {
    const { dte } = await messageModem();
    await dte.command('AT+CMGF=1;+CMGWO="1","sim"\r', info("+CMGWO: 0"));
    await dte.command('AT+CPMS="MT","ME"\r', info("+CPMS: 1,63,0,23,1,40"));
    await dte.command('AT+CMGWO="1","module"\r', info("+CMGWO: 0"));
    await dte.command(
      'AT+CMGL="ALL"\r',
      info('+CMGL: 0,"STO UNSENT","1",""', "module", '+CMGL: 23,"STO UNSENT","1",""', "sim"),
    );
    await dte.command("AT+CMGR=63\r", cms(321));
  });
});

test("messages and the service centre outlive the program, in NVRAM", async () => {
  const directory = mkdtempSync(join(tmpdir(), "vmodem-sms-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const start = async () => messageModem({ nvram: await Nvram.open({ disk: new SystemDisk(), directory }, silentLog) });
  const first = await start();
  expect(await first.sms.receive({ from: "+1555", text: "kept я" })).toBe(true);
  await first.dte.expect(framed('+CMTI: "SM",0'));
  first.dte.send('AT+CSCA="+27381"\r');
  await expect.poll(() => first.sms.serviceCentre).toBe("+27381");
  const stored = first.sms.store.list("SM");
  await first.modem.close();
  const second = await start();
  expect(second.sms.store.list("SM")).toEqual(stored);
  expect(second.sms.serviceCentre).toBe("+27381");
  await second.modem.close();
});

test.each([
  [[]],
  [{ XX0: { status: 0, message: STORED } }],
  [{ SM40: { status: 0, message: STORED } }],
  [{ SM0: { status: 4, message: STORED } }],
  [{ SM0: { status: 0, message: { ...STORED, kind: "other" } } }],
  [{ SM0: { status: 0, message: { ...STORED, to: 1 } } }],
  [{ SR0: { status: 0, message: { kind: "report", to: "1", reference: 0, sent: {}, delivered: {}, status: 0 } } }],
])("what NVRAM holds of messages is dropped where it is wrong: %j", async (messages) => {
  const { sms } = await messageModem({ nvram: Nvram.inMemory({ messages }) });
  expect(sms.store.list("MT")).toEqual([]);
  expect(sms.store.list("SR")).toEqual([]);
});
