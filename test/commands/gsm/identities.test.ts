import { test } from "vitest";
import type { IdentityName } from "../../../src/module/identity.ts";
import { STANDARD_CARD } from "../../../src/module/sim.ts";
import { ERROR, info, OK, socketContexts } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const ICCID = STANDARD_CARD.iccid;

const ROWS: readonly (readonly [IdentityName, string, string])[] = [
  ["sim5320", "+CCID", info(`+ICCID: ${ICCID}`)],
  ["sim5320", "+CICCID", info(`+ICCID: ${ICCID}`)],
  ["sim5218", "+CCID", info(`+CCID: "${ICCID}"`)],
  ["sim5218", "+CICCID", ERROR],
  ["sim5216", "+CCID", info(`+CCID: "${ICCID}"`)],
  ["sim5216", "+CICCID", ERROR],
  ["sim5218", "+CPSI?", ERROR],
  ["sim5218", "+CNMP?", ERROR],
  ["sim5216", "+CNMP?", info("+CNMP: 2")],
  ["wcdma", "+CNMP=?", info("+CNMP: (2,13,14)")],
  ["wcdma", "+CNMP=14;+CNMP?", info("+CNMP: 14")],
  ["wcdma", "+CNMP=38", ERROR],
  ["wcdma", "+CBC=?", info("+CBC: (0),(0-100)")],
  ["sim5216", "+CBC=?", info("+CBC: (0-3),(0-100)")],
  ["sim5360", "+CCID", info(`+ICCID: ${ICCID}`)],
  ["sim5320", "+GCAP", info("+GCAP: +CGSM,+DS,+ES")],
  ["wcdma", "+CGAUTH=?", info("+CGAUTH: (1-16),(0-3),,")],
  ["wcdma", '+CGAUTH=1,1,"password","user";+CGAUTH?', info('+CGAUTH: 1,1,"user"')],
  ["wcdma", '+CGAUTH=1,0,"user","password";+CGAUTH?', OK],
  ["wcdma", '+CGAUTH=17,1,"p","u"', ERROR],
  ["wcdma", "+CGAUTH=1,4", ERROR],
  ["wcdma", "+CGSOCKCONT?", socketContexts({})],
  [
    "wcdma",
    "+CGSOCKCONT=?",
    info(
      '+CGSOCKCONT: (1-16),"IP",,,(0,1),(0,1)\r\n+CGSOCKCONT: (1-16),"PPP",,,(0,1),(0,1)\r\n+CGSOCKCONT: (1-16),"IPV6",,,(0,1),(0,1)',
    ),
  ],
  ["wcdma", '+CGSOCKCONT=1,"IP","a","0.0.0.0",2', ERROR],
  ["wcdma", '+CGDCONT=1,"IP","a","0.0.0.0",2,4;+CGDCONT?', info('+CGDCONT: 1,"IP","a","0.0.0.0",2,4')],
  ["wcdma", '+CGDCONT=1,"IP","a","0.0.0.0",2,4;+CGDCONT=1,"IP";+CGDCONT?', info('+CGDCONT: 1,"IP","","0.0.0.0",0,0')],
];

test.each(ROWS)("%s: AT%s", async (identity, line, answer) => {
  const { dte } = await modemOnMemory({ identity });
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  dte.send(`AT${line}\r`);
  await dte.expect(answer);
  await dte.expectNothing();
});

test("an identity of 19 digits is filled up to 20", async () => {
  const { dte } = await modemOnMemory({ sim: { inserted: { ...STANDARD_CARD, iccid: "8944000000000000001" } } });
  await dte.command("ATE0\r", `ATE0\r${OK}`);
  await dte.command("AT+CCID\r", info("+ICCID: 8944000000000000001F"));
});
