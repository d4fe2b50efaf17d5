import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { EventPattern } from "../../../src/rig/pattern.ts";
import { openRig, withBrowser } from "./support/open-page.ts";

withBrowser();

/** A switch of the panel Modem. */
function control(page: Page, group: string | undefined, label: string) {
  const form = page.getByRole("form", { name: "State of m1" });
  const place = group === undefined ? form : form.getByRole("group", { name: group });
  return place.getByLabel(label, { exact: true });
}

describe("a switch of the panel Modem is felt on the serial line", () => {
  test.each<[string, string | undefined, string, string, EventPattern, string, string, string?]>([
    [
      "SIM",
      "sim",
      "state",
      "absent",
      { type: "state", what: "sim" },
      "AT+CMEE=1;+CPIN?",
      "+CME ERROR: 10",
      "ERROR: 10",
    ],
    [
      "registration",
      "radio",
      "registration",
      "searching",
      { type: "state", what: "registration" },
      "AT+CREG?",
      "+CREG: 0,2",
    ],
    ["technology", "radio", "technology", "gsm", {}, "AT+CNSMOD?", "+CNSMOD: 0,1"],
    ["signal", "radio", "RSSI", "7", { type: "state", what: "signal" }, "AT+CSQ", "+CSQ: 7,0"],
    ["clock", "clock", "time", "2030-01-02T03:04:05+00:00", {}, "AT+CCLK?", '+CCLK: "30/01/02,03:04:'],
  ])("%s", async (_, group, label, value, event, command, answer, until) => {
    const bench = await openRig();
    const field = control(bench.page, group, label);
    const changed = bench.page.waitForResponse((response) => response.request().method() === "PATCH");
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else {
      await field.fill(value);
      await field.press("Enter");
    }
    expect((await changed).status()).toBe(200);
    if (Object.keys(event).length > 0) await bench.rig.expect(event);
    expect(await bench.say(command, until)).toContain(answer);
  });

  test("position, speed and fix of GPS", async () => {
    const { page, rig, say } = await openRig({ time: "manual" });
    const gps = page.getByRole("region", { name: "GPS" });
    const set = async (label: string, value: string) => {
      const changed = page.waitForResponse((response) => response.request().method() === "PATCH");
      await control(page, "gps", label).fill(value);
      await control(page, "gps", label).press("Enter");
      await changed;
    };
    await set("latitude", "-33.8568");
    await set("longitude", "151.2153");
    await set("speed", "18.52");
    await gps.getByText("33.856800° S, 151.215300° E").waitFor();
    await gps.getByText("18.5 km/h, course 0.0°").waitFor();
    await say("AT+CGPSHOT");
    await rig.advance(2000);
    await gps.getByText("fixed", { exact: true }).waitFor();
    expect(await say("AT+CGPSINFO")).toMatch(/\+CGPSINFO:3351\.408000,S,15112\.918000,E,\d{6},[\d.]+,540\.0,10\.0,0\r/);
    await control(page, "gps", "fix").click();
    await gps.getByText("searching, no satellites").waitFor();
    await page.locator(".row", { hasText: '"receiver":"searching"' }).first().waitFor();
  });

  test("card", async () => {
    const { page, rig, say } = await openRig();
    await control(page, "card", "inserted").click();
    await rig.expect({ type: "state", what: "card", value: false });
    expect(await say("AT+FSCD=D:", "ERROR")).toContain("ERROR");
  });

  test("power", async () => {
    const { page, rig, host, say } = await openRig();
    await control(page, undefined, "power").selectOption("off");
    await rig.expect({ type: "state", what: "power", value: "off" });
    await page.locator(".row", { hasText: "Power is now off" }).waitFor();
    void host.write("AT+CGMM\r");
    await control(page, undefined, "power").selectOption("on");
    const booted = String(await host.waitFor("PB DONE\r\n", AbortSignal.timeout(10_000)));
    expect(booted).toMatch(/^\r\nSTART\r\n/);
    expect(await say("AT+CSQ")).toBe("AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n");
  });

  test("restart", async () => {
    const { page, rig, host, say } = await openRig();
    await say("ATE0");
    const { last } = rig.journal ?? { last: 0 };
    await page.getByRole("form", { name: "Restart the module" }).getByRole("button").click();
    await rig.expect({ type: "state", what: "power", value: "on" }, { after: last });
    await host.waitFor("PB DONE\r\n", AbortSignal.timeout(10_000));
    expect(await say("AT+CSQ")).toBe("AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n");
  });

  test("a wrong value is refused, with the reason at its field", async () => {
    const { page, say } = await openRig();
    await control(page, "radio", "RSSI").fill("55");
    await control(page, "radio", "RSSI").press("Enter");
    await page.locator(".field.wrong strong", { hasText: "an integer from 0 to 31" }).waitFor();
    expect(await say("AT+CSQ")).toContain("+CSQ: 22,0");
  });
});

