import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { bounded } from "../support/program.ts";
import { PtyHost } from "../support/pty-host.ts";
import { killGroup, temporaryFolder } from "./host-run.ts";
import { locate } from "./program.ts";
import { startModem } from "./start-modem.ts";

/** A report of gpsd. That of the class `TPV` is about time, position and velocity; its `mode` 3 is a fix with an altitude. */
interface Report {
  readonly class: string;
  readonly [field: string]: unknown;
}

/** Starts gpsd on a port of sentences, and gives its reports as they come. */
async function startGpsd(link: string): Promise<AsyncIterable<Report>> {
  const port = await freePort();
  const args = ["-N", "-n", "-S", String(port), link];
  const child = spawn(locate("gpsd") ?? "gpsd", args, { detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  onTestFinished(async () => {
    killGroup(child.pid);
    await ended;
  });
  const socket = await bounded(connected(port), () => "gpsd to listen");
  onTestFinished(() => void socket.destroy());
  socket.write('?WATCH={"enable":true,"json":true}\n');
  return reportsOf(socket);
}

async function connected(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const opened = await Promise.race([once(socket, "connect"), once(socket, "error")]).catch(() => undefined);
    if (opened !== undefined && !socket.connecting && !socket.destroyed) return socket;
    socket.destroy();
    await sleep(50);
  }
}

async function* reportsOf(socket: Socket): AsyncGenerator<Report> {
  for await (const line of createInterface({ input: socket })) yield JSON.parse(line) as Report;
}

async function firstOf(reports: AsyncIterable<Report>, is: (report: Report) => boolean): Promise<Report> {
  for await (const report of reports) if (is(report)) return report;
  throw new Error("gpsd has ended");
}

test.skipIf(locate("gpsd") === undefined)("gpsd reads position and movement from the port of sentences", async () => {
  const folder = await temporaryFolder();
  const link = join(folder, "nmea");
  const track = join(folder, "track.json");
  // To the west at 55.6 m/s, and 5 cm up each second.
  const points = [0, 1000].map((time) => ({ latitude: 0, longitude: -time / 2000, altitude: 400 + time / 20, time }));
  await writeFile(track, JSON.stringify(points));
  const options = ["--nmea-link", link, "--gps-track", track, "--mode", "666", "--clock", "2026-01-31T12:00:00Z"];
  const { port } = await startModem(...options);
  const host = new PtyHost(port);
  onTestFinished(() => host.close());
  host.write(Buffer.from("AT+CGPSHOT\r"));
  const reports = await startGpsd(link);
  const found = await bounded(
    firstOf(reports, ({ class: kind, mode, time, speed }) => kind === "TPV" && mode === 3 && Boolean(time && speed)),
    () => "a fix",
  );
  expect(found).toMatchObject({
    device: link,
    time: expect.stringMatching(/^2026-01-31T12:00:/),
    lat: expect.closeTo(0, 6),
    alt: expect.closeTo(400, -1),
    speed: expect.closeTo(55.6, 0),
    track: expect.closeTo(270, 1),
  });
  expect(found.lon).toBeLessThan(0);
  expect(found.lon).toBeGreaterThan(-0.05);
});
