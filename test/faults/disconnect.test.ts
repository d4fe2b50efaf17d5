import { once } from "node:events";
import { existsSync, lstatSync, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigModemStart } from "../../src/rig/rig-start.ts";
import { parseListenAddress } from "../../src/transport/tcp.ts";
import { OK } from "../support/framing.ts";
import { until } from "../support/loopback.ts";
import { PtyDialogue } from "../support/pty-dialogue.ts";

const FAULT = { kind: "disconnect", ms: 5000 };

/** A rig on a real medium, whose clock a test moves. */
async function rigOn(modem: RigModemStart) {
  const clock = new VirtualClock();
  const rig = await Rig.start({ clock, modems: [modem] });
  onTestFinished(() => rig.close());
  return { rig, clock, modem: rig.modem("m1") };
}

test("on a pty: the host is hung up, the link is gone, and leads to the new port afterwards", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vmodem-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const link = join(folder, "modem");
  const { rig, clock, modem } = await rigOn({ link });
  const first = new PtyDialogue(link);
  await first.command("ATE0\r", `ATE0\r${OK}`);
  rig.faults.add(FAULT);
  await until(() => !existsSync(link));
  await expect(first.send("AT\r")).rejects.toMatchObject({ code: "EIO" });
  first.close();
  await clock.advance(4999);
  expect(existsSync(link)).toBe(false);
  await clock.advance(1);
  await until(() => existsSync(link));
  expect([lstatSync(link).isSymbolicLink(), readlinkSync(link)]).toEqual([true, modem.port]);
  const second = new PtyDialogue(link);
  // It is the same module, which has never lost its power: echo is off.
  await second.command("AT\r", OK);
});

test("on TCP: the host is cut off, cannot connect, and finds the same port afterwards", async () => {
  const { rig, clock, modem } = await rigOn({ tcp: 0 });
  const address = parseListenAddress(modem.port);
  const first = connect(address);
  first.write("ATE0\r");
  await once(first, "data");
  rig.faults.add(FAULT);
  await once(first.resume(), "close");
  const [error] = await once(connect(address), "error");
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
  await clock.advance(5000);
  await until(() => modem.port === `127.0.0.1:${address.port}`);
  const second = await dialUntilHeard(address);
  onTestFinished(() => void second.destroy());
  second.write("AT\r");
  const [said] = await once(second, "data");
  expect(String(said)).toBe(OK);
});

test("closing the rig while the port is away leaves nothing", async () => {
  const { rig, clock } = await rigOn({ tcp: 0 });
  rig.faults.add(FAULT);
  await clock.advance(0);
  await rig.close();
  expect(clock.pendingAlarms).toBe(0);
});

test("where the port cannot come back the medium is lost", async () => {
  const { rig, clock, modem } = await rigOn({ tcp: 0 });
  rig.faults.add(FAULT);
  await clock.advance(0);
  const { TcpNetwork } = await import("../../src/platform/network/tcp-network.ts");
  const other = await new TcpNetwork().listen(parseListenAddress(modem.port), new AbortController().signal);
  onTestFinished(() => other.close());
  await clock.advance(5000);
  expect((await modem.lost).message).toMatch(/EADDRINUSE|in use/);
});

/** Connects as soon as somebody listens. */
async function dialUntilHeard(address: { readonly host: string; readonly port: number }) {
  for (let left = 1000; ; left--) {
    const socket = connect(address);
    const failed = await Promise.race([
      once(socket, "connect").then(() => false),
      once(socket, "close").then(() => true),
    ]).catch(() => true);
    if (!failed) return socket;
    if (left === 0) throw new Error("nobody listens");
  }
}
