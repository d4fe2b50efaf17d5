import { onTestFinished } from "vitest";
import { type ScriptedPeer, ScriptedServer } from "./scripted-server.ts";

/** A dialogue without fault: at each step what the client says, and what a good server answers. */
const REPLIES = {
  GREETING: "220 hi",
  EHLO: "250-me\r\n250 AUTH PLAIN",
  AUTH: "235 welcome",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go",
  END: "250 taken",
} as const;

export type SmtpStepName = keyof typeof REPLIES;

/** The steps of a mail, in order. */
export const SMTP_STEPS = Object.keys(REPLIES) as readonly SmtpStepName[];

/** An SMTP server that a script spoils at one step; the first message that it takes ends its part well. */
export interface FaultyServer {
  readonly server: ScriptedServer;
  /** Whether the step has been reached. */
  readonly reached: () => boolean;
}

/** Starts a server that is good, but for what `fault` does at its step instead of the reply. It keeps silent afterwards. */
export async function smtpServer(at?: SmtpStepName, fault: (peer: ScriptedPeer) => void = () => undefined) {
  let reached = false;
  const spoil = (peer: ScriptedPeer, step: SmtpStepName) => {
    if (step === at) {
      reached = true;
      fault(peer);
    } else {
      peer.say(`${REPLIES[step]}\r\n`);
    }
  };
  const server = await ScriptedServer.start(async (peer) => {
    spoil(peer, "GREETING");
    for (let line = await peer.hear(); line !== undefined; line = await peer.hear()) {
      const step = stepOf(line);
      if (step === undefined) peer.say(line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
      else spoil(peer, step);
      if (step !== "DATA" || at === "DATA") continue;
      while (line !== undefined && line !== ".") line = await peer.hear();
      if (line !== undefined) spoil(peer, "END");
    }
  });
  onTestFinished(() => server.close());
  return { server, reached: () => reached };
}

function stepOf(line: string): SmtpStepName | undefined {
  const verb = line.split(" ")[0] === "HELO" ? "EHLO" : line.split(" ")[0];
  return SMTP_STEPS.find((step) => step === verb);
}
