import { expect, test } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { OK } from "../support/framing.ts";
import { bench, SESSIONS } from "./bench.ts";

type Bench = Awaited<ReturnType<typeof bench>>;

/** A host that downloads `/a.txt` to D:, and what `AT+CFTPGETFILE` says in the end. */
async function download({ rig, dte }: Bench, said: string): Promise<void> {
  await rig.sandbox?.ftp.files.put("/a.txt", "new");
  await dte.command(`${SESSIONS.ftp[0]};+FSCD=D:/\r`, `\r\n+FSCD: D:/\r\n${OK}`);
  dte.send('AT+CFTPGETFILE="/a.txt",0\r');
  await dte.expect(`${OK}\r\n+CFTPGETFILE: ${said}\r\n`, { within: 10_000 });
}

test("efs_full: FSMEM shows it, a download is 206 and leaves the old file, and what is removed makes room", async () => {
  const full = await bench([], { sandbox: true });
  const { rig, modem, dte } = full;
  await modem.efs.writeFile("D:/a.txt", "old");
  await modem.efs.writeFile("D:/big", Buffer.alloc(4096));
  const { id } = rig.faults.add({ kind: "efs_full", volume: "D:" });
  await download(full, "206");
  expect(await modem.efs.readFile("D:/a.txt", "latin1")).toBe("old");
  await dte.command("AT+FSMEM\r", `\r\n+FSMEM: C:(11348480, 0), D:(255533056, 255533056)\r\n${OK}`);
  await dte.command("AT+FSDEL=big\r", OK);
  await download(full, "0");
  expect(await modem.efs.readFile("D:/a.txt", "latin1")).toBe("new");
  rig.faults.remove(id);
  await dte.command("AT+FSMEM\r", `\r\n+FSMEM: C:(11348480, 0), D:(255533056, 3)\r\n${OK}`);
  expect(full.fired()).toEqual([]);
});

test("efs_full in the middle of a download: the rest finds no room", async () => {
  const on = { type: "connection", service: "ftp-data", phase: "open" };
  const full = await bench([{ kind: "efs_full", volume: "D:", on }], { sandbox: true });
  await download(full, "206");
  await expect(full.modem.efs.stat("D:/a.txt")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(full.fired()).toEqual([1]);
});

test("efs_full goes with a reset of the rig", async () => {
  const { rig, modem } = await bench([{ kind: "efs_full", volume: "C:" }]);
  await expect(modem.efs.writeFile("C:/a", "x")).rejects.toMatchObject({ code: "NO_SPACE" });
  await rig.reset();
  await modem.efs.writeFile("C:/a", "x");
});

test.each(["write", "commit"])(
  "efs_fail of a %s: a download is 206 once, leaves the old file, and then works",
  async (operation) => {
    const failing = await bench([], { sandbox: true });
    const { rig, modem } = failing;
    await modem.efs.writeFile("D:/a.txt", "old");
    rig.faults.add({ kind: "efs_fail", operation, times: 1 });
    await download(failing, "206");
    expect([await modem.efs.readFile("D:/a.txt", "latin1"), failing.fired()]).toEqual(["old", [1]]);
    await download(failing, "0");
    expect(await modem.efs.readFile("D:/a.txt", "latin1")).toBe("new");
  },
);

test("efs_fail of a read: an upload is 205 once, the server keeps no whole file, and then works", async () => {
  const { rig, modem, dte, fired } = await bench([], { sandbox: true });
  await modem.efs.writeFile("C:/up.txt", "content");
  rig.faults.add({ kind: "efs_fail", operation: "read", times: 1 });
  await dte.command(`${SESSIONS.ftp[0]}\r`, OK);
  dte.send('AT+CFTPPUTFILE="/up.txt",0\r');
  await dte.expect(`${OK}\r\n+CFTPPUTFILE: 205\r\n`, { within: 10_000 });
  expect((await rig.sandbox?.ftp.files.get("/up.txt"))?.toString() ?? "").not.toBe("content");
  dte.send('AT+CFTPPUTFILE="/up.txt",0\r');
  await dte.expect(`${OK}\r\n+CFTPPUTFILE: 0\r\n`, { within: 10_000 });
  expect(fired()).toEqual([1]);
});

test.each(["write", "commit"])(
  "efs_fail of a %s: a mail that cannot be kept is FILE SYSTEM ERROR, and leaves nothing",
  async (operation) => {
    const { rig, modem, dte } = await bench([{ kind: "efs_fail", operation }], { sandbox: true });
    await dte.command(`${SESSIONS.pop3[0]}\r`, OK);
    await dte.command(`${SESSIONS.pop3[1]}\r`, `\r\n+POP3: SUCCESS\r\n${OK}`);
    dte.send("AT+POP3GET=1\r");
    await dte.expect(`${OK}\r\n+POP3: FILE SYSTEM ERROR\r\n`, { within: 10_000 });
    expect(await modem.efs.list("C:/Email")).toEqual([]);
    rig.faults.clear();
    await dte.command(`${SESSIONS.pop3[1]}\r`, `\r\n+POP3: SUCCESS\r\n${OK}`);
    dte.send("AT+POP3GET=1\r");
    await dte.expect(`${OK}\r\n+POP3: SUCCESS\r\nC:/Email/`, { within: 10_000 });
  },
);

test("efs_fail on the card leaves C: alone", async () => {
  const { modem } = await bench([{ kind: "efs_fail", operation: "write", volume: "D:" } satisfies FaultSpec]);
  await modem.efs.writeFile("C:/a", "x");
  await expect(modem.efs.writeFile("D:/a", "x")).rejects.toMatchObject({ code: "IO" });
});
