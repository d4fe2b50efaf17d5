import { expect, onTestFinished, test } from "vitest";
import { Efs } from "../../../src/efs/efs.ts";
import { DIALECTS } from "../../../src/module/dialect.ts";
import { silentLog } from "../../../src/platform/log.ts";
import { TcpNetwork } from "../../../src/platform/network/tcp-network.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { WorkSet } from "../../../src/platform/work-set.ts";
import { FtpService } from "../../../src/services/ftp/service.ts";
import { type Action, fakeServer } from "../../protocols/ftp/fake-server.ts";
import { until } from "../../support/loopback.ts";

const live = new AbortController().signal;

/** A service with a card in its EFS, and the lines that it prints. */
async function withCard(actions: Record<string, Action>) {
  const server = await fakeServer(actions);
  onTestFinished(() => server.close());
  const clock = new VirtualClock();
  const efs = await Efs.open({ clock });
  const lines: string[] = [];
  const service = new FtpService({
    network: new TcpNetwork(),
    clock,
    outlet: { urc: (text) => lines.push(text), packets: async () => undefined },
    efs,
    dialect: DIALECTS.manual,
    timing: { timeoutScale: 1, packetGap: 0, promptDelay: 0 },
    log: silentLog,
    work: new WorkSet(),
  });
  Object.assign(service.parameters, { server: server.host, port: server.port, mode: 1, user: "u", password: "p" });
  return { efs, service, lines, clock };
}

async function write(efs: Efs, path: string, content: Uint8Array): Promise<void> {
  const place = efs.resolve(path);
  if (place === undefined) throw new Error("no path");
  const writer = await efs.openWriter(place);
  await writer.write(content, live);
  await writer.commit();
}

async function read(efs: Efs, path: string): Promise<string> {
  const place = efs.resolve(path);
  if (place === undefined) throw new Error("no path");
  const reader = await efs.openReader(place);
  const chunk = await reader.read(live);
  await reader.close();
  return Buffer.from(chunk ?? []).toString();
}

test("a card pulled out in the middle of a download is 206, and the old file is still on it", async () => {
  let go: (() => void) | undefined;
  const { efs, service, lines, clock } = await withCard({
    RETR: async (dialogue) => {
      dialogue.say("150 coming");
      const data = await dialogue.data();
      data.write("first");
      await new Promise<void>((resolve) => (go = resolve));
      data.end("second");
      dialogue.say("226 done");
    },
  });
  await write(efs, "D:/Audio/a", Buffer.from("old"));
  expect(service.getFile({ path: "/a", directory: 8, offset: 0 }, live)).toBeUndefined();
  await until(() => go !== undefined && clock.pendingAlarms === 1);
  await efs.pullCard();
  go?.();
  await until(() => lines.length > 0);
  expect([lines, service.busy]).toEqual([["+CFTPGETFILE: 206"], false]);
  await efs.insertCard();
  expect(await read(efs, "D:/Audio/a")).toBe("old");
  const audio = efs.resolve("D:/Audio");
  expect(audio && (await efs.list(audio)).length).toBe(1);
  expect(clock.pendingAlarms).toBe(0);
});

test("a card pulled out in the middle of an upload is 205, and the server does not take the part for the whole", async () => {
  const seen: string[] = [];
  let go: (() => void) | undefined;
  const { efs, service, lines, clock } = await withCard({
    STOR: async (dialogue) => {
      dialogue.say("150 send");
      const data = await dialogue.data();
      await new Promise<void>((resolve) => (go = resolve));
      for (const event of ["end", "error"]) data.on(event, () => seen.push(event));
      data.resume();
    },
  });
  await write(efs, "D:/Audio/a", Buffer.alloc(100 * 1024 * 1024));
  expect(service.putFile({ path: "/a", directory: 8, offset: 0 }, live)).toBeUndefined();
  await until(() => go !== undefined);
  await efs.pullCard();
  go?.();
  await until(() => lines.length > 0 && seen.length > 0);
  expect([lines, seen]).toEqual([["+CFTPPUTFILE: 205"], ["error"]]);
  expect(clock.pendingAlarms).toBe(0);
});

test("without a card its directories are 206 and 205", async () => {
  const { efs, service, lines } = await withCard({});
  await efs.pullCard();
  service.getFile({ path: "/a", directory: 4, offset: 0 }, live);
  await until(() => lines.length === 1);
  service.putFile({ path: "/a", directory: 5, offset: 0 }, live);
  await until(() => lines.length === 2);
  expect(lines).toEqual(["+CFTPGETFILE: 206", "+CFTPPUTFILE: 205"]);
});
