import { describe, expect, test } from "vitest";
import { IDENTITIES, type IdentityName } from "../../../src/module/identity.ts";
import { cardInState, STANDARD_CARD } from "../../../src/module/sim.ts";
import { ERROR, framed, info, OK } from "../../support/framing.ts";
import { modemOnMemory } from "../../support/modem-on-memory.ts";

const CARD = { ...STANDARD_CARD, imsi: "310260123456789", iccid: "8944000000000000001", provider: "YES OPTUS" };

async function quietModem(options: Parameters<typeof modemOnMemory>[0] = {}) {
  const parts = await modemOnMemory({ sim: { inserted: CARD }, ...options });
  await parts.dte.command("ATE0\r", `ATE0\r${OK}`);
  return parts;
}

/** The name of the provider, filled up to 16 bytes, behind the byte that says how it is shown. */
const SPN = `01${Buffer.from("YES OPTUS").toString("hex").toUpperCase()}${"FF".repeat(7)}`;
const NUMBER = `${"FF".repeat(14)}07915155550521F3${"FF".repeat(4)}FFFF`;

describe("AT+CRSM", () => {
  test.each([
    ["ICCID", "176,12258,0,0,10", '144,0,"984400000000000000F1"'],
    ["IMSI", "176,28423,0,0,9", '144,0,"083901621032547698"'],
    ["provider", "176,28486,0,0,17", `144,0,"${SPN}"`],
    ["administrative data", "176,28589,0,0,4", '144,0,"00000003"'],
    ["preferred operators", "176,28464,0,0,24", `144,0,"00F110${"FF".repeat(21)}"`],
    ["own number", "178,28480,1,4,28", `144,0,"${NUMBER}"`],
    ["the whole file", "176,28589,0,0,0", '144,0,"00000003"'],
    ["a part of a file", "176,12258,0,1,2", '144,0,"4400"'],
    ["with data and path", '176,12258,0,0,1,"","3F00"', '144,0,"98"'],
    ["file's header", "192,28486,0,0,15", '144,0,"000000116F460400 1FFF000101 00"'.replaceAll(" ", "")],
    ["header of records", "192,28480,0,0,15", '144,0,"0000001C6F4004001FFF000102011C"'],
    ["status", "242", '144,0,"000000003F0001000000000009930000040083 8A838A"'.replaceAll(" ", "")],
    ["an unknown file", "176,28500,0,0,1", "106,130"],
    ["an offset past the end", "176,12258,0,10,1", "107,0"],
    ["more than there is", "176,12258,0,9,2", "103,0"],
    ["a record of another length", "178,28480,1,4,27", "103,0"],
    ["a record that is not there", "178,28480,2,4,28", "106,131"],
    ["the next record", "178,28480,1,2,28", "107,0"],
    ["a record of a transparent file", "178,12258,1,4,10", "105,129"],
    ["bytes of a file of records", "176,28480,0,0,10", "105,129"],
    ["writing bytes", '214,28486,0,0,1,"00"', "105,130"],
    ["writing a record", '220,28480,1,4,28,"00"', "105,130"],
  ])("%s: %s", async (_, parameters, answer) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CRSM=${parameters}\r`, info(`+CRSM: ${answer}`));
  });

  test.each(["", "177,12258,0,0,1", "176,65536", "176,12258,256", "176,12258,0,0,1,2,3,4"])(
    "wrong: %s",
    async (line) => {
      const { dte } = await quietModem();
      await dte.command(`AT+CRSM=${line}\r`, ERROR);
    },
  );

  test("without a file only the status can be asked", async () => {
    const { dte } = await quietModem();
    await dte.command("AT+CRSM=176\r", framed("+CME ERROR: incorrect parameters"));
  });

  test("before the PIN is given only the identity of the card can be read", async () => {
    const { dte } = await quietModem({ sim: { inserted: cardInState("pin", "1234", CARD) } });
    await dte.command("AT+CRSM=176,12258,0,0,10\r", info('+CRSM: 144,0,"984400000000000000F1"'));
    await dte.command("AT+CRSM=176,28423,0,0,9\r", info("+CRSM: 105,130"));
    await dte.command("AT+CPIN=1234\r", OK);
    expect(dte.take()).toContain("+CPIN: READY");
    await dte.command("AT+CRSM=176,28423,0,0,9\r", info('+CRSM: 144,0,"083901621032547698"'));
  });

  test("what the module writes on the card is read there", async () => {
    const { dte, modem } = await quietModem();
    await dte.command('AT+CPOL=3,2,"310410"\r', OK);
    await dte.command("AT+CRSM=176,28464,0,0,9\r", info('+CRSM: 144,0,"00F110FFFFFF130014"'));
    await modem.patch({ sim: { provider: "X" } });
    await dte.command("AT+CRSM=176,28486,0,0,3\r", info('+CRSM: 144,0,"0158FF"'));
  });

  test("an empty slot", async () => {
    const { dte } = await quietModem({ sim: { inserted: undefined } });
    await dte.command("AT+CRSM=176,12258,0,0,10\r", framed("+CME ERROR: SIM not inserted"));
    await dte.command('AT+CSIM=10,"A0C000000F"\r', framed("+CME ERROR: SIM not inserted"));
  });
});

describe("AT+CSIM", () => {
  /** Commands to the card, and its answers. */
  const DIALOGUES: Readonly<Record<string, readonly (readonly [command: string, answer: string])[]>> = {
    "a file of the old class": [
      ["A0A40000022FE2", "9F0E"],
      ["A0C000000E", "0000000A2FE204000FFF000101009000"],
      ["A0B000000A", "984400000000000000F19000"],
    ],
    "a file of the new class": [
      ["00A4000C022FE2", "610E"],
      ["00B0000002", "98449000"],
    ],
    "a record": [
      ["00A40000026F40", "610F"],
      ["00B201041C", `${NUMBER}9000`],
    ],
    "by a path": [
      ["00A40804047F206F07", "610E"],
      ["00B0000009", "0839016210325476989000"],
    ],
    "an application by its name": [
      ["00A4040007A0000000871002", "6116"],
      ["00B0000001", "6A82"],
    ],
    "a directory": [
      ["A0A40000027F20", "9F16"],
      ["A0F2000016", "000000007F20020000000000099300000400838A838A9000"],
    ],
    "a file that is not there leaves the one before": [
      ["00A40000022FE2", "610E"],
      ["00A40000026F99", "6A82"],
      ["00B0000001", "989000"],
    ],
    "tries of the PINs and their PUKs": [
      ["0020000100", "63C3"],
      ["002C000100", "63CA"],
      ["0020008100", "63C3"],
      ["002C008100", "63CA"],
    ],
    "without a length": [["00200001", "63C3"]],
    "a PIN": [["00200001083132333400000000", "6D00"]],
    "an instruction that no card has": [
      ["00FF000000", "6A82"],
      ["00A40000022FE2", "610E"],
      ["00FF000000", "6D00"],
    ],
    "a class that no card has": [["FFA40000022FE2", "6E00"]],
    "a selection of nothing": [["00A4000000", "6700"]],
  };

  test.each(Object.entries(DIALOGUES))("%s", async (_, exchanges) => {
    const { dte } = await quietModem();
    for (const [command, answer] of exchanges) {
      await dte.command(`AT+CSIM=${command.length},"${command}"\r`, info(`+CSIM: ${answer.length}, ${answer}`));
    }
  });

  test.each(['10,"A0C00000"', '8,"A0C000XY"', '9,"A0C000000"'])("incorrect parameters: %s", async (line) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CSIM=${line}\r`, framed("+CME ERROR: incorrect parameters"));
  });

  test.each(["", "4", '4,"A0A4"', `600,"${"0".repeat(600)}"`])("wrong: %s", async (line) => {
    const { dte } = await quietModem();
    await dte.command(`AT+CSIM=${line}\r`, ERROR);
  });

  test("a wrong PIN shows in the tries; a restart selects the master file", async () => {
    const { dte, modem } = await quietModem({ sim: { inserted: cardInState("pin", "1234", CARD) } });
    await dte.command("AT+CPIN=9999\r", framed("+CME ERROR: incorrect password"));
    await dte.command('AT+CSIM=10,"0020000100"\r', info("+CSIM: 4, 63C2"));
    await dte.command('AT+CSIM=14,"00A40000022FE2"\r', info("+CSIM: 4, 610E"));
    await modem.reset();
    await dte.command("ATE0\r", `ATE0\r${OK}`);
    await dte.command('AT+CSIM=10,"00B0000001"\r', info("+CSIM: 4, 6A82"));
  });
});

test.each(Object.keys(IDENTITIES) as IdentityName[])("%s answers the test forms with OK alone", async (identity) => {
  const { dte } = await quietModem({ identity });
  await dte.command("AT+CRSM=?;+CSIM=?\r", OK);
});