test("a short message, a call and an unsolicited line come to the host", async () => {
  const { page, host } = await openRig();
  const heard = (text: string) => host.waitFor(text, AbortSignal.timeout(10_000));
  const form = (name: string) => page.getByRole("form", { name, exact: true });
  await form("Send to the modem").getByLabel("from").fill("+15555550142");
  await form("Send to the modem").getByLabel("text").fill("hello");
  await form("Send to the modem").getByRole("button").click();
  await heard('+CMTI: "SM",0');
  await page.getByRole("listitem").filter({ hasText: "hello" }).filter({ hasText: "stored in SM 0" }).waitFor();
  await form("Print it").getByLabel("text").fill("+CREG: 5");
  await form("Print it").getByRole("button").click();
  await heard("+CREG: 5");
  await form("Call the modem").getByLabel("from").fill("+15555550143");
  await form("Call the modem").getByRole("button").click();
  await heard("RING");
  await page
    .getByText("incoming, incoming")
    .or(page.getByText(/\+15555550143.*incoming/))
    .first()
    .waitFor();
});

test("a track leads the receiver, is refused with its reason, and is ended", async () => {
  const { page, rig } = await openRig({ time: "manual" });
  const gps = page.getByRole("region", { name: "GPS" });
  const form = page.getByRole("form", { name: "Follow the track" });
  const follow = async (track: string) => {
    await form
      .locator("input[type=file]")
      .setInputFiles({ name: "t", mimeType: "text/plain", buffer: Buffer.from(track) });
    await form.getByRole("button", { name: "Follow the track" }).click();
  };
  await follow("<gpx/>");
  await form.getByText("is no track: it has no points").waitFor();
  await follow(JSON.stringify([0, 100].map((time) => ({ latitude: time / 100, longitude: 7, time }))));
  await gps.getByText("2 points, 0 of 100 s").waitFor();
  await rig.advance(50_000);
  // No event tells that it goes on.
  await gps.getByText("2 points, 50 of 100 s").waitFor();
  await gps.getByText("0.500000° N, 7.000000° E").waitFor();
  await gps.getByRole("button", { name: "End the track" }).click();
  await gps.getByText(/points/).waitFor({ state: "detached" });
  expect(rig.modem("m1").state().gps.track).toBeNull();
});

test("the sockets that are open are shown", async () => {
  const { page, say, host } = await openRig();
  const sockets = page.getByRole("region", { name: "Sockets" });
  await sockets.getByText("No socket is open").waitFor();
  void host.write("AT+NETOPEN\r");
  await host.waitFor("+NETOPEN: 0\r\n", AbortSignal.timeout(10_000));
  await say('AT+CIPOPEN=3,"TCP","echo.example",7', "+CIPOPEN: 3,0\r\n");
  const row = sockets.getByRole("row").filter({ hasText: "TCP echo.example:7" });
  await row.getByRole("cell", { name: "3", exact: true }).waitFor();
  await row.getByText("open").waitFor();
});

