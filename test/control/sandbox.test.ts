import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ControlBench, controlBench } from "../support/control-bench.ts";

const binary = { "Content-Type": "application/octet-stream" };

async function sendMail({ say, host }: ControlBench): Promise<void> {
  await say(
    'AT+SMTPSRV="mail";+SMTPFROM="me@example.com";+SMTPRCPT=0,0,"user@example.com";+SMTPBODY="Hi";+SMTPSUB="Hello"',
  );
  await say('AT+SMTPFILE=1,"C:/a.txt"');
  await say("AT+SMTPSEND");
  await host.waitFor("+SMTP: SUCCESS", AbortSignal.timeout(10_000));
}

test("a mail shows parsed and as received, until it is forgotten", async () => {
  const bench = await controlBench();
  const { ask, rig } = bench;
  await rig.modem("m1").efs.writeFile("C:/a.txt", "attached");
  await sendMail(bench);
  const [summary] = (await ask("GET", "/api/sandbox/mail")).json.mail;
  expect(summary).toMatchObject({ id: 1, from: "me@example.com", recipients: ["user@example.com"], subject: "Hello" });
  const { json } = await ask("GET", "/api/sandbox/mail/1");
  expect(json.text.trim()).toBe("Hi");
  const sha256 = createHash("sha256").update("attached").digest("hex");
  expect(json.attachments).toMatchObject([{ name: "a.txt", size: 8, sha256 }]);
  const raw = await ask("GET", "/api/sandbox/mail/1/raw");
  expect(raw.text).toMatch(/^Subject: .*Hello/im);
  expect(summary.size).toBe(raw.text.length);
  expect((await ask("GET", "/api/sandbox/mail/2")).status).toBe(404);
  expect((await ask("DELETE", "/api/sandbox/mail")).json).toEqual({ removed: 1 });
  expect((await ask("GET", "/api/sandbox/mail")).json).toEqual({ mail: [] });
});

test("a message goes into a mailbox, and the module reads it", async () => {
  const { ask, rig } = await controlBench();
  const body = Buffer.from("Subject: x\r\n\r\nhello\r\n");
  const reply = await ask("POST", "/api/sandbox/mailboxes/someone", {
    body,
    headers: { "Content-Type": "message/rfc822" },
  });
  expect(reply.json).toEqual({ size: body.length });
  expect(rig.sandbox?.pop3.mailboxes.get("someone")).toHaveLength(1);
});

test("a request to the sandbox shows with head and body", async () => {
  const { ask, rig } = await controlBench();
  const { host, port } = rig.sandbox?.servers.http ?? { host: "", port: 0 };
  await fetch(`http://${host}:${port}/echo`, { method: "POST", body: "ping", headers: { "X-Test": "1" } });
  const { requests } = (await ask("GET", "/api/sandbox/requests")).json;
  expect(requests).toMatchObject([
    { id: 1, method: "POST", target: "/echo", body: "ping", bodyLength: 4, status: 200 },
  ]);
  expect(requests[0].headers).toContainEqual({ name: "x-test", value: "1" });
  expect((await ask("DELETE", "/api/sandbox/requests")).json).toEqual({ removed: 1 });
  expect((await ask("GET", "/api/sandbox/requests")).json).toEqual({ requests: [] });
});

