import { type ModemSetup, modemSetup } from "../rig/options.ts";
import { SANDBOX_ACCOUNT } from "../sandbox/sandbox.ts";
import { listenForEnd } from "./end-signals.ts";
import { parseOptions } from "./parse-options.ts";
import { type Serving, serve } from "./serve.ts";

/** `vmodem start`: serves a modem until it is told to end, or its medium has gone. Gives the exit code. */
export async function start(argv: readonly string[]): Promise<number> {
  const options = parseOptions("start", argv);
  const end = listenForEnd();
  const setup = modemSetup(options);
  const serving = await serve(options, setup);
  process.on("exit", () => serving.closePort());
  // With --stdio the standard output is the serial line itself.
  const output = setup.medium.kind === "stdio" ? process.stderr : process.stdout;
  output.write(options.json ? describeForProgram(serving) : describeForPerson(serving, setup));
  await Promise.race([end.received, serving.lost]);
  await serving.close();
  end.release();
  return 0;
}

function describeForProgram({ port, link, sandbox }: Serving): string {
  return `${JSON.stringify({ event: "ready", port, link, pid: process.pid, sandbox: sandbox?.servers })}\n`;
}

function describeForPerson({ port, link, sandbox }: Serving, { medium, dialect }: ModemSetup): string {
  const lines = [
    `A SIMCom WCDMA module is at ${link ?? port}${link === undefined ? "" : ` (${port})`}, dialect ${dialect}.`,
  ];
  if (medium.kind === "pty") lines.push("", `Open it:    picocom -b 115200 ${link ?? port}`);
  if (medium.kind === "tcp") lines.push("", `Open it:    socat -,rawer tcp:${port}`);
  lines.push("Type first: AT                      and Enter; it answers OK");
  if (sandbox !== undefined) {
    const servers = Object.entries(sandbox.servers).map(([name, { host, port }]) => `${name} ${host}:${port}`);
    lines.push(
      'Then:       AT+CHTTPACT="www.mywebsite.com",80',
      "            GET / HTTP/1.1              when it says REQUEST; Enter, Enter, Ctrl-Z",
      'Or:         AT+SMTPSRV="mail"; +SMTPFROM="me@example.com"; +SMTPRCPT=0,0,"user@example.com"; +SMTPBODY="Hi"; +SMTPSEND',
      `Or:         AT+POP3SRV="mail","${SANDBOX_ACCOUNT.user}","${SANDBOX_ACCOUNT.password}"; +POP3IN; +POP3LIST; +POP3GET=2`,
      "",
      `Sandbox:    ${servers.join(", ")}; every name leads here`,
    );
  }
  return `${lines.join("\n")}\n\nCtrl-C ends it.\n`;
}
