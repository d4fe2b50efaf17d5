import { describe, expect, test } from "vitest";
import { cardInState } from "../../src/module/sim.ts";
import { ERROR, framed, info, OK } from "../support/framing.ts";
import { modemOnMemory } from "../support/modem-on-memory.ts";

const WRONG = framed("+CME ERROR: 16");
const NOT_ALLOWED = framed("+CME ERROR: 3");
const READY = `${framed("+CPIN: READY")}${framed("SMS DONE")}${framed("PB DONE")}`;

async function withSim(state: "ready" | "pin" | "puk" | "absent", pin?: string) {
  const modem = await modemOnMemory({ sim: { inserted: cardInState(state, pin) } });
  await modem.dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  return modem;
}

/** Lines without AT and CR, and what they answer. */
type Row = readonly [
  name: string,
  sim: "ready" | "pin" | "puk" | "absent",
  ...exchanges: readonly (readonly [line: string, answer: string])[],
];

const rows: readonly Row[] = [
  [
    "the right PIN opens",
    "pin",
    ["+CPIN?", info("+CPIN: SIM PIN")],
    ["+CPIN=1234", OK + READY],
    ["+CPIN?", info("+CPIN: READY")],
  ],
  ["a quoted PIN too", "pin", ['+CPIN="1234"', OK + READY]],
  ["a ready SIM asks for none", "ready", ["+CPIN=1234", NOT_ALLOWED], ['+CPIN="12345678","1234"', NOT_ALLOWED]],
  [
    "three wrong PINs lead to the PUK",
    "pin",
    ["+SPIC", info("+SPIC: 3,10,3,10")],
    ["+CPIN=0000", WRONG],
    ["+CPIN=0000", WRONG],
    ["+SPIC", info("+SPIC: 1,10,3,10")],
    ["+CPIN=0000", WRONG + framed("+CPIN: SIM PUK")],
    ["+CPIN?", info("+CPIN: SIM PUK")],
    ["+CPIN=1234", WRONG],
  ],
  [
    "the right PIN restores the tries",
    "pin",
    ["+CPIN=0000", WRONG],
    ["+CPIN=1234", OK + READY],
    ["+SPIC", info("+SPIC: 3,10,3,10")],
  ],
  [
    "the PUK sets a new PIN",
    "puk",
    ['+CPIN="12345678","4321"', OK + READY],
    ['+CLCK="SC",0,"1234"', WRONG],
    ['+CLCK="SC",0,"4321"', OK],
  ],
  [
    "the PUK wants a new PIN that can be one",
    "puk",
    ['+CPIN="12345678"', WRONG],
    ['+CPIN="12345678","12"', WRONG],
    ["+SPIC", info("+SPIC: 0,10,3,10")],
  ],
  [
    "a PIN and a new one are no way around the PIN",
    "pin",
    ['+CPIN="12345678","4321"', WRONG],
    ["+CPIN?", info("+CPIN: SIM PIN")],
    ["+SPIC", info("+SPIC: 3,10,3,10")],
  ],
  [
    "ten wrong PUKs block the SIM for good",
    "puk",
    ...Array.from({ length: 10 }, () => ['+CPIN="00000000","4321"', WRONG] as const),
    ["+CPIN?", framed("+CME ERROR: 13")],
    ['+CPIN="12345678","4321"', framed("+CME ERROR: 13")],
    ["+CICCID", framed("+CME ERROR: 13")],
    ["+CIMI", framed("+CME ERROR: 13")],
  ],
  [
    "no SIM",
    "absent",
    ["+CPIN?", framed("+CME ERROR: 10")],
    ["+CPIN=1234", framed("+CME ERROR: 10")],
    ["+CICCID", framed("+CME ERROR: 10")],
    ["+SPIC", framed("+CME ERROR: 10")],
  ],
  [
    "CLCK asks, locks and unlocks",
    "ready",
    ['+CLCK="SC",2', info("+CLCK: 0")],
    ['+CLCK="SC",1', WRONG],
    ['+CLCK="SC",1,"0000"', WRONG],
    ['+CLCK="SC",1,"1234"', OK],
    ['+CLCK="SC",2', info("+CLCK: 1")],
    ["+CPIN?", info("+CPIN: READY")],
    ['+CLCK="SC",0,1234', OK],
    ['+CLCK="SC",2', info("+CLCK: 0")],
    ['+CLCK="AO",2', ERROR],
    ["+CLCK=?", info('+CLCK: ("SC")')],
  ],
  [
    "CPWD changes the PIN of a locked SIM only",
    "ready",
    ['+CPWD="SC","1234","4321"', NOT_ALLOWED],
    ['+CLCK="SC",1,"1234"', OK],
    ['+CPWD="SC","0000","4321"', WRONG],
    ['+CPWD="SC","1234","43"', WRONG],
    ['+CPWD="SC","1234","4321"', OK],
    ['+CLCK="SC",0,"1234"', WRONG],
    ['+CLCK="SC",0,"4321"', OK],
    ["+CPWD=?", info('+CPWD: ("SC",8)')],
  ],
  [
    "wrong PINs in CLCK count, too",
    "ready",
    ['+CLCK="SC",1,"0"', WRONG],
    ['+CLCK="SC",1,"0"', WRONG],
    ['+CLCK="SC",1,"0"', WRONG + framed("+CPIN: SIM PUK")],
  ],
  [
    "what is on the card",
    "ready",
    ["+CIMI", info("001010123456789")],
    ["+CICCID", info("+ICCID: 89001010123456789016")],
    ["+CNUM", info('+CNUM: ,"+15555550123",145')],
    ["+CPIN2?", info("+CPIN2: READY")],
  ],
  [
    "the card is known before its PIN",
    "pin",
    ["+CICCID", info("+ICCID: 89001010123456789016")],
    ["+CIMI", framed("+CME ERROR: 11")],
  ],
];

describe("the SIM", () => {
  test.each(rows.map(([name, sim, ...exchanges]) => [name, sim, exchanges] as const))(
    "%s",
    async (_, sim, exchanges) => {
      const { dte } = await withSim(sim);
      for (const [line, answer] of exchanges) await dte.command(`AT${line}\r`, answer);
      await dte.expectNothing();
    },
  );

  test("a restart asks for the PIN again, and remembers the tries", async () => {
    const { dte, modem } = await withSim("pin");
    await dte.command("AT+CPIN=0000\r", WRONG);
    await dte.command("AT+CRESET\r", OK + framed("START") + framed("+CPIN: SIM PIN"));
    await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
    await dte.command("AT+SPIC\r", info("+SPIC: 2,10,3,10"));
    await dte.command("AT+CPIN=1234\r", OK + READY);
    await modem.reset();
    await dte.command("AT+CPIN?\r", `AT+CPIN?\r${info("+CPIN: SIM PIN")}`);
  });

  test("a blocked SIM is replaced by another one, which is told", async () => {
    const { dte, modem } = await withSim("puk");
    for (let tries = 0; tries < 10; tries++) await modem.module.sim.enterPuk("00000000", "1234");
    expect(modem.module.sim.state).toBe("blocked");
    const states: string[] = [];
    modem.module.sim.changed.add((state) => states.push(state));
    await modem.module.sim.insert(undefined);
    await modem.module.sim.insert(cardInState("ready", "9999"));
    expect(states).toEqual(["absent", "ready"]);
    await dte.expect(READY);
    await dte.command('AT+CLCK="SC",1,"9999"\r', OK);
  });
});
