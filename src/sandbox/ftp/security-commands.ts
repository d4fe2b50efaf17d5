import type { FtpCommands } from "./command.ts";

/** Names of TLS, and whether data are private without PROT: the drafts before RFC 4217 had it so. */
const MECHANISMS: Readonly<Record<string, boolean>> = { TLS: false, "TLS-C": false, SSL: true, "TLS-P": true };

/** Commands that make the session secure. @rfc 2228, 4217 */
export const securityCommands: FtpCommands = {
  AUTH: {
    anyone: true,
    run(context, argument) {
      const name = argument.toUpperCase();
      if (context.tls === undefined) return "502 No TLS here.";
      if (!Object.hasOwn(MECHANISMS, name)) return "504 Only TLS.";
      if (context.isSecure) return "503 TLS has begun.";
      context.data.protection = MECHANISMS[name] ? context.tls : undefined;
      return { reply: "234 Begin TLS.", secure: context.tls };
    },
  },
  PBSZ: {
    anyone: true,
    run(context, argument) {
      if (!context.isSecure) return "503 AUTH first.";
      if (!/^\d{1,10}$/.test(argument)) return "501 A number of bytes is wanted.";
      context.hasBufferSize = true;
      // RFC 4217 §9: TLS has no buffers of its own.
      return "200 PBSZ=0";
    },
  },
  PROT: {
    anyone: true,
    run(context, argument) {
      if (!context.isSecure) return "503 AUTH first.";
      if (!context.hasBufferSize) return "503 PBSZ first.";
      if (/^[SE]$/i.test(argument)) return "536 Only C and P with TLS.";
      if (!/^[CP]$/i.test(argument)) return "504 Only C and P.";
      const isPrivate = argument.toUpperCase() === "P";
      context.data.protection = isPrivate ? context.tls : undefined;
      return isPrivate ? "200 Data connections are private." : "200 Data connections are clear.";
    },
  },
};
