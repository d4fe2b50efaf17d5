import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runHost, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { askControl, startModem } from "./start-modem.ts";

/** A modem, and gnokii's AT driver at its port. */
async function openGnokii() {
  const modem = await startModem("--control", "0");
  const folder = await temporaryFolder();
  const configuration = join(folder, "gnokiirc");
  await writeFile(configuration, `[global]\nport = ${modem.port}\nmodel = AT\nconnection = serial\n[flags]\n`);
  /** Runs it with a text as its input, and gives all that it prints. */
  const gnokii = async (input: string, ...args: readonly string[]) => {
    const file = join(folder, "input");
    await writeFile(file, input);
    const command = 'file=$1; shift; exec gnokii --config "$@" <"$file"';
    const { output, errors } = await runHost("sh", ["-c", command, "sh", file, configuration, ...args]);
    return (output + errors).replaceAll(/ +: /g, ": ");
  };
  return { modem, gnokii };
}

describe.skipIf(locate("gnokii") === undefined)("gnokii", () => {
  test("identifies the module, and shows the state of a phone", async () => {
    const { gnokii } = await openGnokii();
    expect(await gnokii("", "--identify")).toMatch(/IMEI: 351602000330570\n[\s\S]*Model: SIMCOM_WCDMA\n/);
    const phone = await gnokii("", "--monitor", "once");
    for (const line of ["RFLevel: 22", "SMS Messages: Unread 0, Number 0", "CALL0: IDLE"]) {
      expect(phone).toContain(`${line}\n`);
    }
  });

  test("sends a short message", async () => {
    const { modem, gnokii } = await openGnokii();
    expect(await gnokii("hello", "--sendsms", "+15555550142")).toContain("Send succeeded with reference 0!");
    const { sent } = await askControl<{ sent: object[] }>(modem, "GET", "/sms");
    expect(sent).toEqual([expect.objectContaining({ to: "+15555550142", text: "hello" })]);
  });

  test("reads a message that came, and deletes it", async () => {
    const { modem, gnokii } = await openGnokii();
    await askControl(modem, "POST", "/sms", { from: "+15555550142", text: "hello gnokii" });
    const message = await gnokii("", "--getsms", "SM", "0");
    expect(message).toContain("Sender: +15555550142");
    expect(message).toContain("hello gnokii");
    await gnokii("", "--deletesms", "SM", "0");
    expect(await askControl(modem, "GET", "/sms")).toMatchObject({ stored: [] });
  });

  test("writes a name into the phone book, and reads it", async () => {
    const { gnokii } = await openGnokii();
    expect(await gnokii("Ann;+15555550142;SM;1;5\n", "--writephonebook")).toContain("Write Succeeded");
    expect(await gnokii("", "--getphonebook", "SM", "1")).toMatch(/1\. Name: Ann\n[\s\S]*Number: \+15555550142\n/);
  });

  test("calls", async () => {
    const { modem, gnokii } = await openGnokii();
    await gnokii("", "--dialvoice", "+15555550142");
    const { calls } = await askControl<{ calls: object[] }>(modem, "GET", "/calls");
    expect(calls).toEqual([expect.objectContaining({ direction: "outgoing", number: "+15555550142" })]);
  });
});
