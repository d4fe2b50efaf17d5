import { createInterface } from "node:readline";
import { SystemClock } from "../../platform/time/clock.ts";
import { type Attachment, Lost } from "./attachment.ts";
import { ConsoleSession, type Input } from "./console-session.ts";
import type { Shown } from "./conversation.ts";
import { runCtlLine } from "./ctl-line.ts";

/** Without a terminal: a line of the input is sent when the one before is answered; what happens is printed as lines. */
export async function onPipes(attachment: Attachment, ended: AbortSignal): Promise<number> {
  const closing = new AbortController();
  const signal = AbortSignal.any([closing.signal, ended]);
  const session = new ConsoleSession({
    attachment,
    clock: new SystemClock(),
    show: printPlain,
    changed: () => undefined,
    ctl: (line) => runCtlLine(line, attachment, signal),
    signal,
  });
  const watching = session.watch().then(
    () => 0,
    (error: unknown) => {
      if (!(error instanceof Lost)) throw error;
      process.stderr.write(`vmodem: console: ${error.message}\n`);
      closing.abort();
      return 1;
    },
  );
  const refused = await feed(session, signal);
  const open = session.entry;
  if (open !== undefined)
    process.stderr.write(`vmodem: console: the data of AT${open.name} have no end; give it as Ctrl-Z\n`);
  closing.abort();
  const code = await watching;
  return code === 0 && (refused || open !== undefined) ? 1 : code;
}

/** Submits the lines of the standard input; gives whether any was refused. */
async function feed(session: ConsoleSession, signal: AbortSignal): Promise<boolean> {
  let refused = false;
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  signal.addEventListener("abort", () => lines.close(), { once: true });
  for await (const line of lines) {
    if (signal.aborted) break;
    for (const input of inputsOf(line)) {
      const taken = await session.submit(input).catch(() => false);
      refused = refused || !taken;
    }
  }
  lines.close();
  process.stdin.destroy();
  return refused;
}

/** What a line asks for: what follows a Ctrl-Z or ESC is a line of its own. */
function inputsOf(line: string): readonly Input[] {
  const inputs: Input[] = [];
  let text = "";
  for (const character of line) {
    if (character === "\x1a" || character === "\x1b") {
      inputs.push({ kind: "end", byte: character, text });
      text = "";
    } else text += character;
  }
  return text !== "" || inputs.length === 0 ? [...inputs, { kind: "line", text }] : inputs;
}

function printPlain(shown: readonly Shown[]): void {
  for (const { kind, text } of shown) {
    if (kind === "error") process.stderr.write(`vmodem: console: ${text}\n`);
    else if (kind === "note" || kind === "trouble") process.stderr.write(`${text}\n`);
    else process.stdout.write(`${kind === "host" ? "> " : ""}${text}\n`);
  }
}
