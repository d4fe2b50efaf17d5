import { afterEach, describe, expect, test } from "vitest";
import { lineLog } from "../../../src/platform/log.ts";
import type { Connection, Network } from "../../../src/platform/network/network.ts";
import { ServiceError } from "../../../src/platform/network/service-error.ts";
import { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";
import { openSmtpSession, type SmtpEnvelope } from "../../../src/protocols/smtp/session.ts";
import type { SmtpMessage } from "../../../src/protocols/smtp/transmit.ts";
import { NO_DATAGRAMS } from "../../support/no-datagrams.ts";
import { ScriptedServer } from "../../support/scripted-server.ts";
import { messageOf, smtpPorts } from "../../support/smtp-client.ts";

const opened: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

const bounded = () => AbortSignal.timeout(15_000);

type Replies = Readonly<Record<string, string | undefined>>;

const GOOD: Replies = { GREETING: "220 hi", EHLO: "250 me", DATA: "354 go", ".": "250 taken", QUIT: "221 bye" };

/** A server that answers by the first word of a line, with 250 where nothing is said. */
async function server(replies: Replies, emit: (text: string) => string[] = (text) => [text]): Promise<ScriptedServer> {
  const script = await ScriptedServer.start(async (peer) => {
    const say = async (word: string) => {
      const reply = `${replies[word] ?? GOOD[word] ?? "250 ok"}\r\n`;
      for (const piece of emit(reply)) {
        peer.say(piece);
        await new Promise(setImmediate);
      }
      return reply.startsWith("354");
    };
    let message = false;
    await say("GREETING");
    for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) {
      if (message && line !== ".") continue;
      const [word = ""] = line.split(/[ :]/);
      message = await say(replies[line] === undefined ? word : line);
      if (word === "QUIT") peer.close();
    }
  });
  opened.push(script);
  return script;
}

const envelope: SmtpEnvelope = { from: "a@b", recipients: ["c@d"] };

async function sendMail(to: ScriptedServer, mail = envelope, message: SmtpMessage = messageOf("x\r\n")): Promise<void> {
  const session = await openSmtpSession(smtpPorts(), to.address, undefined, bounded());
  await session.send(mail, message);
  await session.quit();
}

test("a mail goes step by step to a server that offers nothing", async () => {
  const to = await server({});
  await sendMail(to, { from: "", recipients: ["c@d", "e@f"] }, messageOf("a\r\n", ".", "b\r\n", "\xe9"));
  expect(to.heard).toEqual([
    "EHLO [127.0.0.1]",
    "MAIL FROM:<>",
    "RCPT TO:<c@d>",
    "RCPT TO:<e@f>",
    "DATA",
    "a",
    "..b",
    "\xe9",
    ".",
    "QUIT",
  ]);
});

test("replies may come in any pieces, several lines long", async () => {
  const many = {
    GREETING: "220-hello\r\n220",
    EHLO: "250-me\r\n250-SIZE 1000\r\n250 HELP",
    MAIL: "250-a\r\n250-\r\n250 c",
  };
  const to = await server(many, (text) => [...text]);
  await sendMail(to);
  expect(to.heard).toContain("MAIL FROM:<a@b> SIZE=3");
});

test("two messages one after the other go through one session", async () => {
  const to = await server({});
  const session = await openSmtpSession(smtpPorts(), to.address, undefined, bounded());
  await session.send(envelope, messageOf("x\r\n"));
  await session.send(envelope, messageOf("y\r\n"));
  await session.quit();
  expect(to.heard.filter((line) => line === "DATA")).toHaveLength(2);
});

test("time stands still between two steps of the caller", async () => {
  const clock = new VirtualClock();
  const to = await server({});
  const session = await openSmtpSession(smtpPorts({ clock }), to.address, undefined, bounded());
  await clock.advance(3_600_000);
  await session.send(envelope, messageOf("x\r\n"));
  await clock.advance(3_600_000);
  await session.quit();
  expect(to.heard.at(-1)).toBe("QUIT");
});

