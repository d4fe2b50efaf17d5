import { expect, test } from "vitest";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { cms, messageModem } from "../../../support/message-modem.ts";

test.each([
  ["+CSMS?", info("+CSMS: 0,1,1,0")],
  ["+CSMS=0", info("+CSMS: 1,1,0")],
  ["+CSMS=2", ERROR],
  ["+CSMS=?", info("+CSMS: (0,1)")],
  ["+CSCA?", info('+CSCA: "+15555550100",145')],
  ['+CSCA="27381",145;+CSCA?', info('+CSCA: "+27381",145')],
  ['+CSCA="x"', cms(305)],
  ["+CSCA=?", OK],
  ["+CSMP=?", OK],
  ["+CNMI?", info("+CNMI: 2,1,0,0,0")],
  ["+CNMI=3", ERROR],
  ["+CNMI=0,0,0,0,0;+CNMI?", info("+CNMI: 0,0,0,0,0")],
  ["+CNMI=0,0;+CNMI;+CNMI?", info("+CNMI: 2,1,0,0,0")],
  ["+CNMI=?", info("+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)")],
  ["+CNMA=3", ERROR],
  ["+CMVP=5;+CSMP?", info("+CSMP: 17,5,0,0")],
  ["+CMVP=?", info("+CMVP: (0-255)")],
  ["+CMVP?", info("+CMVP: 167")],
  ['+CSCB=0,"50,100-102","0-3";+CSCB?', info('+CSCB: 0,"50,100-102","0-3"')],
  ['+CSCB=0,"x"', cms(305)],
  ["+CSCB=?", info("+CSCB: (0,1)")],
  ["+CSALPHA=1;+CSALPHA?", info("+CSALPHA: 1")],
  ["+CPMS=?", info('+CPMS: ("ME","MT","SM","SR"),("ME","MT","SM","SR"),("ME","SM")')],
  ['+CPMS="XX"', ERROR],
  ['+CPMS="SM","SM","MT"', ERROR],
  ["+CMGD", ERROR],
  ["+CMGD=0,5", ERROR],
  ["+CMSS=?", OK],
  ["+CMSSEX=0,0,0,0,0,0,0,0,0,0,0,0,0,0", ERROR],
  ["+CSMP?", info("+CSMP: 17,167,0,0")],
  ["+CSMP=49,1;+CSMP?", info("+CSMP: 49,1,0,0")],
  ["+CMMS=?", info("+CMMS: (0-2)")],
  ["+CSCS=?", info('+CSCS: ("IRA","GSM","UCS2")')],
  ['+CSCS="UCS2";+COPS?', info('+COPS: 0,0,"005400650073007400200050004C004D004E00200031002D0031",2')],
  ["D*98#", framed("NO CARRIER")],
  ["D5551234;", OK],
  ["A", framed("NO CARRIER")],
  ["+CHUP", OK],
  ["T", OK],
  ["P", OK],
  ["&S1\\V1", OK],
  ["+FCLASS=0", OK],
  ["+FCLASS=1", ERROR],
  ["+CBST?", info("+CBST: 0,0,1")],
  ["+CBST=?", info("+CBST: (0-134),(0),(0-3)")],
  ["+CRLP?", info("+CRLP: 61,61,48,6")],
  ["+WS46?", info("+WS46: 12")],
  ["+CLIP=1;+CLIP?", info("+CLIP: 1,1")],
  ["+CPAS", info("+CPAS: 0")],
  ["+CBC", info("+CBC: 0,94,4.145V")],
  ["+CNMP?", info("+CNMP: 2")],
  ["+CIPCLOSE=0", framed("+CIPCLOSE: 0,4") + ERROR],
])("AT%s", async (line, answer) => {
  const { dte } = await messageModem();
  dte.send(`AT${line}\r`);
  await dte.expect(answer);
  await dte.expectNothing();
});

const LATER = ["+CMGRO", "+CMGRD", "+CMGMT", "+CMGSO", "+CMGWO", "+CMSSEX", "+CMGSEX", "+CMGREX", "+CMGWEX"];

test.each(["sim5218", "sim5216"] as const)("%s lacks what came with SIM5320", async (identity) => {
  const { dte } = await messageModem({ identity });
  for (const name of [...LATER, "+CMGENREF", "+CSALPHA", "+CNMA"]) await dte.command(`AT${name}=?\r`, ERROR);
  await dte.command("AT+CMGW=?\r", OK);
  await dte.command("AT+CSMS=?\r", info("+CSMS: (0,1)"));
});

test("errors have their text", async () => {
  const { dte } = await messageModem();
  await dte.command("AT+CMEE=2;+CMGS=5\r", framed("+CMS ERROR: Invalid PDU mode parameter"));
});

test("without a SIM they are those of messages", async () => {
  const { dte, modem } = await messageModem();
  await modem.patch({ sim: { state: "absent" } });
  await dte.command("AT+CMGR=0\r", cms(310));
  expect(await modem.module.sms.receive({ from: "1", text: "x" })).toBe(false);
});