test("a fault is made by the form of its kind, fires, and is ended", async () => {
  const { page, say } = await openRig();
  await page.getByRole("tab", { name: "Faults" }).click();
  const form = page.getByRole("form", { name: "Add the fault" });
  await form.getByLabel("kind").selectOption("busy");
  await form.getByLabel("command").fill("+CSQ");
  await form.getByLabel("code").fill("30");
  await form.getByText("When, where and how often").click();
  await form.getByLabel("id").fill("no-signal");
  await form.getByRole("button").click();
  await page.locator(".entry", { hasText: "no-signal busy" }).waitFor();
  expect(await say("AT+CMEE=1;+CSQ", "ERROR: 30")).toContain("+CME ERROR: 30");
  await page.locator(".row", { hasText: "Fault no-signal fired: busy" }).waitFor();
  await page.locator(".entry", { hasText: "fired once" }).waitFor();
  await page.getByRole("button", { name: "End no-signal" }).click();
  await page.getByText("Nothing is made to go wrong").waitFor();
  expect(await say("AT+CSQ")).toContain("+CSQ: 22,0");
});

test("files are dropped into the EFS, saved and removed", async () => {
  const { page, rig, say } = await openRig();
  await page.getByRole("tab", { name: "Files" }).click();
  const files = page.getByRole("region", { name: "File system of the module" });
  await files
    .locator("input[type=file]")
    .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await rig.expect({ type: "file", path: "C:/a.txt", action: "written" });
  expect(await say("AT+FSLS")).toContain("a.txt");
  const saved = page.waitForEvent("download");
  await files.getByRole("button", { name: "a.txt", exact: true }).click();
  const stream = await (await saved).createReadStream();
  expect(Buffer.concat(await stream.toArray()).toString()).toBe("hello");
  await files.getByRole("textbox").fill("logs");
  await files.getByRole("button", { name: "Make" }).click();
  await files.getByRole("button", { name: "logs/", exact: true }).click();
  await files.getByText("Nothing is here").waitFor();
  await files.getByRole("button", { name: "C:/" }).click();
  await files.getByRole("button", { name: "Remove a.txt" }).click();
  await rig.expect({ type: "file", path: "C:/a.txt", action: "removed" });
  expect(await say("AT+FSLS")).not.toContain("a.txt");
});

test("a file that is dropped is uploaded", async () => {
  const { page, rig } = await openRig();
  await page.getByRole("tab", { name: "Files" }).click();
  const files = page.getByRole("region", { name: "File system of the module" });
  const dataTransfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["dropped"], "b.txt", { type: "text/plain" }));
    return transfer;
  });
  for (const event of ["dragover", "drop"]) await files.dispatchEvent(event, { dataTransfer });
  await files.getByRole("button", { name: "b.txt", exact: true }).waitFor();
  expect(await rig.modem("m1").efs.readFile("C:/b.txt", "utf8")).toBe("dropped");
});

test("files of the FTP server are put, got by the modem, and removed", async () => {
  const { page, rig, say } = await openRig();
  await page.getByRole("tab", { name: "Sandbox" }).click();
  const files = page.getByRole("region", { name: "Files of the FTP server" });
  await files
    .locator("input[type=file]")
    .setInputFiles({ name: "fw.txt", mimeType: "text/plain", buffer: Buffer.from("new") });
  await files.getByRole("button", { name: "fw.txt", exact: true }).waitFor();
  await say('AT+CFTPSERV="ftp";+CFTPUN="u";+CFTPPW="p";+CFTPMODE=1');
  await say('AT+CFTPGETFILE="/fw.txt",0', "+CFTPGETFILE: 0\r\n");
  expect(await rig.modem("m1").efs.readFile("C:/fw.txt", "utf8")).toBe("new");
  await rig.modem("m1").efs.writeFile("C:/up.txt", "from the modem");
  await say('AT+CFTPPUTFILE="/up.txt",0', "+CFTPPUTFILE: 0\r\n");
  await files.getByRole("button", { name: "up.txt", exact: true }).waitFor();
  await files.getByRole("button", { name: "Remove fw.txt" }).click();
  await files.getByRole("button", { name: "fw.txt", exact: true }).waitFor({ state: "detached" });
  await say('AT+CFTPGETFILE="/fw.txt",0', "+CFTPGETFILE: 211\r\n");
});