test.each(["500 what?", "502 no", "550 no", "554 no"])("EHLO refused by %j is followed by HELO", async (reply) => {
  const to = await server({ EHLO: reply });
  await sendMail(to);
  expect(to.heard.slice(0, 3)).toEqual(["EHLO [127.0.0.1]", "HELO [127.0.0.1]", "MAIL FROM:<a@b>"]);
});

test("HELO refused too is a refusal", async () => {
  const to = await server({ EHLO: "500 no", HELO: "550 no" });
  await expect(sendMail(to)).rejects.toMatchObject({ reply: 550, verb: "HELO" });
});

test.each([
  ["250-me\r\n250 SIZE 100", "x\r\n", " SIZE=3"],
  ["250-me\r\n250 SIZE", "x\r\n", " SIZE=3"],
  ["250-me\r\n250 size 0", "x\r\n", " SIZE=3"],
  ["250-me\r\n250 8BITMIME", "\xe9\r\n", " BODY=8BITMIME"],
  ["250-me\r\n250-8BITMIME\r\n250 SIZE", "\xe9", " SIZE=1 BODY=8BITMIME"],
  ["250-me\r\n250 8BITMIME", "e\r\n", ""],
  ["250 me", "\xe9\r\n", ""],
  ["250 SIZE 100", "x\r\n", ""],
])("after %j a message %j is announced with %j", async (ehlo, text, parameters) => {
  const to = await server({ EHLO: ehlo });
  await sendMail(to, envelope, messageOf(text));
  expect(to.heard).toContain(`MAIL FROM:<a@b>${parameters}`);
});

test("a message above the server's limit is not offered", async () => {
  const to = await server({ EHLO: "250-me\r\n250 SIZE 2" });
  await expect(sendMail(to)).rejects.toMatchObject({ reply: 552, verb: "MAIL" });
  expect(to.heard).toEqual(["EHLO [127.0.0.1]", "RSET", "QUIT"]);
});

test.each([
  ["sender", { from: "a@b\r\nRCPT TO:<evil@x>", recipients: ["c@d"] }],
  ["sender", { from: "a@b> SIZE=1 <", recipients: ["c@d"] }],
  ["sender", { from: '"a@b', recipients: ["c@d"] }],
  ["recipient", { from: "a@b", recipients: ["c@d\n"] }],
  ["recipient", { from: "a@b", recipients: ["c@d", "e\0@f"] }],
  ["recipient", { from: "a@b", recipients: ["\u00e9@f"] }],
])("a %s that would break its command is refused before the server hears of it: %j", async (_, mail) => {
  const to = await server({});
  await expect(sendMail(to, mail)).rejects.toMatchObject({ code: "REPLY", reply: 553 });
  expect(to.heard).toEqual(["EHLO [127.0.0.1]", "RSET", "QUIT"]);
});

describe("one refused recipient fails the mail", () => {
  const mail = { from: "a@b", recipients: ["c@d", "e@f", "g@h"] };
  const refusing = { "RCPT TO:<e@f>": "550 nobody" };
  const failure = { reply: 550, verb: "RCPT" };

  test("step by step", async () => {
    const to = await server(refusing);
    await expect(sendMail(to, mail)).rejects.toMatchObject(failure);
    expect(to.heard.slice(-3)).toEqual(["RCPT TO:<e@f>", "RSET", "QUIT"]);
  });

  test("pipelined, without DATA", async () => {
    const to = await server({ ...refusing, EHLO: "250-me\r\n250 PIPELINING" });
    await expect(sendMail(to, mail)).rejects.toMatchObject(failure);
    expect(to.heard.slice(-3)).toEqual(["RCPT TO:<g@h>", "RSET", "QUIT"]);
  });

  test("pipelined alone, with DATA refused in its turn", async () => {
    const to = await server({ RCPT: "550 nobody", DATA: "503 no", EHLO: "250-me\r\n250 PIPELINING" });
    await expect(sendMail(to)).rejects.toMatchObject(failure);
    expect(to.heard.slice(-3)).toEqual(["DATA", "RSET", "QUIT"]);
  });

  test("pipelined alone, with DATA taken all the same", async () => {
    const to = await server({ RCPT: "550 nobody", ".": "554 no recipients", EHLO: "250-me\r\n250 PIPELINING" });
    await expect(sendMail(to)).rejects.toMatchObject(failure);
    expect(to.heard.slice(-4)).toEqual(["DATA", ".", "RSET", "QUIT"]);
  });
});

