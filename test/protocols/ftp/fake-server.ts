import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** What a fake server does at a command: a line to say, or anything at all. */
export type Action = string | ((dialogue: Dialogue, argument: string) => void | Promise<void>);

/** One client, as an action sees it. */
export interface Dialogue {
  say(text: string): void;
  /** The data connection that was agreed on. */
  data(): Promise<Socket>;
  /** Begins to listen for the data connection, and gives the port. */
  listen(): Promise<number>;
  /** Ends the control connection: politely, or with a reset. */
  end(): void;
  reset(): void;
}

export interface FakeServer {
  readonly port: number;
  readonly host: string;
  readonly commands: string[];
  /** Resolves when that verb has come in. */
  received(verb: string): Promise<void>;
  /** Takes the bytes of the last STOR. */
  readonly stored: Buffer[];
  close(): Promise<void>;
}

/** A server that answers as a good one would, but for the given actions. `GREETING` is one too. */
export async function fakeServer(actions: Record<string, Action> = {}, host = "127.0.0.1"): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const servers = new Set<Server>();
  const commands: string[] = [];
  const waiting: Array<{ verb: string; resolve: () => void }> = [];
  const stored: Buffer[] = [];

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    return socket;
  };
  const listen = async (onSocket: (socket: Socket) => void) => {
    const server = createServer({ allowHalfOpen: true }, (socket) => onSocket(keep(socket)));
    servers.add(server);
    server.listen(0, host);
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };

  const good: Record<string, Action> = {
    GREETING: "220 hello",
    USER: "331 password",
    PASS: "230 in",
    TYPE: "200 type",
    REST: "350 go on",
    MKD: '257 "/d"',
    RMD: "250 gone",
    DELE: "250 gone",
    QUIT: (dialogue) => {
      dialogue.say("221 bye");
      dialogue.end();
    },
    RETR: async (dialogue) => {
      dialogue.say("150 coming");
      (await dialogue.data()).end("hello");
      dialogue.say("226 done");
    },
    LIST: async (dialogue) => {
      dialogue.say("150 coming");
      (await dialogue.data()).end("-rw-r--r-- 1 a b 5 Jan  1  2010 f\r\n");
      dialogue.say("226 done");
    },
    STOR: async (dialogue) => {
      dialogue.say("150 send");
      for await (const chunk of await dialogue.data()) stored.push(chunk as Buffer);
      dialogue.say("226 got it");
    },
  };

  const port = await listen((socket) => {
    let data: () => Promise<Socket> = () => Promise.reject(new Error("no data connection was agreed on"));
    const dialogue: Dialogue = {
      say: (text) => socket.write(Buffer.from(`${text}\r\n`, "latin1")),
      data: () => data(),
      listen: () => passive(),
      end: () => socket.end(),
      reset: () => socket.resetAndDestroy(),
    };
    const passive = async (): Promise<number> => {
      let take: (socket: Socket) => void = () => undefined;
      const taken = new Promise<Socket>((resolve) => {
        take = resolve;
      });
      data = () => taken;
      return listen(take);
    };
    const active = (target: { host: string; port: number }) => {
      data = async () => keep(createConnection({ ...target, allowHalfOpen: true }));
    };
    const mine: Record<string, Action> = {
      EPSV: async () => dialogue.say(`229 ok (|||${await passive()}|)`),
      PASV: async () => {
        const at = await passive();
        dialogue.say(`227 ok (10,9,8,7,${at >> 8},${at & 255})`);
      },
      EPRT: (_dialogue, argument) => {
        const [, , address, number] = argument.split("|");
        active({ host: address ?? "", port: Number(number) });
        dialogue.say("200 eprt");
      },
      PORT: (_dialogue, argument) => {
        const n = argument.split(",");
        active({ host: n.slice(0, 4).join("."), port: Number(n[4]) * 256 + Number(n[5]) });
        dialogue.say("200 port");
      },
    };
    const act = async (verb: string, argument: string) => {
      const action = actions[verb] ?? mine[verb] ?? good[verb] ?? "502 what?";
      if (typeof action === "string") dialogue.say(action);
      else await action({ ...dialogue }, argument);
    };
    void act("GREETING", "");
    let rest = "";
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        commands.push(line);
        const verb = line.split(" ", 1)[0] ?? "";
        act(verb, line.slice(verb.length + 1)).catch(() => undefined);
        for (const entry of waiting.filter((each) => each.verb === verb)) entry.resolve();
      }
    });
    socket.on("end", () => socket.end());
  });

  return {
    port,
    host,
    commands,
    stored,
    received: (verb) =>
      commands.some((line) => line.split(" ", 1)[0] === verb)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ verb, resolve })),
    async close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Resolves when no TCP socket and no listener of this process is open; fails after five seconds. */
export async function nothingOpen(): Promise<void> {
  const end = performance.now() + 5000;
  for (;;) {
    const open = process.getActiveResourcesInfo().filter((name) => /^TCP/.test(name));
    if (open.length === 0) return;
    if (performance.now() > end) throw new Error(`still open: ${open.join(", ")}`);
    await new Promise(setImmediate);
  }
}