describe("pages", () => {
  const get = async ({ rig }: ControlBench, path: string) => {
    const { host, port } = rig.sandbox?.servers.http ?? { host: "", port: 0 };
    const response = await fetch(`http://${host}:${port}${path}`);
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };

  test("a page described in JSON, until it is removed", async () => {
    const bench = await controlBench();
    const page = { status: 418, headers: { "Content-Type": "text/x-tea" }, body: "tea" };
    expect((await bench.ask("PUT", "/api/sandbox/pages/a/b", { body: page })).json).toEqual({ page: "/a/b" });
    expect(await get(bench, "/a/b")).toEqual({ status: 418, type: "text/x-tea", text: "tea" });
    expect((await bench.ask("DELETE", "/api/sandbox/pages/a/b")).json).toEqual({ removed: true });
    expect((await bench.ask("DELETE", "/api/sandbox/pages/a/b")).status).toBe(404);
    expect((await get(bench, "/a/b")).status).toBe(404);
  });

  test("raw bytes with their type", async () => {
    const bench = await controlBench();
    const given = { body: Buffer.from("<p>"), headers: { "Content-Type": "text/html" } };
    await bench.ask("PUT", "/api/sandbox/pages/p.html", given);
    expect(await get(bench, "/p.html")).toEqual({ status: 200, type: "text/html", text: "<p>" });
  });

  test("a page of one host is not there for another", async () => {
    const bench = await controlBench();
    await bench.ask("PUT", "/api/sandbox/pages/only?host=www.example.com", { body: { body: "x" } });
    expect((await get(bench, "/only")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/sandbox/pages/only")).status).toBe(404);
    expect((await bench.ask("DELETE", "/api/sandbox/pages/only?host=WWW.example.com")).json).toEqual({ removed: true });
  });

  test.each([
    [{ status: 99 }, "/status"],
    [{ status: "200" }, "/status"],
    [{ headers: { "a b": "x" } }, "/headers/a b"],
    [{ headers: { a: 1 } }, "/headers/a"],
    [{ headers: { a: "x\r\ny: z" } }, "/headers/a"],
    [{ body: 1 }, "/body"],
    [{ more: 1 }, "/more"],
  ])("%j is refused", async (body, at) => {
    const { ask } = await controlBench();
    const { status, json } = await ask("PUT", "/api/sandbox/pages/x", { body });
    expect([status, json.error.at]).toEqual([422, at]);
  });
});

describe("files", () => {
  test("a file of the FTP server is put, read, listed and removed", async () => {
    const { ask } = await controlBench();
    const path = "/api/sandbox/files/new/a%20b.txt";
    expect((await ask("PUT", path, { body: Buffer.from("x"), headers: binary })).json).toEqual({
      path: "/new/a b.txt",
      size: 1,
    });
    expect((await ask("GET", path)).text).toBe("x");
    expect((await ask("GET", "/api/sandbox/files/new")).json).toEqual({
      entries: [{ name: "a b.txt", kind: "file", size: 1 }],
    });
    expect((await ask("DELETE", "/api/sandbox/files/new")).json).toEqual({ removed: true });
    expect((await ask("DELETE", "/api/sandbox/files/new")).status).toBe(404);
    expect((await ask("GET", path)).status).toBe(404);
  });

  test("a directory is made, with those above it, and stays where it is there", async () => {
    const { ask } = await controlBench();
    const made = { path: "/new/dir/", size: 0 };
    for (let round = 0; round < 2; round++) {
      expect((await ask("PUT", "/api/sandbox/files/new/dir/", { headers: binary })).json).toEqual(made);
    }
    expect((await ask("GET", "/api/sandbox/files/new/dir")).json).toEqual({ entries: [] });
    await ask("PUT", "/api/sandbox/files/file", { body: Buffer.from("x"), headers: binary });
    expect((await ask("PUT", "/api/sandbox/files/file/", { headers: binary })).status).toBe(404);
  });

  test.each([
    ["PUT", ""],
    ["PUT", "../x"],
    ["DELETE", ""],
    ["GET", "%2e%2e/x"],
  ])("%s of %s is refused", async (method, path) => {
    const { ask } = await controlBench();
    const given = method === "PUT" ? { body: Buffer.from("x"), headers: binary } : {};
    expect((await ask(method, `/api/sandbox/files/${path}`, given)).status).toBe(404);
  });
});

test("without a sandbox its routes are 409", async () => {
  const { ask } = await controlBench({ sandbox: false });
  for (const path of ["mail", "mail/1", "mail/1/raw", "requests", "files/x"]) {
    expect((await ask("GET", `/api/sandbox/${path}`)).status).toBe(409);
  }
  const given = { body: Buffer.from("x"), headers: binary };
  expect((await ask("POST", "/api/sandbox/mailboxes/u", given)).status).toBe(409);
  expect((await ask("PUT", "/api/sandbox/pages/u", given)).status).toBe(409);
  expect((await ask("PUT", "/api/sandbox/files/u", given)).status).toBe(409);
  for (const path of ["mail", "requests", "pages/u", "files/u"]) {
    expect((await ask("DELETE", `/api/sandbox/${path}`)).status).toBe(409);
  }
});