describe("PIPELINING", () => {
  const ehlo = "250-me\r\n250 PIPELINING";

  /** Answers a group only when it has come as a whole. */
  async function groupServer(sizes: readonly number[]): Promise<ScriptedServer> {
    const to = await ScriptedServer.start(async (peer) => {
      peer.say("220 hi\r\n");
      await peer.hear();
      peer.say(`${ehlo}\r\n`);
      for (const size of sizes) {
        const group: string[] = [];
        while (group.length < size) group.push((await peer.hear()) ?? "");
        peer.say(group.map((line) => (line === "DATA" ? "354 go\r\n" : "250 ok\r\n")).join(""));
      }
      while ((await peer.hear()) !== ".");
      peer.say("250 taken\r\n");
      await peer.hear();
      peer.say("221 bye\r\n");
    });
    opened.push(to);
    return to;
  }

  test.each([
    ["421 alone", "421 bye\r\n", { reply: 421, verb: "MAIL" }],
    ["a refusal and nothing for the rest", "550 no\r\n", { reply: 550, verb: "MAIL" }],
    ["a refusal, then 421", "250 ok\r\n550 no\r\n421 bye\r\n", { reply: 550, verb: "RCPT" }],
    ["a refusal, DATA taken, and nothing for the dot", "250 ok\r\n550 no\r\n354 go\r\n", { reply: 550, verb: "RCPT" }],
  ])("a group answered by %s before a close fails by its first refusal", async (_, answer, failure) => {
    const to = await ScriptedServer.start(async (peer) => {
      peer.say("220 hi\r\n");
      await peer.hear();
      peer.say(`${ehlo}\r\n`);
      await peer.hear();
      peer.close(answer);
      while ((await peer.hear()) !== undefined);
    });
    opened.push(to);
    await expect(sendMail(to)).rejects.toMatchObject(failure);
    await to.abandoned();
  });

  test("421 to the first of a group ends it, though nothing follows and the server stays", async () => {
    const to = await ScriptedServer.start(async (peer) => {
      peer.say("220 hi\r\n");
      await peer.hear();
      peer.say(`${ehlo}\r\n`);
      await peer.hear();
      peer.say("421 bye\r\n");
      while ((await peer.hear()) !== undefined);
    });
    opened.push(to);
    await expect(sendMail(to)).rejects.toMatchObject({ reply: 421, verb: "MAIL" });
    await to.abandoned();
    expect(to.heard.at(-1)).toBe("DATA");
  });

  test("MAIL, RCPT and DATA go in one group when there is one recipient", async () => {
    const to = await groupServer([3]);
    await sendMail(to);
    expect(to.heard.at(-1)).toBe("QUIT");
  });

  test("DATA waits for all recipients when there are more", async () => {
    const to = await groupServer([4, 1]);
    await sendMail(to, { from: "a@b", recipients: ["c@d", "e@f", "g@h"] });
    expect(to.heard.at(-1)).toBe("QUIT");
  });
});

