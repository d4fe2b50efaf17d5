import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { type BenchOptions, type ControlBench, controlBench } from "../../../support/control-bench.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

let browser: Browser;

/** Has a browser run while the tests of a file do. */
export function withBrowser(): void {
  beforeAll(async () => {
    if (executablePath === undefined) throw new Error("there is no Chromium; sh test/web/install.sh gets it");
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());
}

/** A page, with what went wrong in it and what it asked for. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts, and what the browser complained of. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => void complaints.push(error.message));
  page.on("console", (message) => void complaints.push(message.text()));
  page.on("request", (request) => void requests.push(request.url()));
  onTestFinished(() => context.close());
  await page.goto(url);
  return { page, complaints, requests };
}

/** A rig with its page in a browser. */
export async function openRig(
  options: BenchOptions & { readonly context?: BrowserContextOptions } = {},
): Promise<ControlBench & OpenPage> {
  const { context, ...bench } = options;
  const rig = await controlBench(bench);
  return { ...rig, ...(await openPage(rig.url, context)) };
}
