import { describe, expect, test } from "vitest";
import { locate } from "./program.ts";
import { startModem } from "./start-modem.ts";
import { openTerminal } from "./terminal.ts";

const without = (name: string) => locate(name) === undefined || locate("tmux") === undefined;

describe.skipIf(without("picocom"))("picocom", () => {
  test("shows what is typed and what is answered", async () => {
    const { port } = await startModem();
    const terminal = await openTerminal(`picocom -b 115200 ${port}`);
    await terminal.see(/Terminal ready/);
    terminal.type("AT+CGMM", "Enter");
    expect(await terminal.see(/\bOK\b/)).toMatch(/\nAT\+CGMM\nSIMCOM_WCDMA\nOK\n$/);
    terminal.type("C-a", "C-x");
    await terminal.see(/it ended with 0/);
  });

  test("asks the sandbox for a page by hand", async () => {
    const { port } = await startModem("--sandbox");
    const terminal = await openTerminal(`picocom -b 115200 --omap crcrlf ${port}`);
    await terminal.see(/Terminal ready/);
    terminal.type('AT+CHTTPACT="www.mywebsite.com",80', "Enter");
    await terminal.see(/\+CHTTPACT: REQUEST/);
    terminal.type("GET /status/200 HTTP/1.1", "Enter", "Host: www.mywebsite.com", "Enter", "Enter", "C-z");
    const screen = await terminal.see(/\+CHTTPACT: 0/);
    expect(screen).toMatch(
      /REQUEST\nGET \/status\/200 HTTP\/1\.1\nHost: www\.mywebsite\.com\nOK\n\+CHTTPACT: DATA, \d+\n/,
    );
    expect(screen).toContain("\nHTTP/1.1 200 OK\n");
    expect(screen).toContain("As you asked for.");
  });
});

describe.skipIf(without("minicom"))("minicom", () => {
  test("shows what is typed and what is answered", async () => {
    const { port } = await startModem();
    const terminal = await openTerminal(`minicom -b 115200 -D ${port}`);
    await terminal.see(/Press CTRL-A Z/);
    terminal.type("AT+CSQ", "Enter");
    expect(await terminal.see(/\bOK\b/)).toMatch(/\nAT\+CSQ\n\+CSQ: 22,0\nOK\n/);
    terminal.type("C-a", "q");
    await terminal.see(/Leave without reset\?/);
    terminal.type("Enter");
    await terminal.see(/it ended with 0/);
  });
});
