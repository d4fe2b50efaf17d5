import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { connect } from "node:tls";

/** A bare FTP user: what it says and hears, byte strings, without any client's knowledge. */
export class FtpDialogue {
  socket: Socket;
  #received = "";
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#listen();
  }

  /** Connects, and takes the greeting. */
  static async open(port: number, host = "127.0.0.1"): Promise<FtpDialogue> {
    const socket = createConnection({ host, port });
    const dialogue = new FtpDialogue(socket);
    await once(socket, "connect");
    return dialogue;
  }

  /** Connects and logs in as the anonymous user. */
  static async loggedIn(port: number, host?: string): Promise<FtpDialogue> {
    const dialogue = await FtpDialogue.open(port, host);
    await dialogue.reply();
    await dialogue.ask("USER anonymous");
    await dialogue.ask("PASS me@");
    return dialogue;
  }

  /** Begins TLS, at once or after AUTH. */
  async secure(): Promise<void> {
    this.socket.removeAllListeners();
    this.socket = await secured(this.socket);
    this.#listen();
  }

  say(line: string): void {
    this.socket.write(Buffer.from(`${line}\r\n`, "latin1"));
  }

  /** The next whole reply, its lines joined by LF; `"<end>"` when the server has ended. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:(\d{3})-[\s\S]*?\r\n\1 .*\r\n|\d{3} .*\r\n)/.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match[0].length);
        return match[0].trimEnd().replaceAll("\r\n", "\n");
      }
      if (this.#ended) return this.#received === "" ? "<end>" : this.#received;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  ask(line: string): Promise<string> {
    this.say(line);
    return this.reply();
  }

  /** A passive data connection. */
  async passive(): Promise<Socket> {
    const port = /\|\|\|(\d+)\|/.exec(await this.ask("EPSV"))?.[1];
    const socket = createConnection({ host: this.socket.remoteAddress ?? "", port: Number(port), allowHalfOpen: true });
    await once(socket, "connect");
    return socket;
  }

  /** An active data connection: a port that listens, and the first who comes. */
  static async listening(host = "127.0.0.1"): Promise<{ port: number; taken: Promise<Socket> }> {
    const server = createServer();
    server.listen(0, host);
    await once(server, "listening");
    const taken = once(server, "connection").then(([socket]) => {
      server.close();
      return socket as Socket;
    });
    const address = server.address();
    return { port: typeof address === "object" && address !== null ? address.port : 0, taken };
  }

  /** Fetches by a passive connection. */
  async fetch(command: string): Promise<string> {
    const data = await this.passive();
    this.say(command);
    const content = await everything(data);
    const replies = [await this.reply(), await this.reply()].map((reply) => reply.slice(0, 3)).join(" ");
    if (replies !== "150 226") throw new Error(`the server replied ${replies}`);
    return content;
  }

  /** Stores by a passive connection. Gives the final reply. */
  async store(command: string, content: string): Promise<string> {
    const data = await this.passive();
    this.say(command);
    const first = await this.reply();
    if (!first.startsWith("150")) {
      data.destroy();
      return first;
    }
    data.end(Buffer.from(content, "latin1"));
    data.resume();
    return this.reply();
  }

  close(): void {
    this.socket.destroy();
  }

  #listen(): void {
    this.socket.on("data", (chunk) => {
      this.#received += chunk.toString("latin1");
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    this.socket.on("end", end).on("close", end).on("error", end);
  }
}

/** A client's TLS on a connection, which takes any certificate. */
export async function secured(plain: Socket): Promise<Socket> {
  const socket = connect({ socket: plain, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  return socket;
}

/** What comes on a socket until its end, which is answered. */
export async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  socket.end();
  return Buffer.concat(chunks).toString("latin1");
}
