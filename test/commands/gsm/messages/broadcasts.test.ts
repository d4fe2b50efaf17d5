import { describe, expect, test } from "vitest";
import { framed, info, OK } from "../../../support/framing.ts";
import { modemOnMemory } from "../../../support/modem-on-memory.ts";

async function listening(setup: string) {
  const parts = await modemOnMemory();
  await parts.dte.command("ATE0+CMGF=1\r", `ATE0+CMGF=1\r${OK}`);
  await parts.dte.command(`AT${setup}\r`, OK);
  return { ...parts, broadcasts: parts.modem.module.broadcasts };
}

const STORM = { id: 50, serial: 4660, text: "Storm" };

describe("a broadcast", () => {
  test.each<readonly [setup: string, message: typeof STORM, lines: readonly string[]]>([
    ['+CSCB=0,"50";+CNMI=2,1,2', STORM, ["+CBM: 4660,50,15,1,1\r\nStorm"]],
    ['+CSCB=0,"0-999","15";+CNMI=2,1,2', STORM, ["+CBM: 4660,50,15,1,1\r\nStorm"]],
    ['+CSCB=1,"51";+CNMI=2,1,2', STORM, ["+CBM: 4660,50,15,1,1\r\nStorm"]],
    ["+CSCB=1;+CNMI=2,1,2", { ...STORM, text: "я" }, ["+CBM: 4660,50,72,1,1\r\n044F"]],
    ['+CSCB=0,"1,50";+CNMI=2,1,2;+CSCS="UCS2"', { ...STORM, text: "a" }, ["+CBM: 4660,50,15,1,1\r\n0061"]],
    [
      '+CSCB=0,"50";+CNMI=2,1,2',
      { ...STORM, text: "x".repeat(94) },
      [`+CBM: 4660,50,15,1,2\r\n${"x".repeat(93)}`, "+CBM: 4660,50,15,2,2\r\nx"],
    ],
    ['+CSCB=0,"50";+CNMI=2,1,2;+CMGF=0', { ...STORM, text: "я" }, [`+CBM: 88\r\n123400324811044F${"000D".repeat(40)}`]],
  ])("after AT%s: %j", async (setup, message, lines) => {
    const { dte, broadcasts } = await listening(setup);
    expect(broadcasts.receive(message)).toBe("printed");
    await dte.expect(lines.map(framed).join(""));
    await dte.expectNothing();
  });

  test.each([
    "",
    "+CNMI=2,1,2",
    '+CSCB=0,"50"',
    '+CSCB=0,"51,100-102";+CNMI=2,1,2',
    '+CSCB=0,"50","0-3";+CNMI=2,1,2',
    '+CSCB=1,"50";+CNMI=2,1,2',
    '+CSCB=1,"0-65535","15";+CNMI=2,1,2',
  ])("does not reach a host after AT%s", async (setup) => {
    const { dte, broadcasts } = await listening(setup);
    expect(broadcasts.receive(STORM)).toBe("unwanted");
    await dte.expectNothing();
  });

  test("is counted by the network without a serial number, and waits for a line that is typed", async () => {
    const { dte, broadcasts } = await listening('+CSCB=0,"50";+CNMI=2,1,2');
    dte.send("AT+CS");
    broadcasts.receive({ id: 50, text: "one" });
    broadcasts.receive({ id: 50, text: "two" });
    await dte.expectNothing();
    await dte.command(
      "Q\r",
      info("+CSQ: 22,0") + framed("+CBM: 1,50,15,1,1\r\none") + framed("+CBM: 2,50,15,1,1\r\ntwo"),
    );
  });

  test("does not reach a module without a network or power, and a restart forgets what was chosen", async () => {
    const { dte, broadcasts, modem } = await listening('+CSCB=0,"50";+CNMI=2,1,2');
    modem.module.radio.move({ registration: "none" });
    expect(broadcasts.receive(STORM)).toBe("unreachable");
    modem.module.radio.move({ registration: "home" });
    await modem.powerOff();
    expect(broadcasts.receive(STORM)).toBe("unreachable");
    await modem.powerOn();
    dte.take();
    await dte.command("ATE0+CNMI=2,1,2;+CSCB?\r", `ATE0+CNMI=2,1,2;+CSCB?\r${info('+CSCB: 0,"",""')}`);
    expect(broadcasts.receive(STORM)).toBe("unwanted");
  });

  test("of more than fifteen pages cannot be", async () => {
    const { broadcasts } = await listening('+CSCB=0,"50";+CNMI=2,1,2');
    expect(broadcasts.receive({ id: 50, text: "x".repeat(1396) })).toBe("too long");
  });
});
