import { expect, test } from "vitest";
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
  expect(await row.locator(".bubble").innerText()).toBe("AT+CSQ;+CSQXCR");
  expect(await row.locator(".note.command").innerText()).toMatch(/^\+CSQ Signal quality OK \d/);
  expect(await row.locator(".note.problem").innerText()).toMatch(/^Unknown command \+CSQX\. Nearest: \+CSQ,/);
  expect(await page.locator(".row.module .line.error").innerText()).toContain("ERROR");
  await ask("POST", "/api/modems/m1/urc", { body: { text: "RING" } });
  await page.locator(".row.urc", { hasText: "RING" }).waitFor();
});