test("the sandbox shows a mail with its attachment, and a request", async () => {
  const { page, rig, say, host } = await openRig();
  await rig.modem("m1").efs.writeFile("C:/log.csv", [Buffer.from("1;2")]);
  await say('AT+SMTPSRV="mail.example.com",25');
  await say('AT+SMTPFROM="meter@example.com","Meter"');
  await say('AT+SMTPRCPT=0,0,"ops@example.com","Ops"');
  await say('AT+SMTPSUB="Reading"');
  await say('AT+SMTPBODY="21 degrees"');
  await say('AT+SMTPFILE=1,"C:/log.csv"');
  await say("AT+SMTPSEND", "+SMTP: SUCCESS");
  await say('AT+CHTTPACT="shop.example.com",80', "REQUEST");
  void host.write("GET /prices HTTP/1.1\r\nHost: shop.example.com\r\n\r\n\x1a");
  await page.getByRole("tab", { name: "Sandbox" }).click();
  await page.getByText("Reading", { exact: true }).first().click();
  await page.locator(".mail pre", { hasText: "21 degrees" }).waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Save log\.csv/i }).click();
  expect(Buffer.concat(await (await (await saved).createReadStream()).toArray()).toString()).toBe("1;2");
  await page.locator(".entry summary", { hasText: "GET /prices" }).waitFor();
});

test("an answer of the HTTP server is prepared, sent to its host only, and removed", async () => {
  const { page, host } = await openRig();
  const get = async (name: string, until: string) => {
    void host.write(`AT+CHTTPACT="${name}",80\r`);
    await host.waitFor("REQUEST\r\n", AbortSignal.timeout(10_000));
    void host.write(`GET /price HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n\x1a`);
    await host.waitFor(until, AbortSignal.timeout(10_000));
    await host.waitFor("+CHTTPACT: 0\r\n", AbortSignal.timeout(10_000));
  };
  await page.getByRole("tab", { name: "Sandbox" }).click();
  await page.getByText("Prepare an answer", { exact: true }).click();
  const prepare = page.getByRole("form", { name: "Prepare it" });
  await prepare.getByLabel("path").fill("price");
  await prepare.getByLabel("host").fill("shop.example.com");
  await prepare
    .locator("input[type=file]")
    .setInputFiles({ name: "price.txt", mimeType: "text/plain", buffer: Buffer.from("4 euros") });
  await prepare.getByRole("button", { name: "Prepare it" }).click();
  await prepare.getByText("Done").waitFor();
  await get("shop.example.com", "4 euros");
  await prepare.locator("input[type=file]").setInputFiles([]);
  await prepare.getByLabel("status").fill("503");
  await prepare.getByLabel("body").fill("closed");
  await prepare.getByRole("button", { name: "Prepare it" }).click();
  await get("shop.example.com", "HTTP/1.1 503");
  await get("other.example.com", "HTTP/1.1 404");
  const remove = page.getByRole("form", { name: "Remove it" });
  await remove.getByLabel("path").fill("price");
  await remove.getByLabel("host").fill("shop.example.com");
  await remove.getByRole("button").click();
  await remove.getByText("Done").waitFor();
  await get("shop.example.com", "HTTP/1.1 404");
  await remove.getByRole("button").click();
  await remove.getByText("/price").waitFor();
});

test("a manual clock is advanced, and a rig is reset", async () => {
  const { page, rig } = await openRig({ time: "manual" });
  await page.getByRole("tab", { name: "Rig" }).click();
  const before = rig.clock.now();
  await page.getByRole("form", { name: "Let time pass" }).getByLabel("ms").fill("60000");
  await page.getByRole("button", { name: "Let time pass" }).click();
  await page.getByText("Done").first().waitFor();
  expect(rig.clock.now()).toBe(before + 60_000);
  const { last } = rig.journal ?? { last: 0 };
  await page.getByRole("button", { name: "Reset the rig" }).click();
  await rig.expect({ type: "rig" }, { after: last });
});

test("every changing call of the interface is a step with a form", async () => {
  const { page, ask } = await openRig();
  const { json } = await ask("GET", "/api/openapi.json");
  const calls = Object.values<object>(json.paths).flatMap((methods) =>
    Object.keys(methods).filter((name) => name !== "get"),
  );
  await page.getByRole("tab", { name: "Rig" }).click();
  await page.locator(".step").first().waitFor();
  await expect.poll(() => page.locator(".step form").count()).toBe(calls.length);
});
