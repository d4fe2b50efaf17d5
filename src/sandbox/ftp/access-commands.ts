import type { FtpCommands, FtpContext } from "./command.ts";

const ANONYMOUS: readonly string[] = ["anonymous", "ftp"];

/** Commands of the log-in, and those that describe the server. @rfc 959 §4.1.1, 4.1.3 */
export const accessCommands: FtpCommands = {
  USER: {
    anyone: true,
    run(context, argument) {
      context.user = argument;
      context.loggedIn = false;
      return "331 Password required.";
    },
  },
  PASS: {
    anyone: true,
    run(context, argument) {
      if (context.user === undefined) return "503 USER first.";
      if (context.loggedIn) return "202 Already logged in.";
      context.loggedIn = accepts(context, context.user, argument);
      return context.loggedIn ? "230 Logged in." : "530 Login incorrect.";
    },
  },
  ACCT: { anyone: true, run: () => "202 No account needed." },
  QUIT: { anyone: true, run: () => ({ goodbye: "221 Goodbye." }) },
  NOOP: { anyone: true, run: () => "200 OK." },
  SYST: { anyone: true, run: () => "215 UNIX Type: L8" },
  // RFC 2389 §3.2: one feature a line, each after a space.
  FEAT: {
    anyone: true,
    run: ({ tls }) =>
      [
        "211-Features:",
        ...(tls === undefined ? [] : [" AUTH TLS", " PBSZ", " PROT"]),
        " EPRT",
        " EPSV",
        " MDTM",
        " MLST type*;size*;modify*;",
        " REST STREAM",
        " SIZE",
        " TVFS",
        " UTF8",
      ]
        .concat("211 End")
        .join("\r\n"),
  },
  OPTS: {
    anyone: true,
    run(_context, argument) {
      if (/^utf-?8( on)?$/i.test(argument)) return "200 Names are passed as they come.";
      // RFC 3659 §7.9: facts that are not known are left out; we always show all that we have.
      if (/^mlst\b/i.test(argument)) return "200 MLST OPTS type;size;modify;";
      return "501 No such option.";
    },
  },
  HELP: { anyone: true, run: () => "214 See RFC 959, 2389, 2428, 3659 and 4217." },
  ABOR: {
    run(context) {
      context.data.close();
      return "226 Nothing to abort.";
    },
  },
  // RFC 959 §3.1.1: the tree keeps NVT-ASCII as it comes, so that both types move the same bytes.
  TYPE: {
    run(context, argument) {
      const type = /^(?:([AI])(?: N)?|L 8)$/i.exec(argument);
      if (type === null) return "504 Only A, I and L 8.";
      context.type = type[1]?.toUpperCase() === "A" ? "A" : "I";
      return `200 Type is ${context.type}.`;
    },
  },
  MODE: { run: (_context, argument) => (/^s$/i.test(argument) ? "200 Stream mode." : "504 Only S.") },
  STRU: { run: (_context, argument) => (/^f$/i.test(argument) ? "200 File structure." : "504 Only F.") },
  ALLO: { run: () => "202 No need to allocate." },
};

function accepts(context: FtpContext, user: string, password: string): boolean {
  const { users, guests } = context.accounts;
  if (Object.hasOwn(users, user)) return users[user] === password;
  return guests === "anyone" || (guests === "anonymous" && ANONYMOUS.includes(user.toLowerCase()));
}