describe("a server that does not wait for the end of the message", () => {
  /** A message that never ends by itself. */
  function endless(): SmtpMessage & { open: number } {
    const message = {
      size: 3,
      needs8Bit: false,
      open: 0,
      async *read() {
        message.open++;
        try {
          for (;;) yield Buffer.alloc(65_536, "x\r\n");
        } finally {
          for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
          message.open--;
        }
      },
    };
    return message;
  }

  test.each([
    ["refuses it", "552 too big\r\n", false, { code: "REPLY", reply: 552, verb: "END" }],
    ["refuses it and reads no more", "552 too big\r\n", true, { code: "REPLY", reply: 552 }],
    ["takes it early", "250 ok\r\n", true, { code: "REPLY", reply: undefined }],
    ["talks nonsense", "what?\r\n", true, { code: "REPLY", reply: undefined }],
  ])("and %s is heard at once", async (_, reply, deaf, failure) => {
    const clock = new VirtualClock();
    const to = await ScriptedServer.start(async (peer) => {
      peer.say("220 hi\r\n");
      for (const answer of ["250 me", "250 ok", "250 ok", "354 go"]) {
        await peer.hear();
        peer.say(`${answer}\r\n`);
      }
      await peer.hear();
      if (deaf) peer.stopReading();
      peer.say(reply);
      if (!deaf) while ((await peer.hear()) !== undefined);
    });
    opened.push(to);
    const session = await openSmtpSession(smtpPorts({ clock }), to.address, undefined, bounded());
    const message = endless();
    await expect(session.send(envelope, message)).rejects.toMatchObject(failure);
    expect(message.open).toBe(0);
    expect(clock.pendingAlarms).toBe(0);
  });

  test("and reads no more at all is TIMEOUT after a minute", async () => {
    const clock = new VirtualClock();
    let fill = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      fill = resolve;
    });
    const to = await ScriptedServer.start(async (peer) => {
      peer.say("220 hi\r\n");
      for (const answer of ["250 me", "250 ok", "250 ok", "354 go"]) {
        await peer.hear();
        peer.say(`${answer}\r\n`);
      }
      peer.stopReading();
      fill();
    });
    opened.push(to);
    const session = await openSmtpSession(smtpPorts({ clock }), to.address, undefined, bounded());
    const message = endless();
    let failed = false;
    const sending = session.send(envelope, message).catch((error) => {
      failed = true;
      return error;
    });
    await stuck;
    // Until the buffers of the kernel are full the writes succeed, and each has a minute of its own.
    while (!failed) await clock.advance(60_000);
    expect(await sending).toMatchObject({ code: "TIMEOUT" });
    expect(message.open).toBe(0);
  });
});

/** A connection whose write of the message fails in the moment in which the reply of the server arrives. */
function breakingNetwork(reply: string, code: "RESET" | "CLOSED"): Network {
  const replies = ["220 hi", "250 me", "250 ok", "250 ok", "354 go", reply];
  let closed = false;
  const connection: Partial<Connection> = {
    local: { host: "127.0.0.1", port: 1 },
    remote: { host: "127.0.0.1", port: 25 },
    read: () => Promise.reject(new Error("not used")),
    readExactly: () => Promise.reject(new Error("not used")),
    readLine: async () => {
      const next = replies.shift();
      // The last reply is still on its way through the event loop when the write fails.
      if (replies.length === 0) await new Promise(setImmediate);
      if (closed || next === undefined || next === "") throw new ServiceError(code, "broken");
      return Buffer.from(next);
    },
    write: async (bytes) => {
      if (Buffer.from(bytes).includes("body")) throw new ServiceError(code, "broken");
    },
    end: () => undefined,
    close: () => {
      closed = true;
    },
  };
  return {
    connect: async () => connection as Connection,
    listen: () => Promise.reject(new Error("not used")),
    ...NO_DATAGRAMS,
  };
}

test.each([
  ["552 too big", "RESET", { code: "REPLY", verb: "END", reply: 552 }],
  ["552 too big", "CLOSED", { code: "REPLY", verb: "END", reply: 552 }],
  ["250 taken", "RESET", { code: "RESET" }],
  ["", "RESET", { code: "RESET" }],
] as const)("a connection that breaks in the message after %j is %s or the refusal", async (reply, code, failure) => {
  const clock = new VirtualClock();
  const ports = { ...smtpPorts({ clock }), network: breakingNetwork(reply, code) };
  const session = await openSmtpSession(ports, { host: "mail", port: 25 }, undefined, bounded());
  await expect(session.send(envelope, messageOf("body\r\n"))).rejects.toMatchObject(failure);
  expect(clock.pendingAlarms).toBe(0);
});

