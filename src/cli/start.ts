import { CONSOLE_DEFAULTS } from "./console/arguments.ts";
import { type End, listenForEnd } from "./end-signals.ts";
import { watchParent } from "./parent.ts";
import { type ParsedOptions, parseOptions } from "./parse-options.ts";
import type { SessionReports } from "./run-report.ts";
import { keepsJournal, type Serving, serve } from "./serve.ts";

/** `vmodem start`: serves a modem until a signal ends it, or its medium is lost. Gives the exit code. */
export async function start(argv: readonly string[]): Promise<number> {
  const options = parseOptions("start", argv);
  const { untilParentExits, json, stdio } = options.checked;
  const reports = keepsJournal(options) ? await openReports(options) : undefined;
  const end = listenForEnd();
  const parent = watchParent(untilParentExits, end.request);
  try {
    const serving = await serve(options, end.signal, (ready) => {
      process.on("exit", () => ready.closePorts());
      // What a scenario expects is for run, where a session has an end.
      reports?.follow({ journal: ready.rig.journal });
      // A console shows the lint itself.
      if (!options.checked.console) reports?.announceLint(ready.rig);
      // With --stdio the standard output is the serial line itself.
      const output = stdio ? process.stderr : process.stdout;
      output.write(json ? describeForProgram(ready) : describeForUser(ready, options.checked.console));
    });
    const code = await used(serving, options.checked.console, end);
    const faults = serving.rig.faults.known;
    await serving.close();
    return (await reports?.finish(code, { faults, isSeen: options.checked.console })) ?? code;
  } catch (error) {
    await reports?.abandon();
    // Ended while it was starting.
    if (error !== end.signal.reason) throw error;
  } finally {
    parent.release();
  }
  return 0;
}

async function openReports({ checked }: ParsedOptions): Promise<SessionReports> {
  const { SessionReports } = await import("./run-report.ts");
  return SessionReports.open({ ...checked, report: [], withoutCommand: true }, (text) => process.stderr.write(text));
}

/** Until the end of the console where there is one, otherwise until a signal or the loss of the medium. Gives the exit code. */
async function used({ lost, control }: Serving, withConsole: boolean, end: End): Promise<number> {
  const over = Promise.race([aborted(end.signal), lost]).then(() => 0);
  if (!withConsole || control === undefined) return over;
  const { attachConsole } = await import("./console/console.ts");
  return attachConsole({ ...CONSOLE_DEFAULTS, place: control.address, token: control.token }, end);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function describeForProgram({ rig, modem: { port, link, nmea }, modems, control }: Serving): string {
  const { seed, sandbox } = rig;
  const ready = {
    event: "ready",
    port,
    link,
    nmea: nmea?.link,
    modems:
      modems.length === 1
        ? undefined
        : modems.map((each) => ({ id: each.id, port: each.port, link: each.link, nmea: each.nmea?.link })),
    pid: process.pid,
    control: control?.address,
    token: control?.isTokenNew ? control.token : undefined,
    seed,
    sandbox: sandbox?.servers,
  };
  return `${JSON.stringify(ready)}\n`;
}

function describeForUser({ rig: { sandbox }, modem, modems, control }: Serving, withConsole: boolean): string {
  const { port, link } = modem;
  const { medium, dialect } = modem.setup;
  const places = modems.map((one) => one.link ?? one.port);
  const lines = [
    modems.length === 1
      ? `A SIMCom WCDMA module is at ${places[0]}${link === undefined ? "" : ` (${port})`}, dialect ${dialect}.`
      : `${modems.length} SIMCom WCDMA modules are at ${places.join(", ")}.`,
  ];
  if (medium.kind === "pty") lines.push("", `Open it:    picocom -b 115200 ${link ?? port}`);
  if (medium.kind === "tcp") lines.push("", `Open it:    socat -,rawer tcp:${port}`);
  if (medium.kind === "rfc2217") lines.push("", `Open it:    pyserial-miniterm ${port} 115200`);
  if (modem.nmea !== undefined) lines.push(`GPS speaks: ${modem.nmea.link} (${modem.nmea.device})`);
  lines.push("Type first: AT                      and Enter; it answers OK");
  if (sandbox !== undefined) {
    const servers = Object.entries(sandbox.servers).map(([name, { host, port }]) => `${name} ${host}:${port}`);
    lines.push(
      'Then:       AT+CHTTPACT="www.mywebsite.com",80',
      "            GET / HTTP/1.1              when it says REQUEST; Enter, Enter, Ctrl-Z",
      'Or:         AT+SMTPSRV="mail"; +SMTPFROM="me@example.com"; +SMTPRCPT=0,0,"user@example.com"; +SMTPBODY="Hi"; +SMTPSEND',
      `Or:         AT+POP3SRV="mail","${sandbox.account.user}","${sandbox.account.password}"; +POP3IN; +POP3LIST; +POP3GET=2`,
      "",
      `Sandbox:    ${servers.join(", ")}; every name leads here`,
    );
  }
  if (control !== undefined) {
    const token = control.isTokenNew ? `, token ${control.token}` : "";
    lines.push(`Control:    ${control.address}${token}; try vmodem ctl state`);
  }
  return `${lines.join("\n")}\n\n${withConsole ? "Ctrl-D" : "Ctrl-C"} ends it.\n`;
}
