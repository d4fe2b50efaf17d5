import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { testCertificate } from "../../../../src/sandbox/certificate.ts";
import { ERROR, framed, info, OK } from "../../../support/framing.ts";
import { socketModem } from "../../../support/socket-modem.ts";

const PROMPT = "\r\n>";

interface Behaviour {
  /** Answers to AUTH; without it the session is implicit. */
  readonly auth?: "accepts" | "refuses";
}

/** A small FTPS server that keeps one file, and notes what it has heard and whether that was secure. */
async function ftpsServer({ auth }: Behaviour) {
  const { key, certificate: cert } = await testCertificate();
  const heard: string[] = [];
  const files = new Map([["/a.txt", "hello"]]);
  const secured = (socket: Socket) => new TLSSocket(socket, { isServer: true, key, cert });
  const server = createServer((plain) => {
    plain.on("error", () => undefined);
    let control: Socket = auth === undefined ? secured(plain) : plain;
    let isPrivate = false;
    let passive: Promise<Socket> | undefined;
    const say = (text: string) => void control.write(`${text}\r\n`);
    const data = async () => {
      const socket = await (passive ?? Promise.reject(new Error("no data port")));
      return isPrivate ? secured(socket) : socket;
    };
    const listen = (bytes: Buffer) => {
      for (const line of bytes.toString("latin1").split("\r\n").filter(Boolean)) answer(line);
    };
    const verbs: Readonly<Record<string, (argument: string) => unknown>> = {
      AUTH: () => {
        say(auth === "accepts" ? "234 go ahead" : "502 no");
        if (auth !== "accepts") return;
        control.removeListener("data", listen);
        control = secured(plain);
        control.on("error", () => undefined);
        control.on("data", listen);
      },
      USER: () => say("331 password"),
      PROT: (argument) => {
        isPrivate = argument === "P";
        say("200 ok");
      },
      PASV: () => {
        const listener = createServer();
        onTestFinished(() => void listener.close());
        passive = new Promise((resolve) => listener.once("connection", resolve));
        listener.listen(0, "127.0.0.1", () => {
          const { port } = listener.address() as { port: number };
          say(`227 (127,0,0,1,${port >> 8},${port & 255})`);
        });
      },
      RETR: async (path) => {
        if (!files.has(path)) return say("550 none");
        say("150 coming");
        (await data()).end(files.get(path) ?? "");
        say("226 done");
      },
      STOR: async (path) => {
        say("150 send");
        let content = "";
        for await (const bytes of await data()) content += String(bytes);
        files.set(path, content);
        say("226 done");
      },
      PWD: () => say('257 "/home" is here'),
      SIZE: () => say("213 5"),
      QUIT: () => say("221 bye"),
      RMD: () => say("550 no"),
    };
    const answer = (line: string) => {
      heard.push(`${control instanceof TLSSocket ? "secure" : "plain"} ${line}`);
      const [verb = "", argument = ""] = line.split(/ (.*)/s);
      const known = verbs[verb];
      if (known === undefined) say("200 ok");
      else void known(argument);
    };
    control.on("error", () => undefined);
    control.on("data", listen);
    say("220 ready");
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { heard, files, local: { host: "127.0.0.1", port } };
}

async function started(behaviour: Behaviour, identity: "sim5320" | "sim5218" = "sim5320") {
  const server = await ftpsServer(behaviour);
  const parts = await socketModem({
    identity,
    rules: [{ name: "ftps.example", port: 21, transport: "tcp", target: server.local }],
  });
  await parts.dte.command("AT+CFTPSSTART\r", identity === "sim5320" ? OK + framed("+CFTPSSTART: 0") : OK);
  return { ...parts, ...server };
}

const LOGIN = (type: number) => `AT+CFTPSLOGIN="ftps.example",21,"me","secret",${type}\r`;
const logged = OK + framed("+CFTPSLOGIN: 0");

describe("log-in", () => {
  test.each([
    [0, "refuses", "plain"],
    [1, "accepts", "secure"],
    [2, "accepts", "secure"],
    [3, undefined, "secure"],
  ] as const)("type %i", async (type, auth, how) => {
    const { dte, heard } = await started(auth === undefined ? {} : { auth });
    await dte.command(LOGIN(type), logged);
    expect(heard).toContain(`${how} PASS secret`);
    if (how === "secure") expect(heard.slice(-2)).toEqual(["secure PBSZ 0", "secure PROT P"]);
    await dte.command("AT+CFTPSLOGOUT\r", OK + framed("+CFTPSLOGOUT: 0"));
  });

  test.each([1, 2])("type %i: where AUTH is refused nothing of the log-in is sent", async (type) => {
    const { dte, heard } = await started({ auth: "refuses" });
    await dte.command(LOGIN(type), OK + framed("+CFTPSLOGIN: 9"));
    expect(heard.filter((line) => /USER|PASS/.test(line))).toEqual([]);
    await dte.command('AT+CFTPSGET="/a.txt"\r', ERROR);
  });

  test("older firmware answers when it is done", async () => {
    const { dte } = await started({ auth: "accepts" }, "sim5218");
    await dte.command(LOGIN(2), OK);
    await dte.command("AT+CFTPSLOGOUT\r", OK);
    await dte.command("AT+CFTPSLOGOUT\r", ERROR);
  });
});

describe("transfers", () => {
  test("a file comes, and goes in parts, with PROT P", async () => {
    const { dte, files } = await started({ auth: "accepts" });
    await dte.command(LOGIN(2), logged);
    const packet = `\r\n+CFTPSGET: DATA,5\r\nhello${framed("+CFTPSGET: 0")}`;
    await dte.command('AT+CFTPSGET="/a.txt"\r', OK + packet);
    await dte.command('AT+CFTPSPUT="/b.txt",3\r', PROMPT);
    await dte.command("\x1a\x03c", OK);
    await dte.command("AT+CFTPSPUT=2\r", PROMPT);
    await dte.command("de", OK);
    await dte.command("AT+CFTPSPUT\r", OK + framed("+CFTPSPUT: 0"));
    expect(files.get("/b.txt")).toBe("\x1a\x03cde");
    await dte.command('AT+CFTPSGETFILE="/a.txt"\r', OK + framed("+CFTPSGETFILE: 0"));
    await dte.command('AT+CFTPSGET="/none"\r', OK + framed("+CFTPSGET: 9"));
    await dte.command("AT+CFTPSPWD\r", info('+CFTPSPWD: "/home"'));
    await dte.command('AT+CFTPSSIZE="/a.txt"\r', info("+CFTPSSIZE: 0, 5"));
    await dte.command('AT+CFTPSCWD="/x"\r', OK);
    await dte.command('AT+CFTPSRMD="/x"\r', framed("+CFTPSRMD: 9") + ERROR);
  });

  test("the older form of CFTPSPUT ends with Ctrl-Z", async () => {
    const { dte, files } = await started({ auth: "accepts" }, "sim5218");
    await dte.command(LOGIN(2), OK);
    await dte.command('AT+CFTPSPUT="/b.txt"\r', framed("+CFTPSPUT: BEGIN"));
    await dte.command("data\x1a", OK);
    expect(files.get("/b.txt")).toBe("data");
  });

  test("a reset of the module, and AT+CFTPSABORT, leave nothing open", async () => {
    const { dte, modem, recording } = await started({ auth: "accepts" });
    await dte.command(LOGIN(2), logged);
    await dte.command("AT+CFTPSABORT\r", OK + framed("+CFTPSABORT: 0"));
    await dte.command("AT+CFTPSSTATE\r", info("+CFTPSSTATE: 1,0"));
    await dte.command(LOGIN(2), logged);
    await modem.reset();
    expect(await recording.allClosed(AbortSignal.timeout(5000))).toBe(true);
  });
});