test("a message that cannot be read fails the mail without its final dot", async () => {
  const to = await server({});
  const broken: SmtpMessage = {
    size: 3,
    needs8Bit: false,
    async *read() {
      yield Buffer.from("half\r\n");
      throw new ServiceError("UNKNOWN", "disk");
    },
  };
  await expect(sendMail(to, envelope, broken)).rejects.toMatchObject({ code: "UNKNOWN" });
  await to.abandoned();
  expect(to.heard).not.toContain(".");
});

describe("without a connection", () => {
  function failing(connect: Network["connect"]): Parameters<typeof openSmtpSession>[0] {
    return { ...smtpPorts(), network: { connect, listen: () => Promise.reject(new Error("no")), ...NO_DATAGRAMS } };
  }
  const target = { host: "mail.example.org", port: 25 };

  test.each(["UNRESOLVED", "REFUSED", "UNREACHABLE", "RESET"] as const)("%s is passed on", async (code) => {
    const ports = failing(() => Promise.reject(new ServiceError(code, "no")));
    await expect(openSmtpSession(ports, target, undefined, bounded())).rejects.toMatchObject({ code });
  });

  test("a host that does not answer in time is UNREACHABLE", async () => {
    const clock = new VirtualClock();
    const ports = failing(
      (_, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const opening = openSmtpSession({ ...ports, clock, timeoutScale: 0.5 }, target, undefined, bounded()).catch(
      (e) => e,
    );
    await clock.advance(60_000);
    expect(await opening).toMatchObject({ code: "UNREACHABLE" });
    expect(clock.pendingAlarms).toBe(0);
  });

  test("nobody listening is REFUSED", async () => {
    const to = await server({});
    const address = to.address;
    await to.close();
    await expect(openSmtpSession(smtpPorts(), address, undefined, bounded())).rejects.toMatchObject({
      code: "REFUSED",
    });
  });
});

describe("AUTH", () => {
  const credentials = { user: "joe", password: "secret" };

  async function authenticate(offer: string, replies: Replies = {}, who = credentials) {
    const to = await server({ EHLO: `250-me\r\n250 ${offer}`, AUTH: "235 ok", ...replies });
    const lines: string[] = [];
    const log = lineLog("debug", (line) => lines.push(line));
    const failure = await openSmtpSession(smtpPorts({ log }), to.address, who, bounded()).then(
      (session) => session.quit(),
      (error) => error,
    );
    return { heard: to.heard.slice(1), failure, log: lines.join("") };
  }

  const plain = Buffer.from("\0joe\0secret").toString("base64");
  const challenge = Buffer.from("<1896.697170952@postoffice.reston.mci.net>").toString("base64");

  test.each([
    ["PLAIN", "AUTH LOGIN PLAIN", {}, [`AUTH PLAIN ${plain}`, "QUIT"]],
    ["PLAIN in lower case", "auth plain", {}, [`AUTH PLAIN ${plain}`, "QUIT"]],
    ["PLAIN after a tab", "AUTH\tPLAIN", {}, [`AUTH PLAIN ${plain}`, "QUIT"]],
    ["PLAIN after tabs and blanks", "AUTH \t GSSAPI\t PLAIN \t", {}, [`AUTH PLAIN ${plain}`, "QUIT"]],
    [
      "PLAIN, which the server asks for once more,",
      "AUTH PLAIN",
      { AUTH: "334 ", [plain]: "235 ok" },
      [`AUTH PLAIN ${plain}`, plain, "QUIT"],
    ],
    [
      "PLAIN, which the server asks for without a blank,",
      "AUTH PLAIN",
      { AUTH: "334", [plain]: "235 ok" },
      [`AUTH PLAIN ${plain}`, plain, "QUIT"],
    ],
    ["PLAIN in the form of 1997", "AUTH=PLAIN", {}, [`AUTH PLAIN ${plain}`, "QUIT"]],
    [
      "LOGIN",
      "AUTH GSSAPI LOGIN",
      { AUTH: "334 VXNlcg==", am9l: "334", c2VjcmV0: "235 ok" },
      ["AUTH LOGIN", "am9l", "c2VjcmV0", "QUIT"],
    ],
  ])("%s is used after %j", async (_, offer, replies, heard) => {
    const result = await authenticate(offer, replies);
    expect(result.failure).toBeUndefined();
    expect(result.heard).toEqual(heard);
  });

  test("CRAM-MD5 comes before all others, and answers as RFC 2195 shows", async () => {
    const answer = Buffer.from("tim b913a602c7eda7a495b4e6e7334d3890").toString("base64");
    const result = await authenticate(
      "AUTH PLAIN LOGIN CRAM-MD5",
      { AUTH: `334 ${challenge}`, [answer]: "235 ok" },
      { user: "tim", password: "tanstaaftanstaaf" },
    );
    expect(result.failure).toBeUndefined();
    expect(result.heard).toEqual(["AUTH CRAM-MD5", answer, "QUIT"]);
  });

  test("credentials too long for one line are sent when asked for", async () => {
    const long = { user: "u".repeat(300), password: "p".repeat(300) };
    const response = Buffer.from(`\0${long.user}\0${long.password}`).toString("base64");
    const result = await authenticate("AUTH PLAIN", { AUTH: "334 ", [response]: "235 ok" }, long);
    expect(result.heard).toEqual(["AUTH PLAIN", response, "QUIT"]);
    expect(result.failure).toBeUndefined();
  });

  describe("a mechanism that turns out not to be supported gives way to the next", () => {
    const ALL = "AUTH LOGIN PLAIN CRAM-MD5";
    const AFTER_CRAM = ["AUTH CRAM-MD5", `AUTH PLAIN ${plain}`];
    const onlyPlain = { [`AUTH PLAIN ${plain}`]: "235 ok" };

    test.each([
      ["504", "504 5.5.4 Unrecognized authentication type"],
      ["504 without a text", "504"],
      ["535 with the status 5.5.4", "535 5.5.4 Not available"],
      ["535 with a text about the mechanism", "535 5.7.8 Error: authentication failed: No Mechanism available"],
      ["535 with such a text in its first line", "535-5.7.8 no such mechanism\r\n535 5.7.8 ask the operator"],
    ])("%s", async (_, refusal) => {
      const result = await authenticate(ALL, { AUTH: refusal, ...onlyPlain });
      expect(result.failure).toBeUndefined();
      expect(result.heard).toEqual([...AFTER_CRAM, "QUIT"]);
    });

    test("after its challenge was answered", async () => {
      const result = await authenticate("AUTH LOGIN PLAIN", {
        [`AUTH PLAIN ${plain}`]: "334 ",
        [plain]: "504 no",
        AUTH: "334 ",
        am9l: "334 ",
        c2VjcmV0: "235 ok",
      });
      expect(result.failure).toBeUndefined();
      expect(result.heard).toEqual([`AUTH PLAIN ${plain}`, plain, "AUTH LOGIN", "am9l", "c2VjcmV0", "QUIT"]);
    });

    test.each([
      ["534 5.7.9 mechanism too weak", 534],
      ["535 5.7.8 wrong password", 535],
      ["454 4.7.0 later", 454],
      ["503 5.5.1 mechanism", 503],
    ])("but not by %j, which is about the credentials", async (refusal, reply) => {
      const result = await authenticate(ALL, { AUTH: refusal, ...onlyPlain });
      expect(result.failure).toMatchObject({ verb: "AUTH", reply });
      expect(result.heard).toEqual(["AUTH CRAM-MD5", "QUIT"]);
    });

    test("and the refusal of the last one counts", async () => {
      const result = await authenticate(ALL, { AUTH: "504 no", "AUTH LOGIN": "535 5.5.4 no" });
      expect(result.failure).toMatchObject({ verb: "AUTH", reply: 535, status: "5.5.4" });
      expect(result.heard).toEqual([...AFTER_CRAM, "AUTH LOGIN", "QUIT"]);
    });
  });

  test.each(["HELP", "AUTH GSSAPI", "AUTH", "AUTH=XOAUTH2"])("a server that offers %j is refused", async (offer) => {
    const result = await authenticate(offer);
    expect(result.failure).toMatchObject({ code: "REPLY", reply: undefined });
    expect(result.heard).toEqual([]);
  });

  test.each([535, 534, 454, 530, 504, 421])("a refusal by %d tells its step and code", async (reply) => {
    const result = await authenticate("AUTH PLAIN", { AUTH: `${reply} 5.7.8 no` });
    expect(result.failure).toMatchObject({ code: "REPLY", verb: "AUTH", reply });
  });

  test.each([
    ["CRAM-MD5", { AUTH: "334 not base64!" }],
    ["CRAM-MD5", { AUTH: "334" }],
    ["LOGIN", { AUTH: "235 already" }],
    ["PLAIN", { AUTH: "334 ", [plain]: "334 " }],
    ["PLAIN", { AUTH: "334 c29tZSB0ZXh0" }],
    ["LOGIN", { AUTH: "334 ", am9l: "235 already" }],
  ])("%s that goes wrong in the middle is no success", async (mechanism, replies) => {
    const result = await authenticate(`AUTH ${mechanism}`, replies);
    expect(result.failure).toMatchObject({ code: "REPLY", reply: undefined });
  });

  test.each(["a\0b", "a\rb", "a\nb"])("%j in a password is refused before the server hears of it", async (password) => {
    const result = await authenticate("AUTH PLAIN", {}, { user: "u", password });
    expect(result.failure).toMatchObject({ verb: "AUTH", reply: 535 });
    expect(result.heard).toEqual(["QUIT"]);
  });

  test.each([
    ["AUTH PLAIN", {}],
    ["AUTH LOGIN", { AUTH: "334 ", am9l: "334 ", c2VjcmV0: "235 ok" }],
    ["AUTH CRAM-MD5", { AUTH: `334 ${challenge}` }],
  ])("nothing of the credentials gets into the log of %s", async (offer, replies) => {
    const { heard, log } = await authenticate(offer, replies);
    expect(log).toContain("AUTH");
    expect(log).toContain("***");
    for (const word of heard
      .flatMap((line) => line.split(" "))
      .filter((word) => !/^(AUTH|PLAIN|LOGIN|CRAM-MD5|QUIT)$/.test(word))) {
      expect(log).not.toContain(word);
    }
    expect(log).not.toContain("secret");
  });

  test("a user name that LOGIN refuses is not followed by the password", async () => {
    const result = await authenticate("AUTH LOGIN", { AUTH: "334 ", am9l: "535 who?" });
    expect(result.failure).toMatchObject({ verb: "AUTH", reply: 535 });
    expect(result.heard).toEqual(["AUTH LOGIN", "am9l", "QUIT"]);
  });

  test("530 to a mail without credentials tells its code", async () => {
    const to = await server({ MAIL: "530 5.7.0 Authentication required" });
    await expect(sendMail(to)).rejects.toMatchObject({ reply: 530, verb: "MAIL" });
  });
});

test("a signal that has aborted before is thrown, and nothing is connected", async () => {
  const to = await server({});
  const reason = new ServiceError("TIMEOUT", "the caller's own time is up");
  const opening = openSmtpSession(smtpPorts(), to.address, undefined, AbortSignal.abort(reason));
  await expect(opening).rejects.toBe(reason);
});
