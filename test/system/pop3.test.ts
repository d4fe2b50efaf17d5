import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DialectName } from "../../src/module/dialect.ts";
import { silentLog } from "../../src/platform/log.ts";
import { ResolvingNetwork } from "../../src/platform/network/resolving-network.ts";
import { TcpNetwork } from "../../src/platform/network/tcp-network.ts";
import { SystemClock } from "../../src/platform/time/clock.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { type SerialHost, serialHost } from "../support/serial-host.ts";

const mail = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/mail", name), "latin1").replace(/\r?\n/g, "\r\n");

/** A program in the manner of a sketch on a microcontroller: println, and one byte at a time until a text has come. */
class Sketch {
  readonly #host: SerialHost;

  constructor(host: SerialHost) {
    this.#host = host;
  }

  static async start(dialect: DialectName): Promise<Sketch> {
    const parts = { network: new TcpNetwork(), clock: new SystemClock(), log: silentLog };
    const sandbox = await startSandbox(parts, new AbortController().signal);
    onTestFinished(() => sandbox.close());
    const network = new ResolvingNetwork(parts.network, sandbox.rules);
    return new Sketch(await serialHost({ dialect, network }));
  }

  println(text: string): void {
    this.#host.send(`${text}\r\n`);
  }

  async readByte(): Promise<string> {
    return (await this.#host.read(1)).toString("latin1");
  }

  /** All that comes up to and including the text. */
  async waitFor(text: string): Promise<string> {
    let seen = "";
    while (!seen.endsWith(text)) seen += await this.readByte();
    return seen;
  }

  async command(text: string, answer = "\r\nOK\r\n"): Promise<string> {
    this.println(text);
    return this.waitFor(answer);
  }
}

const dialects = ["manual", "field"] as const;

test.each(dialects)(
  "a sketch that looks for C:/Email/ and drops blanks and commas gets its mail (%s)",
  async (dialect) => {
    const sketch = await Sketch.start(dialect);
    await sketch.command('AT+POP3SRV="pop.example.com","user","password",110');
    await sketch.command("AT+POP3IN");
    sketch.println("AT+POP3GET=2");
    await sketch.waitFor("C:/Email/");
    let file = "";
    for (let byte = await sketch.readByte(); byte !== "\r"; byte = await sketch.readByte()) {
      if (byte !== " " && byte !== ",") file += byte;
    }
    expect(file).toMatch(dialect === "manual" ? /^\d{12}\/EMAIL000\.TXT$/ : /^(\d{12})\/EMAIL\1(?:000)\.TXT$/);
    const read = await sketch.command(`AT+POP3READ=0,"${file}"`);
    const text = read.slice(read.indexOf("\r\r\n") + 3);
    const [header = ""] = mail("2-attachments.eml").split("\r\n\r\n", 1);
    const shown =
      dialect === "manual"
        ? header
        : ["Subject", "Date", "From", "To"]
            .map((name) => header.match(new RegExp(`^${name}: .*$`, "m"))?.[0])
            .join("\r\n");
    expect(text).toBe(
      `${shown}\r\n\r\nVoltage table and chart are attached. Temperature at noon: 31\xb0C, ` +
        "a long line that had to be cut.\r\n\r\nOK\r\n",
    );
  },
);

test.each(dialects)("a sketch that repeats log-in and log-out for each step gets its mail (%s)", async (dialect) => {
  const sketch = await Sketch.start(dialect);
  await sketch.command('AT+POP3SRV="pop.example.com","user","password",110');
  await sketch.command("AT+POP3IN", "+POP3: SUCCESS");
  await sketch.waitFor("OK\r\n");
  await sketch.command("AT+IPR=4800");
  // It counts the lines of the list up to the K of OK.
  await sketch.command("AT+POP3LIST", "+POP3:");
  expect((await sketch.waitFor("K")).split("\r").length - 1).toBe(6);
  await sketch.command("AT+POP3HDR=1", "From:");
  await sketch.waitFor("OK");
  await sketch.command("AT+POP3GET=1,1", "+POP3: SUCCESS");
  expect((await sketch.readByte()) + (await sketch.readByte())).toBe("\r\n");
  expect(await sketch.waitFor("\r")).toMatch(/^C:\/Email\/\d{12}\/, EMAIL\d+\.TXT\r$/);
  await sketch.command("AT+POP3DEL=1", "+POP3: SUCCESS");
  await sketch.command("AT+POP3OUT", "+POP3: SUCCESS");
  await sketch.waitFor("OK\r\n");
  await sketch.command("AT+POP3IN", "+POP3: SUCCESS");
  await sketch.command("AT+POP3NUM", "+POP3: ");
  expect(await sketch.waitFor(",")).toBe("3,");
});

test("a sketch that keeps the CR of the directory's line gets its mail, and again after a reset of its own", async () => {
  const sketch = await Sketch.start("field");
  await sketch.command('AT+POP3SRV="pop.example.com", "user", "password", 110');
  for (let round = 0; round < 2; round++) {
    await sketch.command("AT+POP3IN", "POP3: SUCCESS");
    await sketch.command("AT+POP3GET= 3", "\nC:/Email/");
    const line = await sketch.waitFor("\r");
    const file = line.replace(/[ ,\r]/g, "");
    await sketch.waitFor("\n");
    sketch.println(`AT+POP3READ=0,"${file}"\r`);
    expect(await sketch.waitFor("\r\nOK\r\n")).toContain("\r\nSubject: ");
    await sketch.command("AT+POP3STOP");
  }
});

test("the line that the ready message suggests works", async () => {
  const sketch = await Sketch.start("manual");
  sketch.println('AT+POP3SRV="mail","user","password"; +POP3IN; +POP3LIST; +POP3GET=2');
  expect(await sketch.waitFor("EMAIL000.TXT\r\n")).toMatch(
    /\+POP3: SUCCESS\r\n\r\n\+POP3: 4 \d+\r\n.*\r\n\r\nOK\r\n\r\n\+POP3: SUCCESS/s,
  );
});
