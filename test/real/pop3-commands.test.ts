import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Modem } from "../../src/modem/modem.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dovecot, hasDovecot } from "./dovecot.ts";

const mails = ["1-plain.eml", "2-attachments.eml", "3-encoded-names.eml"].map((name) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/mail", name)),
);
const sizes = mails.map((mail) => mail.toString("latin1").replaceAll("\n", "\r\n").length);
const total = sizes.reduce((sum, size) => sum + size);

describe.skipIf(!hasDovecot)("the POP3 commands on Debian's dovecot", () => {
  let dovecot: Dovecot;
  let modem: Modem;
  let host: ReturnType<typeof memoryPair>["host"];

  beforeEach(async () => {
    dovecot = await Dovecot.start(mails);
    const pair = memoryPair();
    host = pair.host;
    modem = new Modem({ transport: pair.module });
    await modem.start();
    await answer("ATE0");
    await account("john", "s3cret!");
  });

  afterEach(async () => {
    await modem.close();
    await dovecot.stop();
  });

  /** Sends a line and gives what comes up to its end, `OK` or `ERROR` without another. */
  async function answer(line: string, end = "OK\r\n"): Promise<string> {
    void host.write(`${line}\r`);
    return (await host.waitFor(end, AbortSignal.timeout(10_000))).toString("latin1");
  }

  const account = (user: string, password: string) =>
    answer(`AT+POP3SRV="127.0.0.1","${user}","${password}",${dovecot.port}`);

  test("log in, count, list, show, log out", async () => {
    expect(await answer("AT+POP3IN")).toBe("\r\n+POP3: SUCCESS\r\n\r\nOK\r\n");
    expect(await answer("AT+POP3NUM")).toBe(`\r\n+POP3: 3, ${total}\r\n\r\nOK\r\n`);
    const lines = sizes.map((size, index) => `${index + 1} ${size}\r\n`).join("");
    expect(await answer("AT+POP3LIST")).toBe(`\r\n+POP3: 3 ${total}\r\n${lines}\r\nOK\r\n`);
    expect(await answer("AT+POP3LIST=2")).toBe(`\r\n+POP3: 2, ${sizes[1]}\r\n\r\nOK\r\n`);
    expect(await answer("AT+POP3LIST=9", "\r\nERROR\r\n")).toBe("\r\n+POP3: SERVER ERROR\r\n\r\nERROR\r\n");
    expect(await answer("AT+POP3HDR=1")).toBe(
      "\r\nFrom: Ann Lee <ann@example.com>\r\nDate: Mon, 17 Aug 2009 14:09:27 +0800\r\nSubject: Meter reading\r\n\r\nOK\r\n",
    );
    expect(await answer("AT+POP3OUT")).toBe("\r\n+POP3: SUCCESS\r\n\r\nOK\r\n");
    expect(await dovecot.count()).toBe(3);
  });

  test.each([
    ["john", "wrong"],
    ["nobody", "s3cret!"],
  ])("refuse %s with %s", async (user, password) => {
    await account(user, password);
    expect(await answer("AT+POP3IN", "\r\nERROR\r\n")).toBe("\r\n+POP3: INVALID UNPWD\r\n\r\nERROR\r\n");
  });

  test("get mails with attachments, and read them", async () => {
    await answer("AT+POP3IN");
    for (const [index, mail] of mails.entries()) {
      const told = await answer(`AT+POP3GET=${index + 1},3`, ".TXT\r\n");
      const directory = /^\r\nOK\r\n\r\n\+POP3: SUCCESS\r\nC:\/Email\/(\d{12})\/, EMAIL000\.TXT\r\n$/.exec(told)?.[1];
      const raw = mail.toString("latin1").replaceAll("\n", "\r\n");
      expect(await answer(`AT+POP3READ=0,"${directory}/${directory}.eml"`, "\r\n\r\nOK\r\n")).toBe(
        `\r\n${raw}\r\n\r\nOK\r\n`,
      );
      expect(await answer("AT+POP3READ", "\r\n\r\nOK\r\n")).toContain(raw.slice(0, raw.indexOf("\r\n\r\n")));
    }
    expect(await answer("AT+POP3GET=9", "FAILURE\r\n")).toBe("\r\nOK\r\n\r\n+POP3: FAILURE\r\n");
  });

  test("delete at log-out, not at a stop", async () => {
    await answer("AT+POP3IN");
    await answer("AT+POP3DEL=1");
    expect(await answer("AT+POP3STOP")).toBe("\r\nOK\r\n");
    expect(await dovecot.count()).toBe(3);
    // The server takes a moment to see that the session was dropped, and to unlock.
    for (let attempt = 0; attempt < 50; attempt++) {
      void host.write("AT+POP3IN\r");
      const end = (await host.waitFor("\r\n\r\n", AbortSignal.timeout(10_000))).toString();
      if (end.includes("SUCCESS")) break;
      await host.waitFor("ERROR\r\n", AbortSignal.timeout(10_000));
    }
    await host.waitFor("OK\r\n", AbortSignal.timeout(10_000));
    expect(await answer("AT+POP3NUM")).toBe(`\r\n+POP3: 3, ${total}\r\n\r\nOK\r\n`);
    await answer("AT+POP3DEL=2");
    await answer("AT+POP3OUT");
    expect(await dovecot.count()).toBe(2);
  });
});
