import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runProgram, startProgram, until } from "../support/program.ts";
import { PtyHost } from "../support/pty-host.ts";

function nmeaLink(): string {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-gps-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "nmea");
}

function hostOf(path: string): PtyHost {
  const host = new PtyHost(path);
  onTestFinished(() => host.close());
  return host;
}

async function hear(host: PtyHost, end: string): Promise<string> {
  let said = "";
  await until(
    () => {
      said += Buffer.from(host.take()).toString();
      return said.includes(end);
    },
    `${JSON.stringify(end)} after ${JSON.stringify(said)}`,
  );
  return said;
}

test("the port for the sentences is named by the ready line, speaks, and goes with the program", async () => {
  const link = nmeaLink();
  const program = startProgram(["--json", "--nmea-link", link]);
  const { port, nmea } = JSON.parse(await program.waitFor("\n"));
  expect(nmea).toBe(link);
  const sentences = hostOf(link);
  const host = hostOf(port);
  host.write(Buffer.from("AT+CGPS=1\r"));
  await hear(host, "OK\r\n");
  expect(await hear(sentences, "\r\n")).toMatch(/^\$GPGSV,2,1,08,/);
  program.child.kill("SIGTERM");
  await program.ended;
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("that of each modem of --count has a number", async () => {
  const link = nmeaLink();
  const program = startProgram(["--json", "--count", "2", "--nmea-link", link]);
  expect(JSON.parse(await program.waitFor("\n")).modems).toMatchObject([{ nmea: `${link}1` }, { nmea: `${link}2` }]);
});

test.each([
  [["--nmea-link", "/nope/nmea"], "--nmea-link /nope/nmea: there is no directory /nope"],
  [["--gps-track", "/nope.gpx"], "--gps-track /nope.gpx: there is no such file"],
])("what cannot be opened is one line on stderr and code 2: %j", async (args, message) => {
  const { code, output, errors } = await runProgram(args);
  expect([code, output, errors]).toEqual([2, "", `vmodem: ${message}\n`]);
});
