import { expect, test } from "vitest";
import { LINT_RULES } from "../../../src/rig/lint/rules.ts";
import { memoryPair } from "../../../src/transport/memory.ts";
import { openRig, withBrowser } from "./support/open-page.ts";

withBrowser();

test("the page loads without a complaint and asks nobody but the rig", async () => {
  const { page, complaints, requests, url, say } = await openRig();
  await say("AT+CSQ");
  await page.getByText("+CSQ: 22,0").waitFor();
  for (const tab of ["Files", "Sandbox", "Network", "Faults", "Rig", "Modem"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel").getByRole("heading").or(page.getByRole("navigation")).first().waitFor();
  }
  expect(complaints).toEqual([]);
  expect(requests.filter((request) => !request.startsWith(`${url}/`) && !request.startsWith("data:"))).toEqual([]);
});

test("what is said is seen at once, with its command, its result and its control bytes", async () => {
  const { page, say, ask } = await openRig();
  await page.getByText("Nothing has been said yet").or(page.locator(".row").first()).waitFor();
  await say("AT+CSQ;+CSQX", "ERROR");
  const row = page.locator(".row.host", { hasText: "AT+CSQ;+CSQX" });
  await row.waitFor();
  await expect.poll(() => row.locator(".bubble").innerText()).toBe("AT+CSQ;+CSQXCR");
  await expect.poll(() => row.locator(".note.command").innerText()).toMatch(/^\+CSQ Signal quality OK \d/);
  await expect
    .poll(() => row.locator(".note.problem").innerText())
    .toMatch(/^Unknown command \+CSQX\. Nearest: \+CSQ,/);
  await expect.poll(() => page.locator(".row.module .line.error").innerText()).toContain("ERROR");
  await ask("POST", "/api/modems/m1/urc", { body: { text: "RING" } });
  await page.locator(".row.urc", { hasText: "RING" }).waitFor();
});

test("the page comes with its policy, and runs no script and no style that stand in it", async () => {
  const { ask, page } = await openRig();
  const { headers } = await ask("GET", "/");
  expect(headers["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; .*; frame-ancestors 'none'$/,
  );
  expect(headers["referrer-policy"]).toBe("no-referrer");
  await page.getByText("Live", { exact: true }).waitFor();
  const ran = await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", '<button id="bad" onclick="document.title = \'bad\'"></button>');
    document.getElementById("bad")?.click();
    const script = document.createElement("script");
    script.textContent = "document.title = 'bad'";
    const style = document.createElement("style");
    style.textContent = "#bad { position: fixed }";
    document.head.append(script, style);
    const { position } = getComputedStyle(document.getElementById("bad") ?? document.body);
    return { title: document.title, position };
  });
  expect(ran).toEqual({ title: "vmodem", position: "static" });
});

test("what went wrong is told with its reason: a code with its text, a finding with its remedy", async () => {
  const { page, say, host } = await openRig();
  await say("AT+CMEE=1");
  await say("AT+CFTPPORT=0", "ERROR: 213");
  const failed = page.locator(".row.host", { hasText: "AT+CFTPPORT=0" });
  await failed.locator(".result.error", { hasText: "+CME ERROR: 213, Invalid parameter" }).waitFor();
  void host.write("AT\n");
  await page
    .locator(".row.host .note.problem", { hasText: "Lint line-feed-only" })
    .filter({ hasText: LINT_RULES["line-feed-only"].remedy })
    .waitFor();
});

