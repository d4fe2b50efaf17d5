import { onTestFinished } from "vitest";
import type { FaultSpec } from "../../src/faults/fault.ts";
import { VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { Rig } from "../../src/rig/rig.ts";
import type { RigStart } from "../../src/rig/rig-start.ts";
import { memoryPair } from "../../src/transport/memory.ts";
import { Dte } from "../support/dte.ts";
import { OK } from "../support/framing.ts";

/** A rig of one modem without echo, on a line without a medium and a clock that a test moves. */
export async function bench(faults: readonly FaultSpec[] = [], options: Omit<RigStart, "modems" | "clock"> = {}) {
  const clock = new VirtualClock();
  const { module, host } = memoryPair();
  const rig = await Rig.start({ seed: 7, ...options, clock, modems: [{ transport: module }] });
  onTestFinished(() => rig.close());
  const dte = new Dte(host, clock, options.sandbox === true ? "network" : "memory");
  await dte.command("ATE0+CMEE=1\r", `ATE0+CMEE=1\r${OK}`);
  for (const fault of faults) rig.faults.add(fault);
  return { rig, modem: rig.modem("m1"), clock, host, dte, fired: () => rig.faults.list().map(({ fired }) => fired) };
}

/** What a host says to each service until it has reached its server, in the sandbox. */
export const SESSIONS = {
  smtp: ['AT+SMTPSRV="mail";+SMTPFROM="me@a.example";+SMTPRCPT=0,0,"you@a.example";+SMTPBODY="Hi"', "AT+SMTPSEND"],
  pop3: ['AT+POP3SRV="mail","user","password",110', "AT+POP3IN"],
  ftp: ['AT+CFTPSERV="ftp";+CFTPUN="user";+CFTPPW="password";+CFTPMODE=1', 'AT+CFTPGETFILE="/readme.txt",0'],
  http: ["AT", 'AT+CHTTPACT="www",80'],
} as const;
