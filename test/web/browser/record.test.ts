import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { RigEvent, RigEventBody } from "../../../src/rig/events.ts";
import { PageDocument, RecordPage } from "../../../src/rig/page/page-document.ts";
import { SummaryCollector } from "../../../src/rig/report/summary.ts";
import { openPage, withBrowser } from "./support/open-page.ts";

withBrowser();

/** Writes a page with a record to disk; gives its address. */
async function recordPage(bodies: Iterable<RigEventBody>): Promise<string> {
  const pieces: string[] = [];
  const page = new RecordPage(await PageDocument.forRecord(), (text) => pieces.push(text) > 0);
  const collector = new SummaryCollector();
  page.begin();
  let seq = 0;
  for (const body of bodies) {
    seq++;
    const event = { seq, at: seq * 2, modem: "m1", ...body } as RigEvent;
    collector.look(event);
    page.line(`${JSON.stringify(event)}\n`);
  }
  const expectations = [{ name: "some 1", problem: "no such event" }];
  page.end(collector.summary({ exitCode: 3, expectations, faults: [{ id: "slow", kind: "latency" }] }));
  const folder = mkdtempSync(join(tmpdir(), "vmodem-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "session.html");
  writeFileSync(file, pieces.join(""));
  return pathToFileURL(file).href;
}

/** A long session: four events a command. */
function* commands(count: number): Generator<RigEventBody> {
  for (let n = 1; n <= count; n++) {
    const text = `AT+CSQ=${n}`;
    yield { type: "host", bytes: `${text}\r` };
    yield { type: "line", text };
    yield { type: "command", name: "+CSQ", form: "write", arguments: [n] };
    yield { type: "result", name: "+CSQ", result: n === count / 2 ? "ERROR" : "OK", ms: 0.2 };
    yield { type: "module", bytes: `${text}\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n` };
  }
}

test("a record opens from disk, asks nobody, and tells how the session ended", async () => {
  const { page, complaints, requests } = await openPage(await recordPage(commands(2)));
  await page.locator(".row", { hasText: "AT+CSQ=1" }).first().waitFor();
  await page.getByText("Record", { exact: true }).waitFor();
  await expect.poll(() => page.getByRole("tab").allInnerTexts()).toEqual(["Summary", "Network"]);
  const summary = page.getByRole("tabpanel");
  await summary.getByText("some 1 no such event").waitFor();
  await summary.getByText("slow latency, never fired").waitFor();
  await expect.poll(() => summary.getByRole("row").allInnerTexts()).toContain("AT+CSQ\tSignal quality\t1 ERROR, 1 OK");
  expect(complaints).toEqual([]);
  expect(requests.filter((address) => !address.startsWith("data:")).length).toBe(1);
});

test("100,000 events scroll without work that would cost a frame, and are searched", async () => {
  const { page, complaints } = await openPage(await recordPage(commands(20_000)));
  await page.getByText("Record", { exact: true }).waitFor();
  await expect.poll(() => page.locator(".count").innerText()).toBe("40,000 rows");
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const own = metrics.filter(({ name }) =>
      ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].includes(name),
    );
    return own.reduce((sum, { value }) => sum + value, 0);
  };
  const before = await busy();
  const frames = 120;
  const drawn = await page.evaluate(async (count) => {
    const scroller = document.querySelector(".scroller");
    if (scroller === null) return 0;
    scroller.scrollTop = 0;
    const seen = new Set<string | null>();
    for (let frame = 0; frame < count; frame++) {
      scroller.scrollTop += frame % 30 === 29 ? scroller.scrollHeight / 20 : 150;
      await new Promise(requestAnimationFrame);
      for (const row of document.querySelectorAll(".row.host .bubble")) seen.add(row.textContent);
    }
    return seen.size;
  }, frames);
  // Seconds of this thread's own time, so that a busy machine matters little: 60 frames a second leave 16 ms for each.
  expect((await busy()) - before).toBeLessThan(frames * 0.012);
  expect(drawn).toBeGreaterThan(100);
  await expect.poll(() => page.locator(".row").count()).toBeLessThan(100);
  await page.getByRole("searchbox").fill("AT+CSQ=19999");
  await page.locator(".row mark").first().waitFor();
  await expect.poll(() => page.locator(".row").count()).toBe(1);
  expect(complaints).toEqual([]);
});

test("a record of 100 MB is opened at its end, and searched", async () => {
  const size = 100 * 1024 * 1024;
  const payload = "x".repeat(4000);
  function* large(): Generator<RigEventBody> {
    const count = Math.ceil(size / payload.length / 2);
    for (let n = 1; n <= count; n++) {
      yield { type: "host", bytes: `AT+SMTPSUB="${payload}${n}"\r` };
      yield { type: "module", bytes: `\r\n+${payload}${n}\r\n\r\nOK\r\n` };
    }
    yield { type: "host", bytes: "AT+LAST\r" };
  }
  const { page, complaints } = await openPage(await recordPage(large()));
  await page.getByText("Record", { exact: true }).waitFor({ timeout: 60_000 });
  await page.locator(".row", { hasText: "AT+LAST" }).waitFor();
  await expect.poll(() => page.locator(".row").count()).toBeLessThan(100);
  await page.getByRole("searchbox").fill('x5000"');
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
  expect(complaints).toEqual([]);
});

test("from problem to problem", async () => {
  const { page } = await openPage(await recordPage(commands(2000)));
  await page.getByText("Record", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next problem" }).click();
  await page.locator(".row.target", { hasText: "AT+CSQ=1000" }).waitFor();
  await expect
    .poll(() => page.locator(".row.target").evaluate((row) => row.getBoundingClientRect().top))
    .toBeGreaterThan(0);
  await page.getByRole("button", { name: "Problems only" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".row").length === 1);
});

test("a record is opened from a file", async () => {
  const { page } = await openPage(await recordPage(commands(1)));
  const lines = [...commands(3)].map((body, index) =>
    JSON.stringify({ seq: index + 1, at: index, modem: "m1", ...body }),
  );
  const buffer = Buffer.from(`${lines.join("\n")}\n{"seq":99,"at":1,"ty`);
  await page.locator("header input[type=file]").setInputFiles({ name: "a.jsonl", mimeType: "text/plain", buffer });
  await page.locator(".row", { hasText: "AT+CSQ=3" }).first().waitFor();
  await page.getByText("6 rows").waitFor();
});