test("a lane shows the connections over time, and leads to where one began", async () => {
  const { page, say, rig } = await openRig();
  await say('AT+POP3SRV="mail","user","password",110;+POP3IN', "+POP3: SUCCESS\r\n\r\nOK\r\n");
  await say("AT+POP3OUT", "+POP3: SUCCESS\r\n\r\nOK\r\n");
  rig.faults.add({ kind: "refused", service: "smtp" });
  await say('AT+SMTPSRV="mail";+SMTPFROM="a@a.example";+SMTPRCPT=0,0,"b@b.example"');
  await say("AT+SMTPSEND", "ERROR\r\n\r\nERROR\r\n");
  const lane = page.locator("figure.lane");
  await expect.poll(() => lane.locator(".services span").allInnerTexts()).toEqual(["pop3", "smtp"]);
  await lane.getByText(/^2 connections in .*, 1 failed$/).waitFor();
  const colorOf = await page.evaluate(() => {
    const read = (name: string) => {
      document.body.style.color = `var(${name})`;
      return getComputedStyle(document.body).color;
    };
    return { network: read("--network"), bad: read("--bad") };
  });
  const { width = 0 } = (await lane.getByRole("img").boundingBox()) ?? {};
  const drawn = (canvas: Element) => {
    const { width: across, height } = canvas as HTMLCanvasElement;
    const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, across, height).data ?? [];
    const colors = new Set<string>();
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] === 255) colors.add(`rgb(${pixels[at]}, ${pixels[at + 1]}, ${pixels[at + 2]})`);
    }
    return [...colors];
  };
  const drawing = () => lane.locator("canvas").evaluate(drawn);
  await expect.poll(drawing).toEqual(expect.arrayContaining([colorOf.network, colorOf.bad]));
  await lane.getByRole("img").click({ position: { x: width - 2, y: 16 } });
  await page.locator(".row.target", { hasText: "SMTP to mail:25 failed: REFUSED" }).waitFor();
  await page.getByRole("tab", { name: "Network" }).click();
  await page.getByRole("tabpanel").getByRole("row").filter({ hasText: "REFUSED" }).waitFor();
});

