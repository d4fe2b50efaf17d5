import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { VMODEM } from "../support/program.ts";
import { locate } from "./program.ts";
import { type StartedModem, startModem } from "./start-modem.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** A console at a modem of a rig, or at its port, on a screen of its own. */
async function openConsole(where: "rig" | "port" = "rig"): Promise<Terminal & StartedModem & { history: string }> {
  const started = await startModem("--sandbox", "--control", "0");
  const { control } = JSON.parse(started.program.output());
  const state = mkdtempSync(join(tmpdir(), "vmodem-state-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const place = where === "rig" ? control : started.port;
  const command = `NO_COLOR=1 XDG_STATE_HOME=${state} ${process.execPath} ${VMODEM} console ${place}`;
  const terminal = await openTerminal(command);
  await terminal.see(/>\nTab completes/);
  return { ...terminal, ...started, history: join(state, "vmodem", "history") };
}

const IDLE = "Tab completes, F1 explains, Ctrl-R searches, :help lists what steers the rig, Ctrl-D ends";

describe.skipIf(locate("tmux") === undefined)("the console on a terminal", () => {
  test("shows command and answer, completes, and tells the parameter under the cursor", async () => {
    const { type, see } = await openConsole();
    type("at+csq", "Enter");
    expect(await see(/OK\nm1>\n/)).toMatch(new RegExp(`\nm1> at\\+csq\n\\+CSQ: 22,0\nOK\nm1>\n${IDLE}\n$`));
    type("at+cftpmo", "Tab", "=");
    expect(await see(/\[mode\]/)).toMatch(
      /\nm1> at\+CFTPMODE=\nAT\+CFTPMODE=\[mode\] {2}0 active: the server connects, 1 passive: the module connects\n$/,
    );
    type("Tab");
    expect(await see(/OK\n {2}0 {2}active/)).toMatch(
      /\n {2}0 {2}active: the server connects\n {2}1 {2}passive: the module connects\nm1> at\+CFTPMODE=\nAT/,
    );
    type("7");
    await see(/\[mode\] {2}not one of: 0, 1/);
    type("C-u", "at+cftpmode", "F1");
    expect(await see(/Example/)).toMatch(
      /\nAT\+CFTPMODE {2}FTP mode[\s\S]*> AT\+CFTPMODE=0\n {2}< OK\nm1> at\+cftpmode\n/,
    );
  });

  test("enters data of several lines with a visible end and its escapes", async () => {
    const { type, see } = await openConsole();
    type('AT+CHTTPACT="www.mywebsite.com",80', "Enter");
    await see(/data>\ndata of AT\+CHTTPACT: Enter goes on, Ctrl-Z ends\n$/);
    type("GET /status/204 HTTP/1.1", "Enter", "Host: a", "Enter", "Enter", "a", "C-v", "C-z");
    await see(/data> a␚\ndata of AT\+CHTTPACT: Enter goes on, Ctrl-Z ends \| sent: a<ETX><SUB><CR><LF>\n$/);
    type("BSpace", "BSpace", "C-z");
    expect(await see(/\+CHTTPACT: 0\nm1>\n/)).toMatch(
      /\ndata> GET \/status\/204 HTTP\/1\.1\ndata> Host: a\ndata>\n[\s\S]*data> <SUB>\n(?:.*\n)?OK\n/,
    );
  });

  test("ESC gives a message up", async () => {
    const { type, see } = await openConsole();
    type("AT+CMGF=1", "Enter", 'AT+CMGS="+15555550142"', "Enter");
    await see(/data of AT\+CMGS: Enter goes on, Ctrl-Z ends, ESC gives up/);
    type("no", "Escape");
    expect(await see(/<ESC>\nOK\nm1>\n/)).toMatch(/\ndata> no<ESC>\nOK\nm1>\nTab/);
  });

  test("Ctrl-R finds what was typed before, and the history is in its file", async () => {
    const { type, see, history } = await openConsole();
    type("AT+CSQ", "Enter");
    await see(/OK\nm1>\n/);
    type("AT+CPIN=1234", "Enter");
    await see(/ERROR.*\nm1>\n/);
    type("C-r", "csq");
    await see(/\n\(search back\) csq: AT\+CSQ\nCtrl-R goes on, Enter takes the line, ESC leaves it\n$/);
    type("zz");
    await see(/\n\(search fails\) csqzz:\n/);
    type("BSpace", "BSpace", "Enter");
    await see(/ERROR.*\nm1> AT\+CSQ\n\+CSQ: 22,0\nOK\nm1>\n/);
    expect(readFileSync(history, "utf8")).toBe("AT+CSQ\nAT+CSQ\n");
    type("C-d");
    await see(/it ended with 0/);
  });

  test("shows what another host does, and leaves it its line", async () => {
    const { type, see, port } = await openConsole();
    appendFileSync(port, "AT+CGMM\r");
    await see(/\n> AT\+CGMM<CR>\nAT\+CGMM\nSIMCOM_WCDMA\nOK\nm1>\n/);
    appendFileSync(port, "AT+CG");
    await see(/\n> AT\+CG\nAT\+CG\nm1>\n/);
    type("at", "Enter");
    await see(/\nm1> at\n! the host has the line \(typing\); wait until it is idle\nm1>\n/);
  });

  test("what comes while a line of several rows is typed leaves it as it is", async () => {
    const { type, see, port } = await openConsole();
    type(`AT+SMTPSUB="${"x".repeat(120)}`);
    await see(/AT\+SMTPSUB=\[text\]/);
    appendFileSync(port, "AT+CGMM\r");
    expect(await see(/OK\nm1> AT/)).toMatch(/\nSIMCOM_WCDMA\nOK\nm1> AT\+SMTPSUB="x{84}\nx{36}\nAT\+SMTPSUB=\[text\]/);
  });

  test.each([
    ["C-d", 0],
    ["C-c", 130],
  ])("%s ends it with %i, and leaves no hint behind", async (key, code) => {
    const { type, see } = await openConsole("port");
    type("at", "Enter");
    await see(/OK\n\d+>\n/);
    type(key);
    expect(await see(/it ended with/)).toMatch(new RegExp(`\nOK\n\\d+>\nit ended with ${code}\n$`));
  });

  test("the loss of the rig ends it with a message", async () => {
    const { see, program } = await openConsole();
    program.child.kill("SIGTERM");
    expect(await see(/it ended with/)).toMatch(/\n! the rig (?:is gone \(.+\)|has ended)\nm1>\nit ended with 1\n$/);
  });
});
