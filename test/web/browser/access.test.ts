import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { openRig, withBrowser } from "./support/open-page.ts";

withBrowser();

const TABS = ["Modem", "Files", "Sandbox", "Network", "Faults", "Rig"];

/** What axe finds wrong with the page, a line each. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const { violations } = found as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe("axe finds nothing", () => {
  const widths = [360, 1280, 2560];
  const pairs = widths.flatMap((width) => (["light", "dark"] as const).map((theme) => [width, theme] as const));

  test.each(pairs)("%d pixels wide, %s", async (width, colorScheme) => {
    const { page, say } = await openRig({ context: { viewport: { width, height: 800 }, colorScheme } });
    await say("AT+CSQ;+NOSUCH", "ERROR");
    await say('AT+CHTTPACT="shop.example.com",80', "REQUEST");
    await page.locator(".note.problem").waitFor();
    const tabs = width < 900 ? ["Conversation", ...TABS] : TABS;
    for (const tab of tabs) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await findings(page)).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});

test("everything is reached by the keyboard", async () => {
  const { page, say } = await openRig();
  await say("AT+CSQ");
  await page.getByRole("form", { name: "Restart the module" }).waitFor();
  const reached = new Set<string>();
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    reached.add(
      await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent?.trim().slice(0, 30) ?? "";
      }),
    );
  }
  const wanted = [
    "Search the conversation",
    "Filter",
    "Problems only",
    "Next problem",
    "Pause",
    "Rows of the conversation",
  ];
  expect([...reached]).toEqual(expect.arrayContaining([...wanted, "Modem", "Restart the module"]));
  await page.getByRole("tab", { name: "Modem" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.getByRole("tab", { name: "Files" }).getAttribute("aria-selected")).toBe("true");
  await page.keyboard.press("End");
  await expect
    .poll(() => page.getByRole("tab", { name: "Rig" }).evaluate((tab) => tab === document.activeElement))
    .toBe(true);
});

test("beyond loopback the page asks for the token, and goes on with it", async () => {
  const { page, url } = await openRig({ token: "sesame" });
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("does not take this token").waitFor();
  await page.getByLabel("Token").fill("sesame");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("form", { name: "State of m1" }).waitFor();
  await page.goto(`${url}/#token=sesame`);
  await page.reload();
  await page.getByText("Live", { exact: true }).waitFor();
});