test("an event is drawn in the frame after it has come", async () => {
  const { page, rig } = await openRig();
  await page.getByText("Live", { exact: true }).waitFor();
  // Frames are counted instead of milliseconds, which a busy machine makes longer.
  await page.evaluate(() => {
    const came = new Map<string, number>();
    let frame = 0;
    const tick = () => {
      frame++;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const { prototype } = ReadableStreamDefaultReader;
    const { read } = prototype;
    prototype.read = async function () {
      const next = await read.call(this);
      for (const [text] of String(next.value).matchAll(/\+TEST: \d+/g)) came.set(text, frame);
      return next;
    };
    new MutationObserver(() => {
      for (const row of document.querySelectorAll<HTMLElement>(".row.urc:not([data-frames])")) {
        const [text = ""] = /\+TEST: \d+/.exec(row.textContent ?? "") ?? [];
        row.dataset.frames = String(frame - (came.get(text) ?? Number.NaN));
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  const frames: number[] = [];
  for (let n = 0; n < 25; n++) {
    rig.modem("m1").urc(`+TEST: ${n}`);
    const row = page.locator(".row.urc[data-frames]", { hasText: new RegExp(`\\+TEST: ${n}\\D`) });
    await row.waitFor();
    frames.push(Number(await row.getAttribute("data-frames")));
  }
  // The first was being read already when the page began to count.
  expect(Math.max(...frames.slice(1))).toBeLessThanOrEqual(2);
});

test("paused, the view stays and tells how much is new; following, it goes on", async () => {
  const { page, say } = await openRig();
  await say("AT+CSQ");
  await page.locator(".row.module").first().waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await say("AT+CREG?");
  await page.getByRole("button", { name: "2 new rows, to the latest" }).click();
  await page.locator(".row", { hasText: "+CREG: 0,1" }).waitFor();
  for (let n = 0; n < 30; n++) await say("AT");
  await page.waitForFunction(() => document.querySelector(".row:last-child .ok") !== null);
  await page.locator(".scroller").hover();
  await page.mouse.wheel(0, -600);
  await page.getByRole("button", { name: "To the latest" }).waitFor();
  await page.getByRole("button", { name: "To the latest" }).click();
  await page.waitForFunction(() => {
    const scroller = document.querySelector(".scroller");
    return scroller !== null && scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
  });
  const top = () => page.locator(".scroller").evaluate((scroller) => scroller.scrollTop);
  const before = await top();
  expect(before).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Pause" }).click();
  await say("AT+CGMI");
  await page.getByRole("button", { name: "2 new rows, to the latest" }).waitFor();
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
});

test("groups are hidden, and the payload is folded", async () => {
  const { page, rig, say } = await openRig();
  rig.modem("m1").urc("RING");
  await page.locator(".row.urc").waitFor();
  await page.getByText("Filter", { exact: true }).click();
  await page.getByLabel("Unsolicited").uncheck();
  await page.locator(".row.urc").waitFor({ state: "detached" });
  await page.getByText("Filter (1 hidden)").click();
  void rig.modem("m1").efs.writeFile("C:/big.bin", [Buffer.alloc(3000, "\0\x01\xfe")]);
  await rig.expect({ type: "file", path: "C:/big.bin" });
  await say('AT+CFTRANTX="C:/big.bin"');
  const row = page.locator(".row.module", { hasText: "All 3.0 KiB" }).first();
  await row.getByRole("button").click();
  await row.or(page.locator(".row.module")).locator(".dump").first().waitFor();
});

test("a reset begins a new conversation; a view that is paused keeps its rows until it goes on", async () => {
  const { page, rig, say } = await openRig();
  await rig.addModem({ transport: memoryPair().module });
  await say("AT+CSQ");
  await page.locator(".row", { hasText: "+CSQ: 22,0" }).waitFor();
  await rig.reset();
  await page.locator(".row.fresh", { hasText: "The rig was reset" }).waitFor();
  const row = (text: string) => page.locator(".row.host", { hasText: text });
  await row("AT+CSQ").waitFor({ state: "detached" });
  await expect.poll(() => page.locator(".row").count()).toBe(1);
  // Nothing has happened in them since.
  await expect.poll(() => page.locator("header option").allInnerTexts()).toEqual(["all 2", "m1", "m2"]);

  await say("AT+CREG?");
  await row("AT+CREG?").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await rig.reset();
  await say("AT+CGATT?");
  const latest = page.getByRole("button", { name: "3 new rows, to the latest" });
  await latest.waitFor();
  await expect.poll(() => row("AT+CREG?").count()).toBe(1);
  await latest.click();
  await row("AT+CGATT?").waitFor();
  await expect.poll(() => row("AT+CREG?").count()).toBe(0);
  const { id } = await rig.addModem({ tcp: 0 });
  await page.locator(`header option:text-is("${id}")`).waitFor({ state: "attached" });
  await page.locator("header select").selectOption(id);
  await page.getByText(`About ${id}`).waitFor();
  await rig.reset();
  await page.getByText("About m1").waitFor();
  await expect.poll(() => page.locator("header option").allInnerTexts()).toEqual(["all 2", "m1", "m2"]);
  await say("AT+CGATT?");
  await page.reload();
  await row("AT+CGATT?").waitFor();
  await expect.poll(() => page.locator(".row").count()).toBe(3);
  await expect.poll(() => page.locator("header option").count()).toBe(3);
});

test("cleared, a paused view stays paused", async () => {
  const { page, say } = await openRig();
  await say("AT+CSQ");
  await page.locator(".row.module", { hasText: "+CSQ" }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator(".row").first().waitFor({ state: "detached" });
  await say("AT+CREG?");
  await page.getByRole("button", { name: "2 new rows, to the latest" }).waitFor();
  await expect.poll(() => page.locator(".row").count()).toBe(0);
});

test("1000 modems are told apart, and one is chosen by typing", async () => {
  const { page, rig } = await openRig();
  await page.getByText("Live", { exact: true }).waitFor();
  for (let n = 1; n <= 1000; n++) rig.journal?.port(`m${n}`).emit({ type: "urc", text: "" });
  for (let n = 1; n <= 1000; n++) rig.journal?.port(`m${n}`).emit({ type: "host", bytes: `AT+CSQ=${n}\r` });
  const last = page.locator(".row.host", { hasText: "AT+CSQ=1000" });
  await last.waitFor();
  await expect.poll(() => last.locator(".who").innerText()).toBe("Host m1000");
  expect((await last.locator(".who").boundingBox())?.height).toBeGreaterThan(10);
  const field = page.getByRole("combobox", { name: "Modem" });
  await expect.poll(() => field.getAttribute("placeholder")).toBe("all 1000");
  await field.focus();
  await page.keyboard.type("m777");
  // What is typed stays while the rig goes on.
  rig.journal?.port("m1001").emit({ type: "urc", text: "" });
  await page.locator("datalist option[value=m1001]").waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
  await page.locator(".row.host", { hasText: "AT+CSQ=777" }).waitFor();
  await expect.poll(() => page.locator(".row.host").count()).toBe(1);
  await page.getByText("About m777").waitFor();

  await field.fill("m5000");
  await page.keyboard.press("Enter");
  await page.locator("header").getByText("There is no modem m5000").waitFor();
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => page.locator(".row.host").count()).toBe(1);

  await field.fill("");
  await page.keyboard.press("Enter");
  await page.locator(".row.host", { hasText: "AT+CSQ=1000" }).waitFor();
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("false");
});

test("a rig that has gone is told", async () => {
  const { page, server } = await openRig();
  await page.getByText("Live", { exact: true }).waitFor();
  await server.close();
  await page.getByText("Not connected").waitFor();
});
