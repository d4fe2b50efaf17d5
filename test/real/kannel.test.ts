import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { freePorts } from "../support/free-port.ts";
import { startHost, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { askControl, startModem } from "./start-modem.ts";

const WAIT = { timeout: 30_000, interval: 100 };

/** A gateway with one modem, which answers each message with its first word. */
const configuration = (port: string, admin: number, boxes: number, http: number) => `group = core
admin-port = ${admin}
admin-password = secret
admin-interface = 127.0.0.1
smsbox-port = ${boxes}
box-allow-ip = 127.0.0.1

group = smsc
smsc = at
modemtype = generic
device = ${port}
speed = 115200

group = modems
id = generic
name = generic

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${http}
sendsms-interface = 127.0.0.1
global-sender = 12345

group = sendsms-user
username = tester
password = secret

group = sms-service
keyword = default
text = "you said %k"
`;

describe.skipIf(locate("bearerbox") === undefined)("kannel", () => {
  test("takes the modem for its own, sends what it is asked to, and answers what comes", async () => {
    const modem = await startModem("--control", "0");
    const folder = await temporaryFolder();
    const [admin = 0, boxes = 0, http = 0] = await freePorts(3);
    await writeFile(join(folder, "kannel.conf"), configuration(modem.port, admin, boxes, http));
    const box = (name: string) => startHost(name, ["-v", "0", join(folder, "kannel.conf")]);
    const bearer = box("bearerbox");
    await vi.waitFor(() => expect(bearer()).toContain("AT SMSC successfully opened"), WAIT);
    box("smsbox");

    const message = new URLSearchParams({ username: "tester", password: "secret", to: "+15555550142", text: "hello" });
    const accepted = async () => (await fetch(`http://127.0.0.1:${http}/cgi-bin/sendsms?${message}`)).text();
    expect(await vi.waitFor(accepted, WAIT)).toBe("0: Accepted for delivery");
    await vi.waitFor(async () => expect(await sent()).toEqual([["+15555550142", "hello"]]), WAIT);

    await askControl(modem, "POST", "/sms", { from: "+15555550199", text: "what is up" });
    const answer = ["+15555550199", "you said what"];
    await vi.waitFor(async () => expect((await sent()).at(-1)).toEqual(answer), WAIT);
    expect(bearer()).not.toMatch(/ERROR: AT2/);

    async function sent() {
      const { sent } = await askControl<{ sent: { to: string; text: string }[] }>(modem, "GET", "/sms");
      return sent.map(({ to, text }) => [to, text]);
    }
  });
});
